//! Migrations: the same files for both engines, and what was released is never edited.
//!
//! `migrations/RELEASED`, once there is a release, holds one line per released file: what `git hash-object` says
//! of it, and its path below migrations/. A release adds lines; nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Breach;
use super::tree::Tree;
use crate::command::answer;

const RELEASED: &str = "migrations/RELEASED";
const ENGINES: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

pub(crate) fn check(tree: &Tree, root: &Path) -> Result<Vec<Breach>> {
    let mut breaches = same_names(tree);
    let Some(list) = tree.get(RELEASED) else { return Ok(breaches) };
    let (released, malformed) = released(&list.text);
    breaches.extend(malformed);
    let mut now = BTreeMap::new();
    for path in released.keys() {
        let path = format!("migrations/{path}");
        if tree.get(&path).is_some() {
            let id = answer(Command::new("git").current_dir(root).args(["hash-object", &path]))
                .with_context(|| format!("could not hash {path}"))?;
            now.insert(path.trim_start_matches("migrations/").to_owned(), id);
        }
    }
    breaches.extend(unchanged(&released, &now));
    Ok(breaches)
}

fn same_names(tree: &Tree) -> Vec<Breach> {
    let [sqlite, postgres] = ENGINES.map(|engine| {
        tree.under(engine).filter_map(|file| file.path.strip_prefix(engine)).collect::<BTreeSet<_>>()
    });
    let missing = |here: &BTreeSet<&str>, there: &BTreeSet<&str>, engine: &str| {
        there
            .difference(here)
            .map(|name| Breach::new(format_args!("{engine}{name}"), "is missing: the other engine has it"))
            .collect::<Vec<_>>()
    };
    let mut breaches = missing(&sqlite, &postgres, ENGINES[0]);
    breaches.extend(missing(&postgres, &sqlite, ENGINES[1]));
    breaches
}

/// Object ids by path, and the lines that are neither.
fn released(text: &str) -> (BTreeMap<String, String>, Vec<Breach>) {
    let mut files = BTreeMap::new();
    let mut malformed = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [id, path] => {
                files.insert(path.to_owned(), id.to_owned());
            }
            _ => malformed.push(Breach::new(RELEASED, format!("`{line}` is no object id and path"))),
        }
    }
    (files, malformed)
}

fn unchanged(released: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<Breach> {
    released
        .iter()
        .filter_map(|(path, id)| {
            let place = format!("migrations/{path}");
            match now.get(path) {
                None => Some(Breach::new(place, "was released and is gone")),
                Some(found) if found != id => {
                    Some(Breach::new(place, "was released and has changed: add a new migration"))
                }
                Some(_) => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_the_same_migrations() {
        let tree = Tree::of(&[
            ("migrations/sqlite/0001_first.sql", ""),
            ("migrations/postgres/0001_first.sql", ""),
            ("migrations/sqlite/0002_second.sql", ""),
        ]);
        let breaches = same_names(&tree);
        assert_eq!(breaches.len(), 1);
        assert_eq!(breaches[0].place, "migrations/postgres/0002_second.sql");
    }

    #[test]
    fn a_released_migration_stays_as_it_was() {
        let (released, malformed) =
            released("# first release\nabc sqlite/1.sql\ndef sqlite/2.sql\nnonsense\n");
        assert_eq!(malformed.len(), 1);
        let now = |second: &str| {
            BTreeMap::from([
                ("sqlite/1.sql".to_owned(), "abc".to_owned()),
                ("sqlite/2.sql".to_owned(), second.to_owned()),
            ])
        };
        assert_eq!(unchanged(&released, &now("def")), []);
        assert_eq!(unchanged(&released, &now("changed")).len(), 1);
        assert_eq!(unchanged(&released, &BTreeMap::new()).len(), 2);
    }
}
