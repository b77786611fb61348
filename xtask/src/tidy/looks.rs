//! The screens that are looked at: every part of both applications is seen by a browser story, which asks axe what
//! keeps people out of it. The story itself finds the part on the screen that the table says it is on.

use super::Breach;
use super::tree::Tree;

const TABLE: &str = "tests/web/parts.ts";
const APPLICATIONS: &str = "web/src/";
const STORIES: [&str; 2] = ["tests/web/stories/", "tests/web/engines/"];

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let Some(table) = tree.get(TABLE) else { return vec![Breach::new(TABLE, "is missing")] };
    let rows: Vec<Row<'_>> = table.text.lines().enumerate().filter_map(Row::of).collect();
    let mut breaches = Vec::new();
    for part in tree.under(APPLICATIONS).filter(|file| file.ends_with_any(&[".svelte"])) {
        let name = &part.path[APPLICATIONS.len()..];
        if !rows.iter().any(|row| row.part == name && !row.looks.is_empty()) {
            breaches.push(Breach::new(
                &part.path,
                format!("is on no screen that is looked at: take a `look` and name it in {TABLE}"),
            ));
        }
    }
    for row in &rows {
        let place = || format!("{TABLE}:{}", row.line);
        if tree.get(&format!("{APPLICATIONS}{}", row.part)).is_none() {
            breaches.push(Breach::new(place(), format!("{} is no part any more", row.part)));
        }
        for look in &row.looks {
            let quoted = format!("'{look}'");
            let mut stories = STORIES.iter().flat_map(|folder| tree.under(folder));
            if !stories.any(|story| story.text.contains(&quoted)) {
                breaches.push(Breach::new(place(), format!("no story takes the look {look}")));
            }
        }
    }
    breaches
}

/// One part, by its file below the applications, and the looks it is seen in.
struct Row<'table> {
    line: usize,
    part: &'table str,
    looks: Vec<&'table str>,
}

impl<'table> Row<'table> {
    /// A row is a line: the part, what shows it, and the names of looks, all between quotes.
    fn of((number, line): (usize, &'table str)) -> Option<Self> {
        let rest = line.strip_prefix("  '")?;
        let (part, rest) = rest.split_once("': [")?;
        Some(Self { line: number + 1, part, looks: rest.split('\'').skip(1).step_by(2).skip(1).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_nobody_looks_at_is_named() {
        let table = "export const PARTS = {\n  'phone/A.svelte': ['main', 'phone-a'],\n  'phone/Gone.svelte': ['p', 'phone-b'],\n  'phone/B.svelte': ['[name=\"b\"]'],\n};";
        let tree = Tree::of(&[
            (TABLE, table),
            ("tests/web/stories/a.spec.ts", "await look(page, 'phone-a');"),
            ("web/src/phone/A.svelte", ""),
            ("web/src/phone/B.svelte", ""),
            ("web/src/phone/C.svelte", ""),
            ("web/src/phone/d.ts", ""),
        ]);
        let unseen = "is on no screen that is looked at: take a `look` and name it in tests/web/parts.ts";
        assert_eq!(
            check(&tree),
            [
                Breach::new("web/src/phone/B.svelte", unseen),
                Breach::new("web/src/phone/C.svelte", unseen),
                Breach::new("tests/web/parts.ts:3", "phone/Gone.svelte is no part any more"),
                Breach::new("tests/web/parts.ts:3", "no story takes the look phone-b"),
            ]
        );
    }

    #[test]
    fn the_table_is_there() {
        assert_eq!(check(&Tree::of(&[])), [Breach::new(TABLE, "is missing")]);
    }
}
