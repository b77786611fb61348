//! Other programs, run in the open: what is run is shown first, and a failure names it again.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A cargo of the same toolchain as the one that runs us.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs to the end with all output on standard error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = announce(command);
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::from(io::stderr()))
        .status()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Runs to the end and hands each line of standard output to `line` as it comes.
pub(crate) fn run_reading(command: &mut Command, mut line: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let shown = announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    let output = child.stdout.take().context("standard output is piped")?;
    let mut refused = Ok(());
    for text in BufReader::new(output).split(b'\n') {
        let text = text.with_context(|| format!("could not read from `{shown}`"))?;
        // Read on to the end even after a refusal: a program whose output nobody reads would hang.
        refused = refused.and_then(|()| line(String::from_utf8_lossy(&text).trim_end_matches('\r')));
    }
    let status = child.wait().with_context(|| format!("could not wait for `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    refused
}

/// What a quiet program prints, without showing the command. For questions to the machine.
pub(crate) fn answer(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("could not start `{}`", describe(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed: {}\n{}",
            describe(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn announce(command: &Command) -> String {
    let shown = describe(command);
    eprintln!("$ {shown}");
    shown
}

/// The command as one would type it, without values of the environment: some are passwords.
pub(crate) fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    // By its name where it comes from the toolchain or the PATH: the rest of the path says nothing.
    let plain = ["cargo", "npm", "wasm-opt", "playwright"].iter().find(|name| program.ends_with(name));
    let mut words = vec![plain.map_or_else(|| program.display().to_string(), ToString::to_string)];
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        if argument.contains([' ', '"', '\'', '$']) || argument.is_empty() {
            words.push(format!("'{}'", argument.replace('\'', r"'\''")));
        } else {
            words.push(argument.into_owned());
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("cargo");
        command.args(["test", "-p", "a b", "it's"]).env("SECRET", "1234");
        assert_eq!(describe(&command), r"cargo test -p 'a b' 'it'\''s'");
    }

    #[test]
    fn a_failure_names_the_command() {
        let failure = run(&mut Command::new("false")).unwrap_err();
        assert_eq!(failure.to_string(), "`false` failed: exit status: 1");
    }

    #[test]
    fn lines_arrive_without_their_ends() {
        let mut seen = Vec::new();
        run_reading(Command::new("printf").arg(r"one\r\ntwo"), |line| {
            seen.push(line.to_owned());
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, ["one", "two"]);
    }
}
