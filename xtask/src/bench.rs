//! `cargo xtask bench`: one JSON line per figure on standard output.
//!
//! A source is anything that prints such lines: the bundles as built, a program of the tests crate, a script
//! in the browser. Every line is read back and checked before it is passed on, so that a source cannot print
//! something that merely looks like a figure.

mod bundle;
mod figure;

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::command::{self, cargo, run_reading};
use crate::metadata::Metadata;
use crate::{machine, npm, root, web};
use figure::Figure;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this source.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SOURCES.iter().map(|source| source.name)))]
    only: Option<String>,
}

/// Takes figures one by one, as they come.
type Take<'take> = dyn FnMut(Figure) -> Result<()> + 'take;

/// Where figures come from.
struct Source {
    name: &'static str,
    measure: fn(&Path, &mut Take<'_>) -> Result<()>,
}

const SOURCES: [Source; 5] = [
    Source { name: "bundle", measure: bundle },
    Source { name: "system", measure: system },
    Source { name: "spapi", measure: spapi },
    Source { name: "browser", measure: browser },
    Source { name: "link", measure: link },
];

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let mut outside = Vec::new();
    let mut failed = Vec::new();
    for source in
        SOURCES.iter().filter(|source| options.only.as_deref().is_none_or(|only| only == source.name))
    {
        let measured = (source.measure)(root, &mut |figure| {
            writeln!(io::stdout(), "{}", figure.line()?)?;
            if !figure.is_within_limit() {
                outside.push(figure.name);
            }
            Ok(())
        });
        if let Err(problem) = measured {
            eprintln!("{}: {problem:#}", source.name);
            failed.push(source.name);
        }
    }
    match (outside.as_slice(), failed.as_slice()) {
        ([], []) => Ok(()),
        (outside, []) => bail!("outside the limit: {}", outside.join(", ")),
        ([], failed) => bail!("no figures from: {}", failed.join(", ")),
        (outside, failed) => {
            bail!("outside the limit: {}; no figures from: {}", outside.join(", "), failed.join(", "))
        }
    }
}

/// What the technician's phone loads.
fn bundle(root: &Path, take: &mut Take<'_>) -> Result<()> {
    web::build(root, web::Options::default())?;
    bundle::measure(&root.join("web/dist"))?.into_iter().try_for_each(take)
}

/// What the tests crate measures: traffic of a day, the server's pace.
fn system(root: &Path, take: &mut Take<'_>) -> Result<()> {
    let metadata = Metadata::read(root)?;
    if !metadata.package("doorstep-tests").is_some_and(|tests| tests.has_binary("bench")) {
        bail!("doorstep-tests has no program `bench`");
    }
    let mut program = cargo(root);
    run_reading(program.args(["run", "--release", "-p", "doorstep-tests", "--bin", "bench"]), figures(take))
}

/// How close the client of the Services API comes to the published rates. By simulated time, so that it need not be
/// optimised.
fn spapi(root: &Path, take: &mut Take<'_>) -> Result<()> {
    let mut program = cargo(root);
    run_reading(program.args(["run", "-p", "doorstep-tests", "--bin", "bench", "--", "spapi"]), figures(take))
}

/// What tests/web/bench.ts measures in a browser.
fn browser(root: &Path, take: &mut Take<'_>) -> Result<()> {
    playwright(root, "bench", take)
}

/// What tests/web/bench-link.ts measures over a slow link that breaks: some six minutes.
fn link(root: &Path, take: &mut Take<'_>) -> Result<()> {
    playwright(root, "link", take)
}

/// The figures of one project of Playwright's.
fn playwright(root: &Path, project: &str, take: &mut Take<'_>) -> Result<()> {
    let folder = root.join("tests/web");
    // The figures are of what ships: optimised programs, the bundles as built.
    web::build(root, web::Options::default())?;
    command::run(cargo(root).args([
        "build",
        "--release",
        "-p",
        "doorstep-server",
        "-p",
        "doorstep-sandbox",
        "--bins",
    ]))?;
    npm::install(&folder)?;
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&folder)
        .args(["test", "--project", project, "--reporter", "list"])
        .env("DOORSTEP_CHROMIUM", machine::chromium()?)
        .env("DOORSTEP_BIN", root::target(root).join("release"));
    run_reading(&mut playwright, figures(take))
}

/// Passes figures on and shows everything else.
fn figures<'take>(take: &'take mut Take<'_>) -> impl FnMut(&str) -> Result<()> + 'take {
    move |line| match Figure::read(line)? {
        Some(figure) => take(figure),
        None => {
            eprintln!("{line}");
            Ok(())
        }
    }
}
