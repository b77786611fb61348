//! Extractors that refuse with problem+json and name the field.

use super::problem::Refusal;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use doorstep_core::id::IdError;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The body as it came, up to the route's limit.
#[derive(Clone, Debug)]
pub struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection: BytesRejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Refusal::too_large("Send less in one request.")
            } else {
                Refusal::bad_request("incomplete_body", "The request did not arrive whole", "Send it again.")
            }
        })
    }
}

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let is_json =
            kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "This address takes JSON",
                "Send it with the content type application/json.",
            )
            .field("content-type"));
        }
        let Body(bytes) = Body::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let refusal = match serde_path_to_error::deserialize(&mut json) {
        Ok(value) => return json.end().map(|()| value).map_err(|_| not_json()),
        Err(refusal) => refusal,
    };
    let inner = refusal.inner();
    if !inner.is_data() {
        return Err(not_json());
    }
    // serde's words may quote the value, which may be personal; only the name of a field is taken from them.
    let words = inner.to_string();
    let named =
        words.strip_prefix("missing field `").map(|rest| ("missing_field", "A field is missing", rest));
    let path = refusal.path().to_string();
    Err(match named.and_then(|(code, title, rest)| Some((code, title, rest.split_once('`')?.0))) {
        Some((code, title, name)) => {
            let field = if path == "." { name.to_owned() } else { format!("{path}.{name}") };
            Refusal::bad_request(code, title, "Send the field that is named here.").field(field)
        }
        None if words.starts_with("unknown field `") => Refusal::bad_request(
            "unknown_field",
            "There is a field this address does not know",
            "Leave it out.",
        )
        .field(path),
        None => Refusal::bad_request(
            "wrong_value",
            "A field has a value that does not fit",
            "Look at the field that is named here.",
        )
        .field(path),
    })
}

fn not_json() -> Refusal {
    Refusal::bad_request("not_json", "The request is not JSON", "Send one JSON object.").field("body")
}

/// The one id in the path.
#[derive(Clone, Copy, Debug)]
pub struct PathId<T>(pub T);

impl<T: FromStr<Err = IdError>, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let unreadable =
            || Refusal::bad_request("bad_id", "The address has no readable id", "Check the address.");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        read(params.iter().next().ok_or_else(unreadable)?).map(Self)
    }
}

/// The two ids in the path.
#[derive(Clone, Copy, Debug)]
pub struct PathIds<A, B>(pub A, pub B);

impl<A, B, S> FromRequestParts<S> for PathIds<A, B>
where
    A: FromStr<Err = IdError>,
    B: FromStr<Err = IdError>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let unreadable =
            || Refusal::bad_request("bad_id", "The address has no readable id", "Check the address.");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        let mut params = params.iter();
        let (first, second) = params.next().zip(params.next()).ok_or_else(unreadable)?;
        Ok(Self(read(first)?, read(second)?))
    }
}

fn read<T: FromStr<Err = IdError>>((name, text): (&str, &str)) -> Result<T, Refusal> {
    text.parse().map_err(|refusal: IdError| {
        Refusal::bad_request("bad_id", "The id in the address cannot be one", refusal.to_string()).field(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::api::SignIn;

    fn refused(body: &str) -> (String, Option<String>) {
        let refusal = parse::<SignIn>(body.as_bytes()).unwrap_err();
        (refusal.problem().code.clone(), refusal.problem().field.clone())
    }

    #[test]
    fn a_refused_body_names_its_field_and_quotes_nothing() {
        let field = |code: &str, field: &str| (code.to_owned(), Some(field.to_owned()));
        assert_eq!(refused(r#"{"name":"a"}"#), field("missing_field", "password"));
        assert_eq!(refused(r#"{"name":1,"password":"b"}"#), field("wrong_value", "name"));
        assert_eq!(refused(r#"{"name":"a","password":"b","extra":1}"#), field("unknown_field", "extra"));
        assert_eq!(
            refused(r#"{"name":"a","password":"b","device":"short"}"#),
            field("wrong_value", "device")
        );
        assert_eq!(refused("{"), field("not_json", "body"));
        assert_eq!(refused(r#"{"name":"a","password":"b"} x"#), field("not_json", "body"));
        let refusal = parse::<SignIn>(br#"{"name":"a","password":["Test Buyer 07"]}"#).unwrap_err();
        assert!(!format!("{refusal:?}").contains("Buyer"));
    }
}
