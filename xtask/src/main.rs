//! `cargo xtask`: the only command runner of the project.
//!
//! Progress goes to standard error, so that standard output holds what a command is asked for: the figures of
//! `bench`, the addresses of `demo`, the summary of `test`.

mod bench;
mod children;
mod clock;
mod command;
mod demo;
mod machine;
mod metadata;
mod npm;
mod postgres;
mod root;
mod test;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Builds, demonstrates, tests and measures Doorstep.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build everything the browser loads: the core as wasm, its TypeScript types, the bundles in web/dist.
    Web(web::Options),
    /// Start the sandbox with a seeded day and the server, and print where to sign in. Ctrl-C stops both.
    Demo(demo::Options),
    /// Run every test: conventions, Rust, both databases, wasm in a browser, the browser stories.
    Test(test::Options),
    /// Print one JSON line per figure, and fail when one is outside its limit.
    Bench(bench::Options),
    /// Check the conventions of this repository.
    Tidy,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // With its causes on one line, and without a backtrace: it is the command that failed, not we.
        Err(problem) => {
            eprintln!("\n{problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let root = root::find()?;
    match command {
        Command::Web(options) => web::build(&root, options),
        Command::Demo(options) => demo::run(&root, &options),
        Command::Test(options) => test::run(&root, &options),
        Command::Bench(options) => bench::run(&root, &options),
        Command::Tidy => {
            eprintln!("{}", tidy::run(&root)?);
            Ok(())
        }
    }
}
