//! npm packages, installed from the lock file and only when it changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::run;
use crate::machine;

/// Lies in `node_modules`, which `npm ci` removes first: an install that broke off leaves no stamp.
const STAMP: &str = "node_modules/.installed-from";

/// Installs what the lock file in `folder` names, unless exactly that is installed.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let wanted = [read(&folder.join("package.json"))?, read(&folder.join("package-lock.json"))?].concat();
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(npm(folder)?.args(["ci", "--no-audit", "--no-fund"]))?;
    // `npm ci` makes no folder when there is nothing to install.
    fs::create_dir_all(folder.join("node_modules"))?;
    fs::write(&stamp, wanted).with_context(|| format!("could not write {}", stamp.display()))
}

/// Runs a script of the `package.json` in `folder`.
pub(crate) fn script(folder: &Path, name: &str) -> Result<()> {
    run(npm(folder)?.args(["run", name]))
}

fn npm(folder: &Path) -> Result<Command> {
    let mut command = Command::new(machine::npm()?);
    command.current_dir(folder);
    Ok(command)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read {}", file.display()))
}
