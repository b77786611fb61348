//! How long files may be.

use super::Breach;
use super::tree::Tree;

const LONGEST: usize = 400;
const README: usize = 120;

const ENDS: [&str; 7] = [".rs", ".ts", ".svelte", ".css", ".html", ".sql", ".mjs"];

/// Files that are longer for a reason, with the reason.
const LONGER: [(&str, &str); 1] =
    [("core/src/closeout/rules/tests.rs", "one table: every rule beside the case that raises it")];

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    check_but(tree, &LONGER)
}

fn check_but(tree: &Tree, longer: &[(&str, &str)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.files.iter().filter(|file| file.ends_with_any(&ENDS)) {
        let lines = file.text.lines().count();
        if lines > LONGEST && !longer.iter().any(|(path, _)| *path == file.path) {
            breaches.push(Breach::new(&file.path, format!("{lines} lines, more than {LONGEST}")));
        }
    }
    for (path, _) in longer {
        if tree.get(path).is_none_or(|file| file.text.lines().count() <= LONGEST) {
            breaches.push(Breach::new(*path, "is no longer too long: take it off the list"));
        }
    }
    match tree.get("README.md") {
        None => breaches.push(Breach::new("README.md", "is missing")),
        Some(readme) if readme.text.lines().count() > README => {
            breaches.push(Breach::new(
                "README.md",
                format!("{} lines, more than {README}", readme.text.lines().count()),
            ));
        }
        Some(_) => {}
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_more_than_four_hundred_lines_is_named() {
        let (short, long) = ("x\n".repeat(LONGEST), "x\n".repeat(LONGEST + 1));
        let tree = Tree::of(&[("README.md", "x"), ("a.rs", &short), ("b.rs", &long), ("golden.json", &long)]);
        assert_eq!(check_but(&tree, &[]), [Breach::new("b.rs", "401 lines, more than 400")]);
    }

    #[test]
    fn a_readme_must_be_there_and_be_short() {
        assert_eq!(check_but(&Tree::of(&[]), &[]), [Breach::new("README.md", "is missing")]);
        let long = "x\n".repeat(README + 1);
        assert_eq!(check_but(&Tree::of(&[("README.md", &long)]), &[]).len(), 1);
    }

    #[test]
    fn a_file_on_the_list_must_still_be_long() {
        let long = "x\n".repeat(LONGEST + 1);
        let tree = Tree::of(&[("README.md", "x"), ("a.rs", &long), ("b.rs", "x")]);
        let listed = [("a.rs", "a table"), ("b.rs", "was one")];
        assert_eq!(
            check_but(&tree, &listed),
            [Breach::new("b.rs", "is no longer too long: take it off the list")]
        );
    }
}
