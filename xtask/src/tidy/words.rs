//! What must not be written: words that do not help a technician, tests that are left out, the wasm loaded by
//! more than one door.

use super::Breach;
use super::tree::{Text, Tree};

/// What a person in front of a screen must not read.
const UNKIND: [&str; 7] =
    ["oops", "invalid input", "please", "bitte", "por favor", "s’il vous plaît", "कृपया"];

/// What leaves a test out, or leaves out all others. Written in parts, since this file is read as well.
const LEFT_OUT_RUST: [&str; 1] = [concat!("#[ig", "nore")];
const LEFT_OUT_STORIES: [&str; 3] =
    [concat!(".on", "ly("), concat!("test.sk", "ip("), concat!("test.fi", "xme(")];

/// The one file that loads the wasm.
const DOOR: &str = "web/src/phone/core.ts";

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.under("web/") {
        if file.ends_with_any(&[".svelte", ".ts", ".html"]) {
            find(file, &mut breaches, |line| {
                let line = line.to_lowercase();
                UNKIND.iter().find(|word| has_word(&line, word)).map(|word| format!("says “{word}”"))
            });
        }
        if file.path.starts_with("web/src/") && file.path != DOOR && file.ends_with_any(&[".svelte", ".ts"]) {
            find(file, &mut breaches, |line| {
                loads_wasm(line).then(|| format!("loads the wasm, which only {DOOR} may"))
            });
        }
    }
    for file in &tree.files {
        let marks: &[&str] = match file.path.rsplit('.').next() {
            Some("rs") => &LEFT_OUT_RUST,
            Some("ts" | "mjs") => &LEFT_OUT_STORIES,
            _ => continue,
        };
        find(file, &mut breaches, |line| {
            marks.iter().find(|mark| line.contains(*mark)).map(|mark| format!("`{mark}` leaves tests out"))
        });
    }
    breaches
}

fn find(file: &Text, breaches: &mut Vec<Breach>, problem: impl Fn(&str) -> Option<String>) {
    for (number, line) in file.text.lines().enumerate() {
        if let Some(what) = problem(line) {
            breaches.push(Breach::new(format_args!("{}:{}", file.path, number + 1), what));
        }
    }
}

/// Whether the word stands in the line by itself.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Whether a line names a module of the generated wasm package between quotes.
fn loads_wasm(line: &str) -> bool {
    line.split(['"', '\'', '`'])
        .skip(1)
        .step_by(2)
        .any(|name| name.starts_with('.') && name.split('/').any(|part| part == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|breach| breach.place).collect()
    }

    #[test]
    fn unkind_words_are_found_as_whole_words() {
        let text = "fine\n<p>Please wait</p>\nconst pleased = 1;";
        assert_eq!(
            places(&[("web/src/phone/A.svelte", text), ("core/src/lib.rs", "// please")]),
            ["web/src/phone/A.svelte:2"]
        );
    }

    #[test]
    fn only_one_file_loads_the_wasm() {
        let line = "import init from '../wasm/doorstep';";
        assert_eq!(places(&[("web/src/phone/core.ts", line), ("web/src/sw.ts", line)]), ["web/src/sw.ts:1"]);
        assert_eq!(places(&[("web/src/sw.ts", "fetch('/assets/wasm');")]).len(), 0);
    }

    #[test]
    fn a_test_that_is_left_out_is_found() {
        let rust = concat!("#[ig", "nore]\nfn f() {}");
        let story = concat!("test.on", "ly('x', f)");
        assert_eq!(
            places(&[("core/tests/a.rs", rust), ("tests/web/a.spec.ts", story)]),
            ["core/tests/a.rs:1", "tests/web/a.spec.ts:1"]
        );
    }
}
