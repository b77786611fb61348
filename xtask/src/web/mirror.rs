//! Making one folder of generated files equal to another.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Makes `to` hold exactly the files of `from`. A file that is equal already keeps its time, so that whoever
/// watches it is not woken.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let wanted = files(from)?;
    for gone in files(to)?.iter().filter(|file| !wanted.contains(file)) {
        fs::remove_file(to.join(gone))?;
    }
    for file in wanted {
        let (source, destination) = (from.join(&file), to.join(&file));
        let bytes = fs::read(&source)?;
        if fs::read(&destination).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(parent) = destination.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&destination, bytes)
            .with_context(|| format!("could not write {}", destination.display()))?;
    }
    Ok(())
}

/// Every file under a folder, by its path inside the folder, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let here = folder.join(&inside);
        for entry in here.read_dir().with_context(|| format!("could not list {}", here.display()))? {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_holds_the_same_files_and_no_others() {
        let here = std::env::temp_dir().join(format!("doorstep-mirror-{}", std::process::id()));
        let (from, to) = (here.join("from"), here.join("to"));
        fs::create_dir_all(from.join("inner")).unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(from.join("a.ts"), "a").unwrap();
        fs::write(from.join("inner/b.ts"), "b").unwrap();
        fs::write(to.join("stale.ts"), "old").unwrap();
        mirror(&from, &to).unwrap();
        assert_eq!(files(&to).unwrap(), [PathBuf::from("a.ts"), PathBuf::from("inner/b.ts")]);
        assert_eq!(fs::read_to_string(to.join("inner/b.ts")).unwrap(), "b");
        fs::remove_dir_all(&here).unwrap();
    }
}
