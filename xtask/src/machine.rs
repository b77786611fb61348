//! What the machine must have that cargo and npm do not bring: looked for, installed where that is possible,
//! else named in one line.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{answer, run};

/// The first of these programs that is on the PATH.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    })
}

/// Whether we may install packages and must start PostgreSQL as somebody else.
pub(crate) fn is_root() -> Result<bool> {
    Ok(answer(Command::new("id").arg("-u"))? == "0")
}

/// What `look` finds, after installing `packages` if it finds nothing at first.
pub(crate) fn ensure<T>(what: &str, packages: &[&str], look: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = look() {
        return Ok(found);
    }
    let wanted = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !is_root()? || program(&["apt-get"]).is_none() {
        bail!("{what} is missing: install it, on Debian with `{wanted}`");
    }
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    look().with_context(|| format!("{what} is still missing after `{wanted}`"))
}

fn apt(arguments: &[&str]) -> Result<()> {
    run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The browser of the browser tests: what `DOORSTEP_CHROMIUM` names, else one on the PATH.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("DOORSTEP_CHROMIUM") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("DOORSTEP_CHROMIUM names {}, which is not there", named.display());
        }
        return Ok(named);
    }
    ensure("Chromium", &["chromium"], || {
        program(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"])
    })
}

/// What drives the browser for the tests of the wasm crate: what `CHROMEDRIVER` names, else one on the PATH.
pub(crate) fn chromedriver() -> Result<PathBuf> {
    match std::env::var_os("CHROMEDRIVER") {
        Some(named) => Ok(PathBuf::from(named)),
        None => ensure("ChromeDriver", &["chromium", "chromium-driver"], || program(&["chromedriver"])),
    }
}

/// What the stories in WebKit run on: WebKitGTK's browser is started by its driver and wants a display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebKit {
    pub(crate) driver: PathBuf,
    pub(crate) display: PathBuf,
}

pub(crate) fn webkit() -> Result<WebKit> {
    ensure("WebKitWebDriver or Xvfb", &["webkit2gtk-driver", "xvfb"], || {
        Some(WebKit { driver: program(&["WebKitWebDriver"])?, display: program(&["Xvfb"])? })
    })
}

/// A font with Japanese characters: without one their place is empty on every screen.
pub(crate) fn japanese() -> Result<()> {
    ensure("a font for Japanese", &["fontconfig", "fonts-noto-cjk"], || {
        let fonts = answer(Command::new(program(&["fc-list"])?).arg(":lang=ja")).ok()?;
        (!fonts.is_empty()).then_some(())
    })
}

/// The oldest Node.js that the bundler runs on.
const NODE: (u32, u32) = (20, 19);

pub(crate) fn npm() -> Result<PathBuf> {
    let npm = ensure("npm", &["nodejs", "npm"], || {
        program(&["node"])?;
        program(&["npm"])
    })?;
    let version = answer(Command::new("node").arg("--version"))?;
    if node_version(&version).is_none_or(|found| found < NODE) {
        bail!("Node.js {version} is too old: {}.{} or newer is needed", NODE.0, NODE.1);
    }
    Ok(npm)
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The folder with `initdb` and `postgres`: Debian keeps them off the PATH, one folder per version.
pub(crate) fn postgres() -> Result<PathBuf> {
    ensure("PostgreSQL", &["postgresql"], || {
        newest(Path::new("/usr/lib/postgresql")).or_else(|| {
            let initdb = program(&["initdb"])?.canonicalize().ok()?;
            let folder = initdb.parent()?;
            folder.join("postgres").is_file().then(|| folder.to_owned())
        })
    })
}

fn newest(versions: &Path) -> Option<PathBuf> {
    let folders = versions.read_dir().ok()?.filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path().join("bin");
        (folder.join("initdb").is_file() && folder.join("postgres").is_file()).then_some((version, folder))
    });
    folders.max().map(|(_, folder)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_compared_by_its_numbers() {
        assert_eq!(node_version("v20.19.3"), Some((20, 19)));
        assert!(node_version("v9.99.0").unwrap() < NODE);
        assert_eq!(node_version("unknown"), None);
    }

    #[test]
    fn what_nothing_installs_is_named_in_one_line() {
        assert_eq!(ensure("sh", &["dash"], || program(&["sh"])).unwrap(), program(&["sh"]).unwrap());
        assert_eq!(program(&["no-such-program-anywhere"]), None);
    }
}
