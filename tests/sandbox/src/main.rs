//! `doorstep-sandbox`: the sandbox on its own, for demos, browser tests and training.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, ValueEnum};
use doorstep_sandbox::{
    Clock, Config, ContentHash, Credentials, Rates, Sandbox, Scenario, Script, Technician, seed,
};

/// A stand-in for Amazon's Services API that has state.
#[derive(Parser)]
#[command(name = "doorstep-sandbox", version)]
struct Arguments {
    /// A loopback address; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:9000", value_parser = loopback)]
    listen: SocketAddr,
    /// The same seed gives the same jobs, ids and keys.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Short for --listen 127.0.0.1:PORT.
    #[arg(long, conflicts_with = "listen")]
    port: Option<u16>,
    /// What to train on, laid around now: day, week, no-shows, five-thousand.
    #[arg(long, conflicts_with = "day")]
    scenario: Option<Scenario>,
    /// YYYY-MM-DD, or today for a day laid around now, from an hour ago to nine hours ahead.
    #[arg(long, default_value = "today", value_parser = chosen_day)]
    day: ChosenDay,
    /// Jobs of the first technician; every other one has half as many.
    #[arg(long, default_value_t = 8)]
    jobs: usize,
    /// TECHNICIAN/RESOURCE=NAME, comma-separated.
    #[arg(long, value_delimiter = ',', value_parser = technician,
          default_value = "TECHA1/RESA1=Robin Sample,TECHB2/RESB2=Kim Sample")]
    technicians: Vec<Technician>,
    #[arg(long, default_value_t = Credentials::default().client_id)]
    client_id: String,
    #[arg(long, default_value_t = Credentials::default().client_secret)]
    client_secret: String,
    #[arg(long, default_value_t = Credentials::default().refresh_token)]
    refresh_token: String,
    /// Whether requests beyond Amazon's published rates get 429.
    #[arg(long, value_enum, default_value = "published")]
    rates: RateChoice,
    /// What contentSha256 is taken over.
    #[arg(long, value_enum, default_value = "ciphertext")]
    content_sha256: HashChoice,
    /// Operations, by their ids and comma-separated, that take a restricted data token only.
    #[arg(long, value_delimiter = ',', value_name = "OPERATION")]
    restricted: Vec<String>,
    /// A header that uploads must carry as it is given out with their destinations; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = header)]
    signed_header: Vec<(String, String)>,
    /// A JSON file with faults and events, as the README describes it.
    #[arg(long, value_name = "FILE", value_parser = script)]
    script: Option<Script>,
}

#[derive(Clone, Copy)]
enum ChosenDay {
    Today,
    Date(NaiveDate),
}

#[derive(Clone, Copy, ValueEnum)]
enum RateChoice {
    Published,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
enum HashChoice {
    Ciphertext,
    Plaintext,
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| format!("{text} is not ADDRESS:PORT"))?;
    match address.ip().is_loopback() {
        true => Ok(address),
        false => Err("only a loopback address: anyone who reaches the sandbox can steer it".into()),
    }
}

fn chosen_day(text: &str) -> Result<ChosenDay, String> {
    match text {
        "today" => Ok(ChosenDay::Today),
        date => date.parse().map(ChosenDay::Date).map_err(|_| "neither today nor YYYY-MM-DD".into()),
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_ascii_lowercase(), value.to_owned())),
        _ => Err("write NAME=VALUE".into()),
    }
}

fn script(path: &str) -> Result<Script, String> {
    let text = fs::read(path).map_err(|why| why.to_string())?;
    serde_json::from_slice(&text).map_err(|why| why.to_string())
}

fn technician(text: &str) -> Result<Technician, String> {
    let (ids, name) = text.split_once('=').ok_or("write TECHNICIAN/RESOURCE=NAME")?;
    let (id, resource_id) = ids.split_once('/').ok_or("write TECHNICIAN/RESOURCE=NAME")?;
    Ok(Technician::new(id, resource_id, name))
}

#[tokio::main]
async fn main() -> io::Result<ExitCode> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .init();
    let clock = Clock::system();
    let Arguments { seed, technicians, jobs, .. } = arguments;
    let day = match arguments.day {
        ChosenDay::Today => seed::day_around(seed, clock.now(), technicians, jobs),
        ChosenDay::Date(date) => seed::day(seed, date, technicians, jobs),
    };
    let config = Config {
        listen: arguments.port.map_or(arguments.listen, |port| (Ipv4Addr::LOCALHOST, port).into()),
        clock,
        day,
        scenario: arguments.scenario,
        credentials: Credentials {
            client_id: arguments.client_id,
            client_secret: arguments.client_secret,
            refresh_token: arguments.refresh_token,
        },
        rates: match arguments.rates {
            RateChoice::Published => Rates::Published,
            RateChoice::Off => Rates::Off,
        },
        content_hash: match arguments.content_sha256 {
            HashChoice::Ciphertext => ContentHash::Ciphertext,
            HashChoice::Plaintext => ContentHash::Plaintext,
        },
        restricted: arguments.restricted.into_iter().collect(),
        signed_headers: arguments.signed_header.into_iter().collect(),
        script: arguments.script.unwrap_or_default(),
    };
    let sandbox = match Sandbox::start(config).await {
        Ok(sandbox) => sandbox,
        Err(why) => {
            eprintln!("the sandbox cannot start: {why}");
            return Ok(ExitCode::from(2));
        }
    };
    println!("listening on {}", sandbox.url());
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await?;
    Ok(ExitCode::SUCCESS)
}
