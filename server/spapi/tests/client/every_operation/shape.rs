//! One call, what Amazon answers, and what has to come of it.

use serde_json::{Value, json};

use crate::fake::{Fake, reply};

/// One call and what is sent for it.
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) parameters: &'static [(&'static str, &'static str)],
    pub(super) body: Option<Value>,
    pub(super) sent: &'static str,
    pub(super) sent_body: Option<Value>,
}

/// What Amazon answers, and what comes of it.
pub(super) struct Shape {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    /// The body whole, and these warnings.
    Taken(&'static [&'static str]),
    /// These errors as they came.
    Refused(Value),
}

pub(super) fn taken(status: u16, body: Value) -> Shape {
    Shape { status, body, outcome: Outcome::Taken(&[]) }
}

pub(super) fn warned(body: Value, warnings: &'static [&'static str]) -> Shape {
    Shape { status: 200, body, outcome: Outcome::Taken(warnings) }
}

pub(super) fn refused(status: u16, body: Value, errors: Value) -> Shape {
    Shape { status, body, outcome: Outcome::Refused(errors) }
}

pub(super) fn error(message: &str) -> Value {
    json!({ "code": "InvalidInput", "message": message, "details": "" })
}

/// The refusals that any operation may get.
pub(super) fn anywhere() -> Vec<Shape> {
    let denied = json!({ "code": "UnauthorizedAction", "message": "Not yours.", "details": "" });
    vec![
        refused(400, json!({ "errors": [error("Missing: [an id]")] }), json!([error("Missing: [an id]")])),
        refused(403, json!({ "errors": [denied] }), json!([denied])),
        refused(403, json!({}), json!([])),
        refused(404, Value::Null, json!([])),
        refused(422, json!([error("No such\u{a0}job")]), json!([error("No such\u{a0}job")])),
        refused(500, json!({ "errors": [] }), json!([])),
    ]
}

pub(super) async fn play(call: &Call, shape: Shape) {
    let Shape { status, body, outcome } = shape;
    let context = format!("{} {status} {body}", call.operation);
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let (fake, client) = Fake::answering(reply(status, &text)).await;
    let parameters: Vec<_> =
        call.parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let answer = client.call_by_name(call.operation, &parameters, call.body.clone()).await;

    let asked = &fake.asked()[0];
    let separator = if asked.query.is_empty() { "" } else { "?" };
    assert_eq!(format!("{} {}{separator}{}", asked.method, asked.path, asked.query), call.sent);
    let sent_body = (!asked.body.is_empty()).then(|| serde_json::from_slice::<Value>(&asked.body).unwrap());
    assert_eq!(sent_body, call.sent_body, "{context}");
    match (answer, outcome) {
        (Ok(answer), Outcome::Taken(warnings)) => {
            let expected = if body.is_null() { json!({}) } else { body };
            assert_eq!(answer.value, expected, "{context}");
            let codes: Vec<_> = answer.warnings.iter().map(|warning| warning.code.as_str()).collect();
            assert_eq!(codes, warnings, "{context}");
            assert_eq!(answer.request_id.as_deref(), Some("request-1"));
        }
        (Err(error), Outcome::Refused(errors)) => {
            assert!(error.is_refusal(), "{context}: {error}");
            assert_eq!(Value::Array(error.said()), errors, "{context}");
            assert_eq!(error.request_id(), Some("request-1"));
        }
        (Ok(answer), Outcome::Refused(_)) => panic!("{context} was taken as {}", answer.value),
        (Err(error), Outcome::Taken(_)) => panic!("{context} was refused: {error}"),
    }
}
