//! `cargo xtask test`: every test there is, one stage after the other.
//!
//! A stage that fails does not stop the others, so that one run shows everything that is wrong; only what is
//! built on the failed stage is left out, and the summary says so. Nothing is skipped silently, and a stage of
//! tests in which no test ran has failed.

mod run;
mod stage;
mod tally;

use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc;

use anyhow::{Result, bail};
use clap::Args;

use crate::children::{Event, watch_interrupts};
use crate::clock::{Stopwatch, spoken};
use run::Run;
use stage::{Outcome, STAGES, Stage};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Also what takes longer than everybody wants to wait: more seeds, longer stories.
    #[arg(long)]
    long: bool,
    /// Only this stage and what it is built on.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(STAGES.iter().map(|stage| stage.name)))]
    only: Option<String>,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let (events, happened) = mpsc::channel();
    watch_interrupts(events)?;
    let mut run = Run::new(root, options.long);
    let whole = Stopwatch::start();
    let mut results: Vec<(&Stage, Outcome, String)> = Vec::new();
    for stage in stage::chosen(options.only.as_deref()) {
        let broken = stage.needs.iter().copied().find(|needed| {
            results.iter().any(|(done, outcome, _)| done.name == *needed && !outcome.is_success())
        });
        if let Some(needed) = broken {
            results.push((stage, Outcome::NotRun { needed }, String::new()));
            continue;
        }
        eprintln!("\n== {}: {}", stage.name, stage.about);
        let time = Stopwatch::start();
        let outcome = match (stage.run)(&mut run) {
            Ok(count) => Outcome::Passed(count),
            Err(problem) => Outcome::Failed(format!("{problem:#}")),
        };
        if let Outcome::Failed(problem) = &outcome {
            eprintln!("{} failed: {problem}", stage.name);
        }
        results.push((stage, outcome, spoken(time.elapsed())));
        if happened.try_recv() == Ok(Event::Interrupted) {
            bail!("interrupted during {}", stage.name);
        }
    }
    // PostgreSQL ends here, before anybody reads that all is well.
    drop(run);

    let mut out = io::stdout().lock();
    writeln!(out, "\n{:<10} {:<8} {:>12}  count", "stage", "result", "time")?;
    for (stage, outcome, time) in &results {
        writeln!(out, "{:<10} {:<8} {time:>12}  {}", stage.name, outcome.word(), outcome.detail())?;
    }
    writeln!(out, "{:<10} {:<8} {:>12}", "all", "", spoken(whole.elapsed()))?;
    let failed: Vec<_> = results
        .iter()
        .filter(|(_, outcome, _)| !outcome.is_success())
        .map(|(stage, ..)| stage.name)
        .collect();
    if !failed.is_empty() {
        bail!("not passed: {}", failed.join(", "));
    }
    Ok(())
}
