//! `doorstep`: the server's commands.

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use doorstep_core::{api::Role, pii::Pii};
use doorstep_server::{
    app::App,
    clock::{Clock, SystemClock},
    entropy::SystemEntropy,
    http,
    settings::Settings,
    users::{self, NewUser},
    work::{self, Worker},
};
use std::{
    io::{Read as _, Write as _},
    process::ExitCode,
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(name = "doorstep", version, about = "Closeouts of service jobs: from the phone to Amazon.")]
struct Doorstep {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve phones and supervisors, take jobs in and forward closeouts.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// People who sign in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add somebody.
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        role: RoleName,
        /// A technicianId of Amazon's that is this person; can be repeated.
        #[arg(long)]
        technician_id: Vec<String>,
        /// A resourceId of Amazon's that is this person; can be repeated.
        #[arg(long)]
        resource_id: Vec<String>,
        /// Read the password from standard input: on the command line everybody could see it.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Technician,
    Supervisor,
    Administrator,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Doorstep::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // On its own line and in words: it is for whoever typed the command.
            eprintln!("doorstep: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Doorstep { settings, command }: Doorstep) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    settings.check()?;
    match command {
        Command::Serve => serve(settings).await,
        Command::Migrate => {
            open(settings).await?;
            say("the database is up to date")
        }
        Command::User { command: UserCommand::Add { name, role, technician_id, resource_id, .. } } => {
            let role = match role {
                RoleName::Technician => Role::Technician,
                RoleName::Supervisor => Role::Supervisor,
                RoleName::Administrator => Role::Administrator,
            };
            let password = password()?;
            let new =
                NewUser { name, role, password, technician_ids: technician_id, resource_ids: resource_id };
            let user = users::add(&open(settings).await?, new).await?;
            say(&format!("added user {user}"))
        }
    }
}

async fn open(settings: Settings) -> anyhow::Result<App> {
    App::open(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let amazon = work::client(&settings, clock.clone())?;
    let app = App::open(settings, clock, Arc::new(SystemEntropy)).await?;
    app.blobs.sweep().context("sweeping the photo folder")?;
    let address = app.settings.listen;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    say(&format!("listening on http://{}", listener.local_addr()?))?;

    let (stop, stopped) = watch::channel(false);
    let worker = Worker::new(app.clone(), amazon);
    let mut work = tokio::spawn(worker.run(stopped.clone()));
    let mut http = tokio::spawn(http::serve(app, listener, stopped));
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => tracing::info!("stopping: interrupted"),
        _ = terminate.recv() => tracing::info!("stopping: asked to"),
        // Neither half is of use without the other.
        ended = &mut work => ended.context("the worker stopped")?,
        ended = &mut http => return ended.context("the web server stopped")?,
    }
    stop.send_replace(true);
    if !http.is_finished() {
        http.await??;
    }
    if !work.is_finished() {
        work.await?;
    }
    Ok(())
}

/// The first line of standard input.
fn password() -> anyhow::Result<Pii<String>> {
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("reading the password from standard input")?;
    let line = text.lines().next().unwrap_or_default();
    ensure!(!line.is_empty(), "standard input has no password");
    Ok(Pii::new(line.to_owned()))
}

/// One line on standard output, at once: whoever started us may be waiting for it.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
