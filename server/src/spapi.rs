//! `doorstep spapi`: any operation of the Services API from the command line, through the same typed client that
//! the server uses. No database is opened, and the switches of the connection are not asked: whoever types a write
//! here means it.

use crate::{clock::Clock, settings::Settings, work};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use doorstep_spapi::{
    Error, Remark, Verdict,
    operations::{self, Operation},
};
use serde_json::Value;
use std::{fs, io, sync::Arc};

#[derive(Debug, Subcommand)]
pub enum SpapiCommand {
    /// Call an operation by Amazon's name for it and print the answer as JSON.
    ///
    /// Ends with 0 when it succeeded, 1 when Amazon refused it (its errors on standard output), 2 when the request is
    /// not one that Amazon's model allows (nothing is sent), 3 when there was no answer that can be read.
    Call(Call),
    /// List the operations and what they take.
    Operations,
}

#[derive(Args, Debug)]
pub struct Call {
    /// Amazon's name of the operation.
    #[arg(value_parser = PossibleValuesParser::new(operations::ALL.iter().map(|operation| operation.name)), hide_possible_values = true)]
    operation: String,
    /// A parameter of the path or the query by Amazon's name; a list is one with commas, or several.
    #[arg(value_name = "NAME=VALUE", value_parser = name_and_value)]
    parameters: Vec<(String, String)>,
    /// The body: JSON, or @ and the file that it is in (@- for standard input).
    #[arg(long, value_name = "JSON|@FILE", allow_hyphen_values = true)]
    body: Option<String>,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("takes NAME=VALUE".to_owned()),
    }
}

/// What the command ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Succeeded = 0,
    Refused = 1,
    NotAllowed = 2,
    NoAnswer = 3,
}

/// What the command says: `out` for whoever reads JSON, `notes` for whoever typed it.
#[derive(Debug)]
pub struct Outcome {
    pub exit: Exit,
    pub out: Option<String>,
    pub notes: Vec<String>,
}

/// Runs the command.
pub async fn run(settings: &Settings, clock: Arc<dyn Clock>, command: SpapiCommand) -> Outcome {
    match command {
        SpapiCommand::Operations => {
            let lines: Vec<_> = operations::ALL.iter().map(|operation| usage(operation)).collect();
            Outcome { exit: Exit::Succeeded, out: Some(lines.join("\n")), notes: Vec::new() }
        }
        SpapiCommand::Call(wish) => call(settings, clock, wish).await.unwrap_or_else(|refusal| Outcome {
            exit: Exit::NotAllowed,
            out: None,
            notes: vec![format!("{refusal:#}")],
        }),
    }
}

async fn call(settings: &Settings, clock: Arc<dyn Clock>, wish: Call) -> anyhow::Result<Outcome> {
    let Call { operation, parameters, body } = wish;
    let body = body.as_deref().map(json).transpose()?;
    let client = work::client(settings, clock)?;
    Ok(match client.call_by_name(&operation, &parameters, body).await {
        Ok(answer) => Outcome {
            exit: Exit::Succeeded,
            out: Some(pretty(&answer.value)),
            notes: answer.warnings.iter().map(warning).collect(),
        },
        Err(error) => failure(&error),
    })
}

fn json(text: &str) -> anyhow::Result<Value> {
    let bytes = match text.strip_prefix('@') {
        Some("-") => io::read_to_string(io::stdin()).context("reading the body from standard input")?.into(),
        Some(file) => fs::read(file).with_context(|| format!("reading the body from {file}"))?,
        None => text.as_bytes().to_vec(),
    };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Ok(value),
        // The parser's words name a line and a column, and quote nothing.
        Err(why) => bail!("body is not JSON: {why}; nothing was sent"),
    }
}

fn failure(error: &Error) -> Outcome {
    let mut notes = vec![error.to_string()];
    if error.not_allowed().is_some() {
        return Outcome { exit: Exit::NotAllowed, out: None, notes };
    }
    notes.extend(error.advice().map(str::to_owned));
    notes.push(match error.verdict() {
        Verdict::Retry { after: Some(after) } => {
            format!("The same request may be sent again in {} ms.", after.as_millis())
        }
        Verdict::Retry { after: None } => "The same request may be sent again in a while.".to_owned(),
        Verdict::ReadBack => {
            "Read the object first: only its state tells whether to send this again.".to_owned()
        }
        Verdict::GiveUp { .. } => "The same request will be refused again.".to_owned(),
    });
    notes.extend(error.request_id().map(|id| format!("Request id: {id}")));
    if error.is_refusal() {
        Outcome { exit: Exit::Refused, out: Some(pretty(&Value::Array(error.said()))), notes }
    } else {
        Outcome { exit: Exit::NoAnswer, out: None, notes }
    }
}

fn warning(remark: &Remark) -> String {
    let details = remark.details.as_deref().map(|details| format!(" ({details})")).unwrap_or_default();
    format!("warning: {}: {}{details}", remark.code, remark.message)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

/// How an operation is called.
fn usage(operation: &Operation) -> String {
    let mut words = vec![operation.name.to_owned()];
    for parameter in operation.parameters {
        let value = if parameter.takes_several() { "A,B" } else { "…" };
        let word = format!("{}={value}", parameter.name);
        words.push(if parameter.required { word } else { format!("[{word}]") });
    }
    if operation.has_body() {
        words.push("--body JSON|@FILE".to_owned());
    }
    words.join(" ")
}
