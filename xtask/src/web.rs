//! `cargo xtask web`: everything the browser loads.

pub(crate) mod mirror;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::command::{cargo, run};
use crate::{npm, root, tools};
use mirror::mirror;

#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Options {
    /// For `npm run dev` in web/: the wasm unoptimised with its names, no bundles.
    #[arg(long)]
    pub(crate) dev: bool,
}

pub(crate) fn build(root: &Path, options: Options) -> Result<()> {
    let web = root.join("web");
    core(root, options)?;
    types(root)?;
    npm::install(&web)?;
    if options.dev {
        eprintln!("web/ is ready: npm run dev");
        return Ok(());
    }
    npm::script(&web, "build")
}

/// web/src/wasm: the core for the browser and the JavaScript that loads it.
fn core(root: &Path, options: Options) -> Result<()> {
    tools::wasm_target(root)?;
    let bindgen = tools::wasm_bindgen(root)?;
    let (profile, folder) = if options.dev { ("dev", "debug") } else { ("wasm", "wasm") };
    run(cargo(root).args([
        "build",
        "-p",
        "doorstep-wasm",
        "--lib",
        "--target",
        tools::WASM,
        "--profile",
        profile,
    ]))?;

    let built = root::target(root).join(tools::WASM).join(folder).join("doorstep_wasm.wasm");
    let stage = Stage::new(root)?;
    let out = stage.folder.join("out");
    if !stage.is_of(&built, profile)? {
        stage.clear()?;
        run(Command::new(bindgen.join("wasm-bindgen"))
            .args(["--target", "web", "--out-name", "doorstep", "--out-dir"])
            .arg(&out)
            .arg(&built))?;
        if !options.dev {
            let module = out.join("doorstep_bg.wasm");
            let small = stage.folder.join("small.wasm");
            tools::wasm_opt(root, &module, &small)?;
            fs::rename(&small, &module)?;
        }
        stage.remember(&built, profile)?;
    }
    mirror(&out, &root.join("web/src/wasm"))
}

/// web/src/generated: the TypeScript of the types that cross to the browser, written by a test of each type.
fn types(root: &Path) -> Result<()> {
    let out = root::target(root).join("xtask/generated");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    run(cargo(root)
        .args([
            "test",
            "--quiet",
            "-p",
            "doorstep-core",
            "--lib",
            "--features",
            "typescript",
            "export_bindings",
        ])
        .env("TS_RS_EXPORT_DIR", &out))?;
    mirror(&out, &root.join("web/src/generated"))
}

/// Where the module is shrunk, and which module that was: shrinking takes longer than comparing.
struct Stage {
    folder: PathBuf,
}

impl Stage {
    fn new(root: &Path) -> Result<Self> {
        let folder = root::target(root).join("xtask/wasm");
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Whether what lies here was made from exactly this module, in this profile, by these tools.
    fn is_of(&self, built: &Path, profile: &str) -> Result<bool> {
        let module = fs::read(built).with_context(|| format!("could not read {}", built.display()))?;
        Ok(fs::read(self.seen()).is_ok_and(|seen| seen == module)
            && fs::read_to_string(self.made_by()).is_ok_and(|by| by == Self::recipe(profile)))
    }

    fn remember(&self, built: &Path, profile: &str) -> Result<()> {
        fs::copy(built, self.seen())?;
        fs::write(self.made_by(), Self::recipe(profile))?;
        Ok(())
    }

    fn clear(&self) -> Result<()> {
        fs::remove_dir_all(&self.folder)?;
        Ok(fs::create_dir_all(&self.folder)?)
    }

    fn seen(&self) -> PathBuf {
        self.folder.join("seen.wasm")
    }

    fn made_by(&self) -> PathBuf {
        self.folder.join("made-by")
    }

    /// Changes with the profile, the pinned tools and this file.
    fn recipe(profile: &str) -> String {
        [profile, include_str!("../tools/package-lock.json"), include_str!("tools.rs")].join("\n")
    }
}
