//! `doorstep`: the server's commands.

mod import_jobs;

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use doorstep_core::{
    api::{Role, SetPosition, SwitchPosition, Waiting},
    pii::Pii,
};
use doorstep_server::{
    app::App,
    clock::{Clock, SystemClock},
    connection,
    entropy::SystemEntropy,
    http,
    settings::Settings,
    spapi::{self, SpapiCommand},
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
    /// What the seller may do at Amazon, operation by operation.
    Connection {
        #[command(subcommand)]
        command: ConnectionCommand,
    },
    /// Amazon's Services API, by hand.
    Spapi {
        #[command(subcommand)]
        command: SpapiCommand,
    },
    /// People who sign in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Jobs from files, for sellers whom Amazon does not let use the Services API yet.
    Import {
        #[command(subcommand)]
        command: import_jobs::Import,
    },
}

#[derive(Subcommand)]
enum ConnectionCommand {
    /// List the operations and where their switches stand.
    Show,
    /// Send these to Amazon from now on.
    Allow(Switches),
    /// Prepare and show these, and do not send them.
    Observe(Switches),
    /// Neither send nor prepare these: Amazon does not let this seller use them.
    Forbid(Switches),
}

#[derive(clap::Args)]
struct Switches {
    /// Amazon's names of operations.
    #[arg(required_unless_present = "all_writes")]
    operations: Vec<String>,
    /// Every operation that changes something at Amazon.
    #[arg(long, conflicts_with = "operations")]
    all_writes: bool,
    /// For this program only.
    #[arg(long)]
    program: Option<String>,
    /// What becomes of calls that wait for a switch that is moved to send.
    #[arg(long)]
    waiting: Option<WaitingChoice>,
}

#[derive(Clone, Copy, ValueEnum)]
enum WaitingChoice {
    /// Send them too.
    Send,
    /// Leave them unsent for good.
    Leave,
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
    /// Close somebody's account: nothing is granted any more, and what comes from their phone is held.
    Disable { name: String },
    /// Open an account again.
    Enable { name: String },
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
        Ok(exit) => exit,
        Err(error) => {
            // On its own line and in words: it is for whoever typed the command.
            eprintln!("doorstep: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Doorstep { settings, command }: Doorstep) -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    // What the server needs is of no concern to a call by hand.
    if !matches!(command, Command::Spapi { .. }) {
        settings.check()?;
    }
    match command {
        Command::Spapi { command } => return call_amazon(&settings, command).await,
        Command::Serve => serve(settings).await,
        Command::Migrate => {
            open(settings).await?;
            say("the database is up to date")
        }
        Command::Connection { command } => match command {
            ConnectionCommand::Show => show_connection(settings).await,
            ConnectionCommand::Allow(switches) => {
                set_switches(settings, switches, SwitchPosition::Send).await
            }
            ConnectionCommand::Observe(switches) => {
                set_switches(settings, switches, SwitchPosition::Observe).await
            }
            ConnectionCommand::Forbid(switches) => {
                set_switches(settings, switches, SwitchPosition::NotAllowed).await
            }
        },
        Command::Import { command } => command.run(&open(settings).await?).await,
        Command::User { command: UserCommand::Disable { name } } => {
            users::set_enabled(&open(settings).await?, &name, false).await?;
            say(&format!("{name} is disabled"))
        }
        Command::User { command: UserCommand::Enable { name } } => {
            users::set_enabled(&open(settings).await?, &name, true).await?;
            say(&format!("{name} is enabled"))
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
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn call_amazon(settings: &Settings, command: SpapiCommand) -> anyhow::Result<ExitCode> {
    let outcome = spapi::run(settings, Arc::new(SystemClock), command).await;
    for note in &outcome.notes {
        eprintln!("doorstep: {note}");
    }
    if let Some(out) = &outcome.out {
        say(out)?;
    }
    Ok(ExitCode::from(outcome.exit as u8))
}

async fn show_connection(settings: Settings) -> anyhow::Result<()> {
    let app = open(settings).await?;
    let shown = connection::load(&app, &mut app.db.read().await?).await?;
    for switch in &shown.operations {
        let line = |of: &str, position, calls: u32| {
            let waiting = if calls > 0 { format!("  {calls} calls wait") } else { String::new() };
            format!("{:<12} {}{of}{waiting}", position_words(position), switch.operation)
        };
        say(&line("", switch.position, switch.waiting_calls))?;
        for own in &switch.programs {
            say(&line(&format!(" for {}", own.program), own.position, own.waiting_calls))?;
        }
    }
    Ok(())
}

async fn set_switches(
    settings: Settings,
    switches: Switches,
    position: SwitchPosition,
) -> anyhow::Result<()> {
    let app = open(settings).await?;
    let names: Vec<String> = match switches.all_writes {
        true => connection::all_writes().map(|operation| operation.name.to_owned()).collect(),
        false => switches.operations,
    };
    let waiting = switches.waiting.map(|choice| match choice {
        WaitingChoice::Send => Waiting::Send,
        WaitingChoice::Leave => Waiting::Leave,
    });
    for name in names {
        let wish = SetPosition { position: Some(position), program: switches.program.clone(), waiting };
        let set = connection::set(&app, &name, &wish, None).await?.with_context(|| name.clone())?;
        let moved = match (set.released, set.left) {
            (0, 0) => String::new(),
            (released, left) => format!(": {released} waiting calls are due now, {left} are left unsent"),
        };
        say(&format!("{name} {}{moved}", position_words(position)))?;
    }
    Ok(())
}

const fn position_words(position: SwitchPosition) -> &'static str {
    match position {
        SwitchPosition::NotAllowed => "not allowed",
        SwitchPosition::Observe => "observed",
        SwitchPosition::Send => "sent",
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
