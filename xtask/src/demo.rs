//! `cargo xtask demo`: a seeded day in the sandbox, the server beside it, one technician and one supervisor.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::children::{Child, Event, Farewell, Speaks, address, watch_interrupts};
use crate::command::{self, cargo, describe};
use crate::{root, web};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The server listens on this port and the sandbox on the next; without it both take free ones.
    #[arg(long)]
    port_base: Option<u16>,
}

/// What the sandbox knows of the seller and of its technician, and the server must be told.
const SELLER: [(&str, &str); 5] = [
    ("DOORSTEP_LWA_CLIENT_ID", "amzn1.application-oa2-client.sandbox"),
    ("DOORSTEP_LWA_CLIENT_SECRET", "amzn1.oa2-cs.v1.sandbox"),
    ("DOORSTEP_LWA_REFRESH_TOKEN", "Atzr|sandbox"),
    ("DOORSTEP_MARKETPLACE_ID", "ATVPDKIKX0DER"),
    ("DOORSTEP_TIME_ZONE", "America/New_York"),
];
const TECHNICIAN: [&str; 4] = ["--technician-id", "TECHA1", "--resource-id", "RESA1"];

/// Somebody who signs in to the demo.
#[derive(Debug)]
struct Person {
    name: &'static str,
    role: &'static str,
    /// Where they sign in.
    page: &'static str,
    links: &'static [&'static str],
    password: String,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    web::build(root, web::Options::default())?;
    command::run(cargo(root).args(["build", "-p", "doorstep-server", "-p", "doorstep-sandbox", "--bins"]))?;

    let (events, happened) = mpsc::channel();
    watch_interrupts(events.clone())?;
    let port = |offset: u16| options.port_base.map_or(0, |base| base.saturating_add(offset));
    let data = fresh_folder(root)?;

    let mut program = Command::new(binary(root, "doorstep-sandbox"));
    program.args(["--listen", &format!("127.0.0.1:{}", port(1)), "--day", "today"]);
    let (sandbox, amazon) = start("sandbox", &mut program, &events)?;

    let doorstep = || {
        let mut program = Command::new(binary(root, "doorstep"));
        program
            .env("DOORSTEP_DATA", &data)
            .env_remove("DOORSTEP_DATABASE_URL")
            .env("DOORSTEP_LISTEN", format!("127.0.0.1:{}", port(0)))
            .env("DOORSTEP_WEB", root.join("web/dist"))
            .env("DOORSTEP_SPAPI_ENDPOINT", &amazon)
            .env("DOORSTEP_LWA_ENDPOINT", &amazon)
            .envs(SELLER);
        // A line per request would push the sign-ins off the screen.
        if std::env::var_os("RUST_LOG").is_none() {
            program.env("RUST_LOG", "warn");
        }
        program
    };
    let people = people()?;
    for person in &people {
        add(doorstep(), person)?;
    }
    // A new connection only observes; here Amazon is a sandbox.
    command::run(doorstep().args(["connection", "allow", "--all-writes"]))?;
    let (server, here) = start("server", doorstep().arg("serve"), &events)?;
    writeln!(io::stdout(), "{}", invitation(&here, &amazon, &people))?;

    let event = happened.recv().context("nobody is left to wait for")?;
    // The server ends first, so that it never talks to a sandbox that is gone.
    for mut child in [server, sandbox] {
        let status = child.stop()?;
        if event == Event::Ended(child.name().to_owned()) {
            drop(child);
            bail!("the {} ended by itself ({status}); the rest is stopped", name_of(&event));
        }
    }
    eprintln!("\nstopped; what this demo wrote stays in {} until the next one", data.display());
    Ok(())
}

fn name_of(event: &Event) -> &str {
    match event {
        Event::Interrupted => "terminal",
        Event::Ended(name) => name,
    }
}

fn binary(root: &Path, name: &str) -> PathBuf {
    root::target(root).join("debug").join(name)
}

fn fresh_folder(root: &Path) -> Result<PathBuf> {
    let folder = root::target(root).join("demo");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Starts a program that says where it listens; its output stays visible under its name.
fn start(name: &'static str, program: &mut Command, events: &Sender<Event>) -> Result<(Child, String)> {
    eprintln!("$ {}", describe(program));
    let manners = (Speaks::Stdout, Farewell::Terminate);
    let shown = move |line: &str| eprintln!("{name} | {line}");
    Child::start(name, program, manners, Some(events.clone()), address, shown)
}

fn people() -> Result<[Person; 3]> {
    let technician =
        Person { name: "robin", role: "technician", page: "", links: &TECHNICIAN, password: password()? };
    let supervisor =
        Person { name: "alex", role: "supervisor", page: "console", links: &[], password: password()? };
    let administrator =
        Person { name: "sam", role: "administrator", page: "console", links: &[], password: password()? };
    Ok([technician, supervisor, administrator])
}

fn add(mut doorstep: Command, person: &Person) -> Result<()> {
    doorstep
        .args(["user", "add", "--name", person.name, "--role", person.role])
        .args(person.links)
        .arg("--password-stdin");
    let shown = describe(&doorstep);
    eprintln!("$ {shown}");
    let mut process = doorstep
        .stdin(Stdio::piped())
        .stdout(Stdio::from(io::stderr()))
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    if let Some(mut input) = process.stdin.take() {
        writeln!(input, "{}", person.password)?;
    }
    let status = process.wait()?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Sixteen letters and digits that cannot be taken for one another, from the system's randomness.
fn password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

fn invitation(here: &str, amazon: &str, people: &[Person]) -> String {
    let line = "-".repeat(64);
    let mut text = format!("\n{line}\n");
    for Person { name, role, page, password, .. } in people {
        text.push_str(&format!(
            "  {role:<12} {here}/{page}\n  {:<12} name {name}, password {password}\n\n",
            ""
        ));
    }
    text.push_str(&format!("  {:<12} {amazon}/ (what it saw; make things go wrong there)\n", "Amazon"));
    text.push_str("\n  Sending is on, because Amazon is the sandbox here. A new connection only observes.\n");
    text.push_str(&format!("\n  Ctrl-C stops everything.\n{line}"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_names_both_addresses_and_every_sign_in() {
        let people = people().unwrap();
        let text = invitation("http://127.0.0.1:1", "http://127.0.0.1:2", &people);
        let addresses = ["http://127.0.0.1:1", "http://127.0.0.1:2"];
        let sign_ins = ["technician", "robin", "supervisor", "alex", "administrator", "sam", "Sending is on"];
        for wanted in addresses.into_iter().chain(sign_ins) {
            assert!(text.contains(wanted), "{wanted} is missing");
        }
        assert!(people.iter().all(|person| text.contains(&person.password)));
    }

    #[test]
    fn two_passwords_differ() {
        let (one, other) = (password().unwrap(), password().unwrap());
        assert_eq!(one.len(), 16);
        assert_ne!(one, other);
    }
}
