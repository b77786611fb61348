//! `cargo xtask tidy`: the conventions that no compiler checks. Every breach is listed, not the first alone.

mod dependencies;
mod length;
mod lessons;
mod looks;
mod migrations;
mod sides;
mod tree;
mod words;

use std::fmt::{self, Display};
use std::path::Path;

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use tree::Tree;

/// One place where a convention is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Breach {
    place: String,
    what: String,
}

impl Breach {
    fn new(place: impl Display, what: impl Into<String>) -> Self {
        Self { place: place.to_string(), what: what.into() }
    }
}

impl Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What was looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    pub(crate) files: u64,
}

impl Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files keep the conventions", self.files)
    }
}

pub(crate) fn run(root: &Path) -> Result<Checked> {
    let tree = Tree::read(root)?;
    let mut breaches = Vec::new();
    breaches.extend(dependencies::check(&Metadata::read(root)?));
    breaches.extend(length::check(&tree));
    breaches.extend(lessons::check(&tree));
    breaches.extend(looks::check(&tree));
    breaches.extend(sides::check(&tree));
    breaches.extend(words::check(&tree));
    breaches.extend(migrations::check(&tree, root)?);
    breaches.sort();
    for breach in &breaches {
        eprintln!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches of the conventions", breaches.len());
    }
    Ok(Checked { files: u64::try_from(tree.files.len())? })
}
