//! Programs that run beside us until we stop them: the sandbox, the server, PostgreSQL.
//!
//! Each gets a process group of its own, so that a Ctrl-C on the terminal reaches only us and we end them in
//! order. Their end is noticed by the end of their output; nothing polls.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::command::describe;

/// How long a program may take from its start to its first sign of life, and from the signal to its end.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens while children run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Ctrl-C, or the terminal is gone.
    Interrupted,
    /// The child of this name ended by itself.
    Ended(String),
}

/// Which of its streams a child tells us on that it is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    Stdout,
    Stderr,
}

/// The signal that asks a child to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Farewell {
    Terminate,
    Interrupt,
}

/// A running program; dropped, it is asked to end, waited for, and killed if it does not.
#[derive(Debug)]
pub(crate) struct Child {
    name: String,
    process: std::process::Child,
    farewell: Farewell,
    ended: Receiver<()>,
    status: Option<ExitStatus>,
}

impl Child {
    /// Starts the program and waits for the first line in which `ready` finds something; returns that too.
    /// Lines go on to `shown` afterwards as before.
    pub(crate) fn start<T: Send + 'static>(
        name: &str,
        command: &mut Command,
        (speaks, farewell): (Speaks, Farewell),
        events: Option<Sender<Event>>,
        mut ready: impl FnMut(&str) -> Option<T> + Send + 'static,
        mut shown: impl FnMut(&str) + Send + 'static,
    ) -> Result<(Self, T)> {
        command.stdin(Stdio::null()).process_group(0);
        match speaks {
            Speaks::Stdout => command.stdout(Stdio::piped()),
            Speaks::Stderr => command.stdout(Stdio::null()).stderr(Stdio::piped()),
        };
        let mut process =
            command.spawn().with_context(|| format!("could not start `{}`", describe(command)))?;
        let output: Option<Box<dyn Read + Send>> = match speaks {
            Speaks::Stdout => process.stdout.take().map(|stream| Box::new(stream) as _),
            Speaks::Stderr => process.stderr.take().map(|stream| Box::new(stream) as _),
        };
        let output = output.context("the stream is piped")?;
        let (found, first) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let own_name = name.to_owned();
        thread::spawn(move || {
            let mut found = Some(found);
            for line in BufReader::new(output).split(b'\n') {
                let Ok(line) = line else { break };
                let line = String::from_utf8_lossy(&line);
                shown(&line);
                if found.is_some()
                    && let Some(value) = ready(&line)
                    && let Some(found) = found.take()
                {
                    // The other side may have lost patience: then the child is on its way out already.
                    drop(found.send(value));
                }
            }
            drop(end);
            if let Some(events) = events {
                // Nobody listens any more when everything is being stopped.
                drop(events.send(Event::Ended(own_name)));
            }
        });
        let child = Self { name: name.to_owned(), process, farewell, ended, status: None };
        let value = first
            .recv_timeout(PATIENCE)
            .map_err(|_| anyhow!("{name} did not come up: `{}`", describe(command)))?;
        Ok((child, value))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Asks the child to end and waits until it has.
    pub(crate) fn stop(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.status {
            return Ok(status);
        }
        if self.process.try_wait()?.is_none() {
            let signal = match self.farewell {
                Farewell::Terminate => "-TERM",
                Farewell::Interrupt => "-INT",
            };
            // Through the `kill` command, since the standard library can only kill without asking.
            Command::new("kill").args([signal, &self.process.id().to_string()]).status()?;
            if self.ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("{} does not end; killing it", self.name);
                self.process.kill()?;
            }
        }
        let status = self.process.wait()?;
        self.status = Some(status);
        Ok(status)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Err(problem) = self.stop() {
            eprintln!("could not stop {}: {problem:#}", self.name);
        }
    }
}

/// Sends [`Event::Interrupted`] on Ctrl-C and when we are asked to end.
pub(crate) fn watch_interrupts(events: Sender<Event>) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])
        .context("could not listen for Ctrl-C")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            if events.send(Event::Interrupted).is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// The address in a line `listening on http://127.0.0.1:1234`.
pub(crate) fn address(line: &str) -> Option<String> {
    let (_, address) = line.split_once("listening on ")?;
    let address = address.split_whitespace().next()?;
    address.starts_with("http").then(|| address.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    const ORDINARY: (Speaks, Farewell) = (Speaks::Stdout, Farewell::Terminate);

    #[test]
    fn the_address_is_read_from_the_line_that_names_it() {
        assert_eq!(address("listening on http://127.0.0.1:4711/").unwrap(), "http://127.0.0.1:4711");
        assert_eq!(address("listening on a socket"), None);
        assert_eq!(address("starting"), None);
    }

    #[test]
    fn a_child_ends_when_it_is_stopped() {
        let mut command = shell("echo listening on http://127.0.0.1:1; exec tail -f /dev/null");
        let (mut child, address) =
            Child::start("tail", &mut command, ORDINARY, None, address, |_| {}).unwrap();
        assert_eq!(address, "http://127.0.0.1:1");
        assert!(!child.stop().unwrap().success());
    }

    #[test]
    fn a_child_that_ends_by_itself_is_named() {
        let (events, happened) = mpsc::channel();
        let mut command = shell("echo listening on http://127.0.0.1:1");
        let (mut child, _) =
            Child::start("brief", &mut command, ORDINARY, Some(events), address, |_| {}).unwrap();
        assert_eq!(happened.recv().unwrap(), Event::Ended("brief".into()));
        assert!(child.stop().unwrap().success());
    }

    #[test]
    fn a_child_that_never_listens_is_a_failure() {
        let failure =
            Child::start("mute", &mut shell("exit 3"), ORDINARY, None, address, |_| {}).unwrap_err();
        assert!(failure.to_string().starts_with("mute did not come up"));
    }
}
