//! The tools between rustc and the bundler: the wasm target, wasm-bindgen, wasm-opt. All are pinned, all lie
//! in target/tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{answer, cargo, run};
use crate::{npm, root};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The features that rustc turns on for [`WASM`], one by one: with `--all-features` wasm-opt writes modules
/// that browsers do not load.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What makes the module small on its way to the phone, which is not what makes it small on disk: functions that
/// stay apart look alike, and instructions that all claim the same alignment do as well (docs/decisions/0018).
/// Sorted by their names, functions that came of one generic lie side by side, which is worth 9 KB.
const SHRINK: [&str; 6] = [
    "-Os",
    "--converge",
    "--one-caller-inline-max-function-size=0",
    "--low-memory-unused",
    "--dealign",
    "--reorder-functions-by-name",
];

/// Sees to it that rustc has the standard library for the browser.
pub(crate) fn wasm_target(root: &Path) -> Result<()> {
    let library =
        answer(Command::new("rustc").current_dir(root).args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    run(Command::new("rustup").current_dir(root).args(["target", "add", WASM]))
        .with_context(|| format!("rustc cannot build for {WASM}"))
}

/// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`, of exactly the library's version.
pub(crate) fn wasm_bindgen(root: &Path) -> Result<PathBuf> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("could not read Cargo.lock")?;
    let version = locked(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    let tools = root::tools(root);
    let folder = tools.join("bin");
    let wanted = format!("wasm-bindgen {version}");
    let installed = answer(Command::new(folder.join("wasm-bindgen")).arg("--version"));
    if installed.is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    // Not --locked: the tool's own lock file does not build with newer compilers. It works for a second and is built
    // for minutes, so unoptimised, and without TLS: the only address it asks is the driver's, on this machine.
    run(cargo(root)
        .args(["install", "wasm-bindgen-cli", "--version", version, "--debug", "--no-default-features"])
        .args(["--force", "--root"])
        .arg(&tools)
        .env("CARGO_PROFILE_DEV_DEBUG", "false"))?;
    Ok(folder)
}

/// The version of a package in a Cargo.lock.
fn locked<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Makes a module small, without what only a debugger reads.
pub(crate) fn wasm_opt(root: &Path, from: &Path, to: &Path) -> Result<()> {
    let home = root::tools(root).join("npm");
    fs::create_dir_all(&home)?;
    for file in ["package.json", "package-lock.json"] {
        let pinned = root.join("xtask/tools").join(file);
        fs::copy(&pinned, home.join(file)).with_context(|| format!("could not copy {}", pinned.display()))?;
    }
    npm::install(&home)?;
    run(Command::new(home.join("node_modules/.bin/wasm-opt"))
        .args(SHRINK)
        .args(FEATURES)
        .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
        .arg(from)
        .arg("-o")
        .arg(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_locked_package_is_found_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "bindgen"), None);
    }
}
