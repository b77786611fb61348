//! The weight of the built bundles: the wasm alone, and everything the technician's first load fetches.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::figure::Figure;
use crate::web::mirror::files;

const WASM_LIMIT: u64 = 420_000;
const FIRST_LOAD_LIMIT: u64 = 500_000;

/// Where the technician's first load begins: the page, and the worker whose list it fetches ahead.
const ENTRIES: [&str; 2] = ["index.html", "sw.js"];

pub(crate) fn measure(dist: &Path) -> Result<Vec<Figure>> {
    let all: BTreeSet<PathBuf> = files(dist)?.into_iter().collect();
    let modules: Vec<_> =
        all.iter().filter(|file| file.extension().is_some_and(|end| end == "wasm")).collect();
    if modules.is_empty() {
        bail!("{} holds no wasm", dist.display());
    }
    let wasm = modules.into_iter().map(|file| weight(dist, file)).sum::<Result<u64>>()?;
    let load = first_load(dist, &all)?;
    for file in &load {
        eprintln!("{:>9} B  {}", weight(dist, file)?, file.display());
    }
    let first = load.iter().map(|file| weight(dist, file)).sum::<Result<u64>>()?;
    Ok(vec![
        Figure::bytes("wasm_brotli", wasm, WASM_LIMIT),
        Figure::bytes("first_load_brotli", first, FIRST_LOAD_LIMIT),
    ])
}

/// The bytes that go over the wire: brotli where the build made it, else the file as it is.
fn weight(dist: &Path, file: &Path) -> Result<u64> {
    let mut compressed = dist.join(file).into_os_string();
    compressed.push(".br");
    let sent = fs::metadata(&compressed).or_else(|_| fs::metadata(dist.join(file)));
    Ok(sent.with_context(|| format!("could not measure {}", file.display()))?.len())
}

/// Every file that is reached from the entries by a name in a text.
fn first_load(dist: &Path, all: &BTreeSet<PathBuf>) -> Result<BTreeSet<PathBuf>> {
    let page = Path::new(ENTRIES[0]);
    if !all.contains(page) {
        bail!("{} holds no {}", dist.display(), page.display());
    }
    let mut waiting: Vec<PathBuf> =
        ENTRIES.iter().map(PathBuf::from).filter(|entry| all.contains(entry)).collect();
    let mut found = BTreeSet::new();
    while let Some(file) = waiting.pop() {
        if is_text(&file) {
            let text = fs::read_to_string(dist.join(&file))
                .with_context(|| format!("could not read {}", file.display()))?;
            waiting.extend(
                named(&file, &text, all).into_iter().filter(|next| !found.contains(next) && *next != file),
            );
        }
        found.insert(file);
    }
    Ok(found)
}

fn is_text(file: &Path) -> bool {
    file.extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| matches!(end, "html" | "js" | "mjs" | "css" | "webmanifest"))
}

/// The files that a text names between quotes or in `url(…)`: from the root, beside itself, or, as bundlers
/// write their lists of what to fetch ahead, from the root without a slash.
fn named(file: &Path, text: &str, all: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let beside = file.parent().unwrap_or(Path::new(""));
    text.split(['"', '\'', '`', '(', ')'])
        .filter(|name| name.len() < 200 && name.contains('.') && !name.contains("://"))
        .filter_map(|name| {
            let name = name.split(['?', '#']).next()?;
            let absolute = Path::new(name.trim_start_matches('/'));
            [normal(&beside.join(name)), normal(absolute)]
                .into_iter()
                .flatten()
                .find(|path| all.contains(path))
        })
        .filter(|path| path.extension().is_none_or(|end| end != "br"))
        .collect()
}

/// The path without `.` and `..`; nothing when it leaves the folder or starts at the root.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_page_names_its_scripts_styles_and_icon() {
        let all = set(&["index.html", "assets/index-1.js", "assets/index-2.css", "icon.svg", "console.html"]);
        let text = r#"<link rel=icon href="/icon.svg?v=1"><link href='./assets/index-2.css'>
            <script type="module" src="/assets/index-1.js"></script><a href="https://example.com/x.js">"#;
        assert_eq!(
            named(Path::new("index.html"), text, &all),
            set(&["icon.svg", "assets/index-1.js", "assets/index-2.css"])
        );
    }

    #[test]
    fn a_script_names_its_neighbours_and_its_wasm() {
        let all =
            set(&["assets/a.js", "assets/b.js", "assets/c.js", "assets/core.wasm", "assets/core.wasm.br"]);
        let text = r#"import("./b.js"),deps(["assets/c.js"]),new URL(`/assets/core.wasm`,base),"x.y""#;
        assert_eq!(
            named(Path::new("assets/a.js"), text, &all),
            set(&["assets/b.js", "assets/c.js", "assets/core.wasm"])
        );
    }

    #[test]
    fn the_list_of_the_worker_counts_and_the_other_page_does_not() {
        let dist = std::env::temp_dir().join(format!("doorstep-dist-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).unwrap();
        for (file, text) in [
            ("index.html", r#"<script src="/assets/phone.js"></script>"#),
            ("console.html", r#"<script src="/assets/console.js"></script>"#),
            ("sw.js", r#"self.precache=[{"url":"/assets/core.wasm"},{"url":"/assets/phone.js"}]"#),
            ("assets/phone.js", "12345"),
            ("assets/console.js", "1"),
            ("assets/core.wasm", "123456789"),
            ("assets/core.wasm.br", "12"),
        ] {
            fs::write(dist.join(file), text).unwrap();
        }
        let all = files(&dist).unwrap().into_iter().collect();
        let load = first_load(&dist, &all).unwrap();
        assert_eq!(load, set(&["index.html", "sw.js", "assets/phone.js", "assets/core.wasm"]));
        let figures = measure(&dist).unwrap();
        assert_eq!(figures[0], Figure::bytes("wasm_brotli", 2, WASM_LIMIT));
        assert_eq!(figures[1], Figure::bytes("first_load_brotli", 40 + 70 + 5 + 2, FIRST_LOAD_LIMIT));
        fs::remove_dir_all(&dist).unwrap();
    }
}
