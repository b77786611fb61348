//! What each stage does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::stage::Count;
use super::tally::{self, Tally};
use crate::command::{cargo, run, run_reading};
use crate::postgres::Postgres;
use crate::{machine, npm, root, tidy, tools, web};

/// The crates that run on this machine. They are always built together: on its own, each would get other
/// features of the shared dependencies and all of those would be built again.
const NATIVE: [&str; 12] = [
    "-p",
    "doorstep-core",
    "-p",
    "doorstep-spapi",
    "-p",
    "doorstep-sandbox",
    "-p",
    "doorstep-server",
    "-p",
    "doorstep-tests",
    "--features",
    "doorstep-core/typescript",
];

#[derive(Debug)]
pub(crate) struct Run {
    root: PathBuf,
    long: bool,
    /// Runs from its stage to the end of the run.
    postgres: Option<Postgres>,
}

impl Run {
    pub(crate) fn new(root: &Path, long: bool) -> Self {
        Self { root: root.to_owned(), long, postgres: None }
    }

    pub(crate) fn tidy(&mut self) -> Result<Count> {
        Ok(Count { number: tidy::run(&self.root)?.files, what: "files" })
    }

    pub(crate) fn format(&mut self) -> Result<Count> {
        run(cargo(&self.root).args(["fmt", "--all", "--check"]))?;
        Ok(Count { number: 1, what: "workspace" })
    }

    pub(crate) fn clippy(&mut self) -> Result<Count> {
        tools::wasm_target(&self.root)?;
        let strict = ["--", "-D", "warnings"];
        run(cargo(&self.root)
            .args(["clippy", "--all-targets"])
            .args(NATIVE)
            .args(["-p", "xtask"])
            .args(strict))?;
        run(cargo(&self.root)
            .args(["clippy", "--all-targets", "-p", "doorstep-wasm", "--target", tools::WASM])
            .args(strict))?;
        Ok(Count { number: 2, what: "targets" })
    }

    pub(crate) fn build(&mut self) -> Result<Count> {
        run(cargo(&self.root).args(["build", "--all-targets"]).args(NATIVE))?;
        Ok(Count { number: 5, what: "crates" })
    }

    pub(crate) fn postgres(&mut self) -> Result<Count> {
        self.postgres = Some(Postgres::start(&self.root)?);
        Ok(Count { number: 1, what: "server" })
    }

    pub(crate) fn rust(&mut self) -> Result<Count> {
        let postgres = self.postgres.as_ref().context("PostgreSQL is not running")?;
        let mut tally = Tally::default();
        let generated = root::target(&self.root).join("xtask/generated");
        let mut together = cargo(&self.root);
        together
            .args(["test", "--no-fail-fast"])
            .args(NATIVE)
            .env("DOORSTEP_TEST_POSTGRES", postgres.url())
            // The tests that write the TypeScript types must not write them into the sources.
            .env("TS_RS_EXPORT_DIR", generated);
        let together = counting(self.lengthy(&mut together), &mut tally);
        let ours = counting(cargo(&self.root).args(["test", "-p", "xtask"]), &mut tally);
        let days = if self.long { self.days(&mut tally) } else { Ok(()) };
        together.and(ours).and(days)?;
        tally.settle()
    }

    /// A thousand simulated days: optimised they take some twenty minutes, and more than an hour as they are tested above.
    fn days(&self, tally: &mut Tally) -> Result<()> {
        let mut days = cargo(&self.root);
        days.args(["test", "--release", "-p", "doorstep-tests", "--test", "days", "--", "--nocapture"]);
        counting(self.lengthy(&mut days), tally)
    }

    pub(crate) fn wasm(&mut self) -> Result<Count> {
        tools::wasm_target(&self.root)?;
        let runner = tools::wasm_bindgen(&self.root)?.join("wasm-bindgen-test-runner");
        machine::chromium()?;
        let mut tally = Tally::default();
        let mut tests = cargo(&self.root);
        tests
            .args(["test", "-p", "doorstep-wasm", "--target", tools::WASM])
            .env("CHROMEDRIVER", machine::chromedriver()?)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            // Else tests that name no place to run would quietly run in Node.js.
            .env("WASM_BINDGEN_USE_BROWSER", "1");
        counting(self.lengthy(&mut tests), &mut tally)?;
        tally.settle()
    }

    pub(crate) fn web(&mut self) -> Result<Count> {
        web::build(&self.root, web::Options::default())?;
        npm::script(&self.root.join("web"), "check")?;
        Ok(Count { number: 1, what: "bundle" })
    }

    pub(crate) fn stories(&mut self) -> Result<Count> {
        let chromium = machine::chromium()?;
        if self.long {
            // The pictures of every screen are in Japanese as well.
            machine::japanese()?;
        }
        self.played("stories", |stories| {
            stories.env("DOORSTEP_CHROMIUM", chromium);
        })
    }

    pub(crate) fn webkit(&mut self) -> Result<Count> {
        let machine::WebKit { driver, display } = machine::webkit()?;
        self.played("webkit", |stories| {
            stories.env("DOORSTEP_WEBKIT_DRIVER", driver).env("DOORSTEP_XVFB", display);
        })
    }

    /// Runs one of the projects of Playwright, which plays the stories in either browser.
    fn played(&self, project: &str, browser: impl FnOnce(&mut Command)) -> Result<Count> {
        let folder = self.root.join("tests/web");
        let report = folder.join("results/report.json");
        if report.exists() {
            fs::remove_file(&report)?;
        }
        npm::install(&folder)?;
        npm::script(&folder, "check")?;
        let mut stories = Command::new(folder.join("node_modules/.bin/playwright"));
        stories
            .current_dir(&folder)
            .args(["test", "--project", project])
            .env("DOORSTEP_BIN", root::target(&self.root).join("debug"));
        browser(&mut stories);
        run(self.lengthy(&mut stories))?;
        let text = fs::read_to_string(&report).context("Playwright wrote no report")?;
        tally::stories(&text)
    }

    /// Tells the tests whether they have time.
    fn lengthy<'command>(&self, command: &'command mut Command) -> &'command mut Command {
        if self.long { command.env("DOORSTEP_LONG", "1") } else { command.env_remove("DOORSTEP_LONG") }
    }
}

fn counting(command: &mut Command, tally: &mut Tally) -> Result<()> {
    run_reading(command, |line| {
        eprintln!("{line}");
        tally.read(line);
        Ok(())
    })
}
