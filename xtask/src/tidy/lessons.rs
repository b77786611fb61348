//! The tests that the table of field lessons names: each is where the table says.

use super::Breach;
use super::tree::Tree;

const TABLE: &str = "docs/FIELD-LESSONS.md";
/// Between the file of a test and its name.
const IN: &str = " › ";

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let Some(table) = tree.get(TABLE) else { return vec![Breach::new(TABLE, "is missing")] };
    let mut breaches = Vec::new();
    for (number, line) in table.text.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        for (path, name) in quoted.filter_map(|named| named.split_once(IN)) {
            if tree.get(path).is_none_or(|file| !file.text.contains(name)) {
                breaches.push(Breach::new(
                    format_args!("{TABLE}:{}", number + 1),
                    format!("{path} has no test “{name}”"),
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_is_named() {
        let table = "| 1 | `a.rs › one_holds`, `b.rs › gone` | passes |\n| 2 | `cargo test` |";
        let tree = Tree::of(&[(TABLE, table), ("a.rs", "fn one_holds() {}"), ("b.rs", "fn other() {}")]);
        assert_eq!(check(&tree), [Breach::new("docs/FIELD-LESSONS.md:1", "b.rs has no test “gone”")]);
    }

    #[test]
    fn the_table_is_there() {
        assert_eq!(check(&Tree::of(&[])), [Breach::new(TABLE, "is missing")]);
    }
}
