//! A PostgreSQL of our own for the tests: fresh, on loopback, without fsync, gone afterwards.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};

use crate::children::{Child, Farewell, Speaks};
use crate::command::{answer, run};
use crate::{machine, root};

/// Times a port that was free a moment ago may be taken before we give up.
const ATTEMPTS: usize = 3;

#[derive(Debug)]
pub(crate) struct Postgres {
    /// Declared first, so that the server has ended before its folder goes.
    _server: Child,
    _folder: Folder,
    url: String,
}

impl Postgres {
    pub(crate) fn start(root: &Path) -> Result<Self> {
        let programs = machine::postgres()?;
        let owner = Owner::find()?;
        let folder = Folder::make(root, owner.as_ref())?;
        let data = folder.0.join("data");
        run(owned(&programs.join("initdb"), owner.as_ref())
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg("--pgdata")
            .arg(&data)
            .current_dir(&folder.0))?;
        let mut refusal = anyhow!("no port was tried");
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let mut command = owned(&programs.join("postgres"), owner.as_ref());
            command.arg("-D").arg(&data).args(settings(port)).env("LC_MESSAGES", "C").current_dir(&folder.0);
            let log = fs::File::create(folder.0.join("log"))?;
            match serve(&mut command, log) {
                Ok(server) => {
                    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
                    return Ok(Self { _server: server, _folder: folder, url });
                }
                Err(problem) => {
                    let log = fs::read_to_string(folder.0.join("log")).unwrap_or_default();
                    refusal = problem.context(log);
                }
            }
        }
        Err(refusal)
    }

    /// A database whose user may create more of them.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn serve(command: &mut Command, mut log: fs::File) -> Result<Child> {
    use std::io::Write;
    let ready = |line: &str| line.contains("database system is ready to accept connections").then_some(());
    let keep = move |line: &str| {
        if let Err(problem) = writeln!(log, "{line}") {
            eprintln!("postgres: {line} (not logged: {problem})");
        }
    };
    // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    let manners = (Speaks::Stderr, Farewell::Interrupt);
    Child::start("PostgreSQL", command, manners, None, ready, keep).map(|(server, ())| server)
}

/// No sockets in the file system: their paths are short of room, and loopback is enough. Nothing is synced,
/// since nobody will read these data after a crash.
fn settings(port: u16) -> Vec<String> {
    [
        ("port", port.to_string().as_str()),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("max_connections", "200"),
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("logging_collector", "off"),
    ]
    .iter()
    .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
    .collect()
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whom PostgreSQL runs as when we are root, which it refuses.
#[derive(Debug)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    fn find() -> Result<Option<Self>> {
        if !machine::is_root()? {
            return Ok(None);
        }
        for name in ["postgres", "nobody"] {
            let id = |which| answer(Command::new("id").args([which, name]));
            if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
                return Ok(Some(Self { user: user.parse()?, group: group.parse()? }));
            }
        }
        Err(anyhow!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`"))
    }
}

fn owned(program: &Path, owner: Option<&Owner>) -> Command {
    let mut command = Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.user).gid(owner.group);
    }
    command
}

/// The cluster's folder, removed in the end.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    /// In target/ where its owner can get there, else among the temporary files.
    fn make(root: &Path, owner: Option<&Owner>) -> Result<Self> {
        let name = format!("pg-{}", std::process::id());
        let preferred = root::target(root).join("test");
        fs::create_dir_all(&preferred)?;
        let parent =
            if owner.is_none() || open_to_all(&preferred)? { preferred } else { std::env::temp_dir() };
        let folder = parent.join(format!("doorstep-{name}"));
        fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        let folder = Self(folder);
        if let Some(owner) = owner {
            chown(&folder.0, Some(owner.user), Some(owner.group))?;
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(problem) = fs::remove_dir_all(&self.0) {
            eprintln!("could not remove {}: {problem}", self.0.display());
        }
    }
}

/// Whether anybody may pass through the folder and everything above it.
fn open_to_all(folder: &Path) -> Result<bool> {
    for above in folder.canonicalize()?.ancestors() {
        if above.metadata()?.permissions().mode() & 0o001 == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_below_a_closed_one_is_not_open_to_all() {
        let closed = std::env::temp_dir().join(format!("doorstep-closed-{}", std::process::id()));
        let inner = closed.join("inner");
        fs::create_dir_all(&inner).unwrap();
        assert!(open_to_all(&inner).unwrap());
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!open_to_all(&inner).unwrap());
        fs::remove_dir_all(&closed).unwrap();
    }

    #[test]
    fn every_setting_is_given_on_the_command_line() {
        let settings = settings(5433);
        assert_eq!(settings[..2], ["-c", "port=5433"]);
        assert!(settings.contains(&"fsync=off".to_owned()));
    }
}
