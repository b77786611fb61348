//! The weight of the built bundles: the wasm alone, what the technician's first load fetches before a page opens, and all
//! that a phone keeps.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::figure::Figure;

const WASM_LIMIT: u64 = 420_000;
const FIRST_LOAD_LIMIT: u64 = 500_000;
/// With the parts that open later and the heaviest language: what a phone fetches in the first minute. A third more than
/// the first load, so that nothing is put off just because it would be for free.
const SHELL_LIMIT: u64 = 670_000;

/// What reads barcodes where the browser does not: fetched for jobs that want a serial number, and kept.
const SCANNER_LIMIT: u64 = 350_000;

const PAGE: &str = "index.html";
const WORKER: &str = "sw.js";

pub(crate) fn measure(dist: &Path) -> Result<Vec<Figure>> {
    let shell = Shell::of(dist)?;
    let first_files = weights(dist, &shell.files)?;
    // The scanner's module is none of ours, and comes when it is asked for.
    let modules = first_files.iter().filter(|(file, _)| file.ends_with(".wasm"));
    let wasm: u64 = modules.map(|(_, bytes)| bytes).sum();
    if wasm == 0 {
        bail!("{} starts with no wasm", dist.display());
    }
    let mut first = weight(dist, Path::new(WORKER))?;
    for (file, bytes) in first_files {
        eprintln!("{bytes:>9} B  {file}");
        first += bytes;
    }
    let mut whole = first;
    for (file, bytes) in weights(dist, &shell.later)? {
        eprintln!("{bytes:>9} B  {file}, later");
        whole += bytes;
    }
    let (words, scanner): (BTreeMap<_, _>, BTreeMap<_, _>) =
        weights(dist, &shell.asked)?.into_iter().partition(|(file, _)| file.contains("/words-"));
    whole += words.into_values().max().unwrap_or(0);
    Ok(vec![
        Figure::bytes("wasm_brotli", wasm, WASM_LIMIT),
        Figure::bytes("first_load_brotli", first, FIRST_LOAD_LIMIT),
        Figure::bytes("shell_brotli", whole, SHELL_LIMIT),
        Figure::bytes("scanner_brotli", scanner.into_values().sum(), SCANNER_LIMIT),
    ])
}

/// The lists that the build wrote into the service worker: each file's digest by its path.
#[derive(Debug, Deserialize)]
struct Shell {
    files: BTreeMap<String, String>,
    later: BTreeMap<String, String>,
    asked: BTreeMap<String, String>,
}

impl Shell {
    fn of(dist: &Path) -> Result<Self> {
        let worker = dist.join(WORKER);
        let text =
            fs::read_to_string(&worker).with_context(|| format!("could not read {}", worker.display()))?;
        let list = text.lines().next().and_then(|line| {
            let (_, list) = line.split_once(" = ")?;
            serde_json::from_str(list.trim_end_matches(';')).ok()
        });
        list.with_context(|| format!("{} does not begin with its lists", worker.display()))
    }
}

fn weights(dist: &Path, list: &BTreeMap<String, String>) -> Result<BTreeMap<String, u64>> {
    let weigh = |path: &String| {
        let file = if path == "/" { PAGE } else { path.trim_start_matches('/') };
        Ok((file.to_owned(), weight(dist, Path::new(file))?))
    };
    list.keys().map(weigh).collect()
}

/// The bytes that go over the wire: brotli where the build made it, else the file as it is.
fn weight(dist: &Path, file: &Path) -> Result<u64> {
    let mut compressed = dist.join(file).into_os_string();
    compressed.push(".br");
    let sent = fs::metadata(&compressed).or_else(|_| fs::metadata(dist.join(file)));
    Ok(sent.with_context(|| format!("could not measure {}", file.display()))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_later_is_no_first_load_and_one_language_is_counted() {
        let dist = std::env::temp_dir().join(format!("doorstep-dist-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).unwrap();
        let worker = r#"self.DOORSTEP_SHELL = {"version":"1","files":{"/":"","/assets/core.wasm":""},"later":{"/assets/tour.js":""},"asked":{"/assets/decoder.js":"","/assets/words-de.js":"","/assets/words-hi.js":"","/assets/zxing_reader.wasm":""}};
            the rest of the worker"#;
        for (file, text) in [
            ("index.html", "1234567890"),
            ("console.html", "1"),
            ("sw.js", worker),
            ("sw.js.br", "123"),
            ("assets/core.wasm", "123456789"),
            ("assets/core.wasm.br", "12"),
            ("assets/tour.js", "1234"),
            ("assets/decoder.js", "12"),
            ("assets/zxing_reader.wasm", "123"),
            ("assets/words-de.js", "12345"),
            ("assets/words-hi.js", "1234567"),
        ] {
            fs::write(dist.join(file), text).unwrap();
        }
        let figures = measure(&dist).unwrap();
        assert_eq!(figures[0], Figure::bytes("wasm_brotli", 2, WASM_LIMIT));
        assert_eq!(figures[1], Figure::bytes("first_load_brotli", 3 + 10 + 2, FIRST_LOAD_LIMIT));
        assert_eq!(figures[2], Figure::bytes("shell_brotli", 15 + 4 + 7, SHELL_LIMIT));
        assert_eq!(figures[3], Figure::bytes("scanner_brotli", 5, SCANNER_LIMIT));
        fs::remove_dir_all(&dist).unwrap();
    }
}
