//! The folders the commands work in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout, two levels above this crate's manifest's file.
pub(crate) fn find() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .context("the xtask crate lies in no workspace")
}

/// Where cargo puts what it builds. The commands set it for every cargo they start.
pub(crate) fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// Where the commands keep the tools they install.
pub(crate) fn tools(root: &Path) -> PathBuf {
    target(root).join("tools")
}
