//! The texts of the repository, as git sees them: what is ignored or generated is not read.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::answer;

#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) files: Vec<Text>,
}

#[derive(Debug)]
pub(crate) struct Text {
    /// From the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let listed = answer(Command::new("git").current_dir(root).args([
            "-c",
            "core.quotepath=off",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ]))
        .context("the conventions are checked in a git checkout")?;
        let mut files = Vec::new();
        for path in listed.lines() {
            let bytes = match fs::read(root.join(path)) {
                Ok(bytes) => bytes,
                // Deleted, and not yet committed as deleted.
                Err(problem) if problem.kind() == ErrorKind::NotFound => continue,
                Err(problem) => return Err(problem).with_context(|| format!("could not read {path}")),
            };
            // Pictures and golden bytes are no texts.
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(Text { path: path.to_owned(), text });
            }
        }
        Ok(Self { files })
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Text> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files below a folder, whose name ends with `/`.
    pub(crate) fn under(&self, folder: &str) -> impl Iterator<Item = &Text> {
        self.files.iter().filter(move |file| file.path.starts_with(folder))
    }
}

impl Text {
    pub(crate) fn ends_with_any(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.path.ends_with(end))
    }
}

#[cfg(test)]
impl Tree {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| Text { path: (*path).into(), text: (*text).into() });
        Self { files: files.collect() }
    }
}
