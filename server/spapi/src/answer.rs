//! Reading answers, which come in more shapes than the model admits.
//!
//! Wrapped in `payload` or not; errors under `errors`, as a bare array, or deep inside a success; warnings
//! at the top or in the payload; nothing at all, `""`, `{}` or `null`. The status decides first, the body
//! second: a call succeeded when the status is 2xx and no level of the body lists an error.

mod extent;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

/// More remarks than this on one answer are not kept.
const MOST_REMARKS: usize = 100;

/// What an operation returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The value itself; `()` where success is all there is to say.
    pub value: T,
    /// What Amazon had to add to its success, such as `RESOURCES_OVERBOOKED`.
    pub warnings: Vec<Remark>,
    /// Amazon's name for the request, to be quoted to its support.
    pub request_id: Option<String>,
}

impl<T> Answer<T> {
    /// The same answer with what `then` makes of its value.
    pub fn map<U>(self, then: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: then(self.value), warnings: self.warnings, request_id: self.request_id }
    }

    pub(crate) fn try_map<U, E>(self, then: impl FnOnce(T) -> Result<U, E>) -> Result<Answer<U>, E> {
        Ok(Answer { value: then(self.value)?, warnings: self.warnings, request_id: self.request_id })
    }
}

/// An error or a warning in Amazon's words. `Debug` shows the code alone: messages quote what was sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The code. Nearly every failure has `InvalidInput`.
    pub code: String,
    /// The message, for a person.
    pub message: String,
    /// More of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

impl fmt::Debug for Remark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Remark({})", self.code)
    }
}

/// What a body holds, sorted.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Content {
    /// The body as it came.
    pub(crate) whole: Value,
    pub(crate) errors: Vec<Remark>,
    /// The same errors as they came.
    pub(crate) said: Vec<Value>,
    pub(crate) warnings: Vec<Remark>,
}

/// The body is neither JSON nor empty, or more than an answer can be.
#[derive(Debug, PartialEq)]
pub(crate) struct NotJson;

impl Content {
    /// Sorts the body of a success.
    pub(crate) fn of_success(body: &[u8]) -> Result<Self, NotJson> {
        let value = json(body)?;
        let mut content = Content::default();
        // Where a bare array is an answer, it is one of errors.
        if value.is_array() {
            content.list(&value, Level::Success);
        }
        content.gather(&value, Level::Success);
        content.whole = value;
        Ok(content)
    }

    /// Collects what a refusal says, sorted and as it came; a body that is not JSON says nothing.
    pub(crate) fn of_refusal(body: &[u8]) -> (Vec<Remark>, Vec<Value>) {
        let Ok(value) = json(body) else { return Default::default() };
        let mut content = Content::default();
        match &value {
            Value::Array(_) => content.list(&value, Level::Refusal),
            Value::Object(fields) if fields.contains_key("code") || fields.contains_key("message") => {
                content.list(&value, Level::Refusal);
            }
            _ => {}
        }
        content.gather(&value, Level::Refusal);
        (content.errors, content.said)
    }

