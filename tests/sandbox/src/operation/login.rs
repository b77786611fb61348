//! Login with Amazon: a refresh token for an access token.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Call, Refusal, Reply};
use crate::state::State;

/// Seconds that an access token lives.
const LIFETIME: i64 = 3600;

pub(super) fn token(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let grant = required(call, "grant_type")?;
    if grant != "refresh_token" {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The grant_type is not supported here",
        ));
    }
    let refresh_token = required(call, "refresh_token")?;
    let client_id = required(call, "client_id")?;
    let client_secret = required(call, "client_secret")?;
    let known = &state.credentials;
    if client_id != known.client_id || client_secret != known.client_secret {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed"));
    }
    if refresh_token != known.refresh_token {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The request has an invalid grant parameter : refresh_token",
        ));
    }
    let access_token = format!("Atza|{}", URL_SAFE_NO_PAD.encode(state.dice.bytes("access token")));
    state.access_tokens.insert(access_token.clone(), now + TimeDelta::seconds(LIFETIME));
    Ok(Reply::json(json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": LIFETIME,
        "refresh_token": refresh_token,
    })))
}

/// A field of the form; Amazon's own Java client sends the same fields as JSON.
fn required(call: &Call, name: &str) -> Result<String, Refusal> {
    let media_type = call.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let value = if media_type.starts_with("application/json") {
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        body[name].as_str().map(String::from)
    } else if media_type.starts_with("application/x-www-form-urlencoded") {
        form_urlencoded::parse(&call.body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    } else {
        None
    };
    value.filter(|value| !value.is_empty()).ok_or_else(|| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            format!("The request is missing a required parameter : {name}"),
        )
    })
}
