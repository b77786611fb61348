//! createRestrictedDataToken of the Tokens API: a token for named methods and paths, in place of the usual one.

use axum::http::{Method, StatusCode};
use axum::routing::MethodFilter;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Call, OPERATIONS, Refusal, Reply};
use crate::state::{Restricted, State};

/// Seconds that the token lives.
const LIFETIME: i64 = 3600;

const MOST_RESOURCES: usize = 50;

pub(super) fn create(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let body = call.json()?;
    let resources = match body["restrictedResources"].as_array() {
        None => return Err(bad("restrictedResources is not a list.")),
        Some(all) if all.is_empty() => return Err(bad("Resource not provided.")),
        Some(all) if all.len() > MOST_RESOURCES => {
            return Err(bad(&format!("More than {MOST_RESOURCES} resources.")));
        }
        Some(all) => all.iter().map(resource).collect::<Result<Vec<_>, _>>()?,
    };
    if !body["targetApplication"].is_null() && !body["targetApplication"].is_string() {
        return Err(bad("targetApplication is not a text."));
    }
    let token = format!("Atz.sprdt|{}", URL_SAFE_NO_PAD.encode(state.dice.bytes("restricted token")));
    let expires_at = now + TimeDelta::seconds(LIFETIME);
    state.restricted_tokens.insert(token.clone(), Restricted { expires_at, resources });
    Ok(Reply::json(json!({ "restrictedDataToken": token, "expiresIn": LIFETIME })))
}

fn resource(value: &Value) -> Result<(Method, String), Refusal> {
    let method = match value["method"].as_str() {
        Some("GET") => Method::GET,
        Some("PUT") => Method::PUT,
        Some("POST") => Method::POST,
        Some("DELETE") => Method::DELETE,
        Some("") | None => return Err(bad("Resource not provided.")),
        Some(_) => return Err(bad("A method is one of GET, PUT, POST and DELETE.")),
    };
    let path = match value["path"].as_str() {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => return Err(bad("Resource not provided.")),
    };
    match &value["dataElements"] {
        Value::Null => {}
        Value::Array(names) if names.iter().all(Value::is_string) => {}
        _ => return Err(bad("dataElements is not a list of texts.")),
    }
    if !is_reachable(&method, &path) {
        return Err(Refusal::input(
            StatusCode::BAD_REQUEST,
            "Application do not have access to some or all requested resource",
        ));
    }
    Ok((method, path))
}

/// Whether the application may ask for it: any operation here, and whatever other APIs have, which are not here.
fn is_reachable(method: &Method, path: &str) -> bool {
    let Ok(method) = MethodFilter::try_from(method.clone()) else { return false };
    !path.starts_with("/service/") || OPERATIONS.iter().any(|o| o.method == method && covers(o.path, path))
}

/// Whether a path is one that the other names: segment by segment, where `{…}` stands for any.
pub(crate) fn covers(named: &str, path: &str) -> bool {
    let (named, path): (Vec<&str>, Vec<&str>) = (named.split('/').collect(), path.split('/').collect());
    let fits = |(named, path): (&&str, &&str)| {
        named == path || (named.starts_with('{') && named.ends_with('}') && !path.is_empty())
    };
    named.len() == path.len() && named.iter().zip(&path).all(fits)
}

fn bad(details: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "InvalidRequest", "Request is missing or has invalid parameters")
        .with_details(details)
}