    fn gather(&mut self, value: &Value, level: Level) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    match name.as_str() {
                        "errors" => self.list(inner, level),
                        "warnings" => self.list(inner, Level::Warning),
                        _ => self.gather(inner, level),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, level)),
            _ => {}
        }
    }

    fn list(&mut self, value: &Value, level: Level) {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for item in items {
            let Some(remark) = remark(item) else { continue };
            // Records of a schedule or reservation list warnings among their errors, marked as such.
            let mild =
                level == Level::Success && item.get("errorLevel").and_then(Value::as_str) == Some("WARNING");
            if mild || level == Level::Warning {
                if self.warnings.len() < MOST_REMARKS {
                    self.warnings.push(remark);
                }
            } else if self.errors.len() < MOST_REMARKS {
                self.errors.push(remark);
                self.said.push(item.clone());
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Success,
    Refusal,
    Warning,
}

fn json(body: &[u8]) -> Result<Value, NotJson> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    if extent::is_beyond(body) {
        return Err(NotJson);
    }
    serde_json::from_slice(body).map_err(|_| NotJson)
}

/// What was wrapped, or the whole without the lists that wrap it; nothing for the bodies that mean nothing.
pub(crate) fn payload(value: Value) -> Option<Value> {
    match value {
        Value::Object(mut fields) => match fields.remove("payload") {
            Some(Value::Null) => None,
            Some(payload) => Some(payload),
            None => {
                fields.remove("errors");
                fields.remove("warnings");
                (!fields.is_empty()).then_some(Value::Object(fields))
            }
        },
        _ => None,
    }
}

fn remark(value: &Value) -> Option<Remark> {
    match value {
        Value::Object(fields) if !fields.is_empty() => Some(Remark {
            code: text(fields, "code").unwrap_or_else(|| "Unknown".to_owned()),
            message: text(fields, "message").unwrap_or_default(),
            details: text(fields, "details").filter(|details| !details.is_empty()),
        }),
        Value::String(message) if !message.is_empty() => {
            Some(Remark { code: "Unknown".to_owned(), message: message.clone(), details: None })
        }
        _ => None,
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(remarks: &[Remark]) -> Vec<&str> {
        remarks.iter().map(|remark| remark.code.as_str()).collect()
    }

    fn success(body: &str) -> Content {
        Content::of_success(body.as_bytes()).unwrap()
    }

    #[test]
    fn the_bodies_that_mean_nothing_mean_nothing() {
        for body in [
            "",
            "  \n",
            "\"\"",
            "{}",
            "null",
            "{\"errors\":[]}",
            "{\"errors\":null}",
            "[]",
            "{\"payload\":null}",
        ] {
            let content = success(body);
            assert_eq!((content.errors, content.warnings), (vec![], vec![]), "{body}");
            assert_eq!(payload(content.whole), None, "{body}");
        }
    }

    #[test]
    fn a_value_is_found_wrapped_and_unwrapped() {
        let value = |body| payload(success(body).whole);
        assert_eq!(value(r#"{"payload":{"a":1},"errors":[]}"#), Some(json!({"a": 1})));
        assert_eq!(value(r#"{"payload":[1]}"#), Some(json!([1])));
        assert_eq!(value(r#"{"payload":{}}"#), Some(json!({})));
        assert_eq!(value(r#"{"a":1,"warnings":[],"errors":[]}"#), Some(json!({"a": 1})));
    }

    #[test]
    fn errors_are_found_at_any_depth_of_a_success() {
        for body in [
            r#"{"errors":[{"code":"E","message":"m"}]}"#,
            r#"{"payload":{"errors":[{"code":"E"}]}}"#,
            r#"{"payload":[{"availability":{}},{"x":{"errors":[{"code":"E"}]}}]}"#,
            r#"[{"code":"E","message":"m","details":""}]"#,
            r#"{"errors":{"code":"E"}}"#,
        ] {
            assert_eq!(codes(&success(body).errors), ["E"], "{body}");
        }
        assert_eq!(codes(&success(r#"{"errors":["words"]}"#).errors), ["Unknown"]);
    }

    #[test]
    fn warnings_are_kept_wherever_they_are_and_are_not_errors() {
        for body in [
            r#"{"warnings":[{"code":"W","message":"m"}]}"#,
            r#"{"payload":{"warnings":[{"code":"W","message":"m"}]}}"#,
            r#"{"payload":[{"errors":[{"code":"W","message":"m","errorLevel":"WARNING"}]}]}"#,
        ] {
            let content = success(body);
            assert_eq!((codes(&content.warnings), content.errors.len()), (vec!["W"], 0), "{body}");
        }
    }

    #[test]
    fn a_refusal_is_read_in_every_shape() {
        for body in [
            r#"{"errors":[{"code":"E","message":"m"}]}"#,
            r#"[{"code":"E","message":"m"}]"#,
            r#"{"code":"E","message":"m"}"#,
            r#"{"payload":{"errors":[{"code":"E","errorLevel":"WARNING"}]}}"#,
        ] {
            assert_eq!(codes(&Content::of_refusal(body.as_bytes()).0), ["E"], "{body}");
        }
        for body in ["", "{}", r#"{"payload":{}}"#, "<html>", "[null]", "[1]"] {
            assert_eq!(Content::of_refusal(body.as_bytes()), Default::default(), "{body}");
        }
    }

    #[test]
    fn what_was_said_is_kept_as_it_came() {
        let error =
            json!({"code": "E", "message": "a\u{a0}b", "details": "", "errorLevel": "ERROR", "new": 1});
        for body in [
            json!([error]),
            json!({ "errors": [error] }),
            json!({ "payload": { "errors": [error] } }),
            error.clone(),
        ] {
            let (remarks, said) = Content::of_refusal(body.to_string().as_bytes());
            assert_eq!((remarks.len(), said), (1, vec![error.clone()]), "{body}");
        }
        assert_eq!(success(&json!({ "errors": [error] }).to_string()).said, [error]);
    }

    #[test]
    fn what_is_not_json_is_not_taken_for_success() {
        assert_eq!(Content::of_success(b"<html>busy</html>"), Err(NotJson));
        assert_eq!(Content::of_success("[".repeat(10_000).as_bytes()), Err(NotJson));
        assert_eq!(Content::of_success(b"{\"payload\":{\"jobs\":["), Err(NotJson));
    }

    #[test]
    fn a_remark_does_not_print_what_it_quotes() {
        let remark = Remark {
            code: "InvalidInput".into(),
            message: "Ada Example".into(),
            details: Some("Ada".into()),
        };
        assert_eq!(format!("{remark:?}"), "Remark(InvalidInput)");
    }
}
