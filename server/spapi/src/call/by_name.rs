//! Any operation by Amazon's name for it: what the command line and tests of foreign examples need.

use serde_json::{Map, Value};

use super::{Body, Draft};
use crate::answer::{Answer, Remark, payload};
use crate::client::Client;
use crate::error::{Cause, Error};
use crate::operations::{self, Operation, Repeat};
use crate::schema::{Refusal, Schema};

/// Name of a call in errors when no operation has the name that was asked for.
const NAMELESS: &str = "callByName";
/// Code of the warning about an answer that does not fit the model.
const UNREADABLE: &str = "unreadable_answer";

impl Client {
    /// Calls an operation by Amazon's name. `arguments` are its path and query parameters by theirs; a list is one
    /// argument with commas or several of the same name. Parameters and body go through the same types and checks
    /// as those of the typed methods, and so does the answer.
    ///
    /// The value is Amazon's body whole, with its envelope, or `{}` where there was none. A success that does not
    /// fit the model stays one: what does not fit is a warning with the code `unreadable_answer`.
    ///
    /// # Errors
    /// As those of the typed methods; a name that is none is [`Error::not_allowed`], and then nothing was sent.
    pub async fn call_by_name(
        &self,
        name: &str,
        arguments: &[(String, String)],
        body: Option<Value>,
    ) -> Result<Answer<Value>, Error> {
        let Some(operation) = operations::named(name) else {
            let why = format!("{name} is none of the Services API");
            let cause = Cause::NotAllowed { field: "operation".to_owned(), why };
            return Err(Error::new(NAMELESS, Repeat::Read, cause));
        };
        let draft = named(operation, arguments, body)
            .map_err(|Refusal { field, why }| operation.not_allowed(&field, why))?;
        let mut answer = self.call(draft.finish(self.page_token_encoding())?).await?;
        for field in (operation.misfits)(payload(answer.value.clone())) {
            let message = format!("{field} does not fit the model");
            answer.warnings.push(Remark { code: UNREADABLE.to_owned(), message, details: None });
        }
        if answer.value.is_null() {
            answer.value = Value::Object(Map::new());
        }
        Ok(answer)
    }
}

/// Sorts arguments into the draft of an operation.
fn named(
    operation: &'static Operation,
    arguments: &[(String, String)],
    body: Option<Value>,
) -> Result<Draft, Refusal> {
    let mut draft = Draft::of(operation);
    for (name, value) in arguments {
        let Some(parameter) = operation.parameter(name) else {
            let known: Vec<_> = operation.parameters.iter().map(|parameter| parameter.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Refusal::new(
                name,
                format!("is no parameter of {}, which has {known}", operation.name),
            ));
        };
        let values: Vec<String> = match parameter.schema {
            Schema::List { .. } => value.split(',').map(str::to_owned).collect(),
            _ => vec![value.clone()],
        };
        match draft.arguments.iter_mut().find(|(name, _)| *name == parameter.name) {
            Some((_, earlier)) if parameter.takes_several() => earlier.extend(values),
            Some(_) => return Err(Refusal::new(name, "is given twice")),
            None => draft.arguments.push((parameter.name, values)),
        }
    }
    draft.body = match (&operation.body, body) {
        (Some(shape), Some(value)) => {
            shape.schema.check(&value, "")?;
            let bytes = (shape.retype)(value.clone())
                .map_err(|field| Refusal::new(field, "is beyond what can be sent"))?;
            Some(Body { value, bytes })
        }
        (None, Some(value)) => Some(Body { value, bytes: Vec::new() }),
        (_, None) => None,
    };
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::PageTokenEncoding;
    use crate::operations::{appointments, capacity, fulfillment, jobs, schedules};

    fn refusal(operation: &'static Operation, arguments: &[(&str, &str)], body: Option<Value>) -> Refusal {
        written(operation, arguments, body).unwrap_err()
    }

    /// The query and the body as they would be sent.
    fn written(
        operation: &'static Operation,
        arguments: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<(String, String), Refusal> {
        let arguments: Vec<_> =
            arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request =
            named(operation, &arguments, body)?.finish(PageTokenEncoding::Encoded).map_err(|error| {
                let (field, why) = error.not_allowed().unwrap();
                Refusal::new(field, why)
            })?;
        Ok((request.query, String::from_utf8(request.body.unwrap_or_default()).unwrap()))
    }

    #[test]
    fn lists_come_with_commas_or_repeated_and_times_go_out_in_utc() {
        let (query, _) = written(
            &jobs::GET_SERVICE_JOBS,
            &[
                ("asins", "B000000001,B000000002"),
                ("marketplaceIds", "ATVPDKIKX0DER"),
                ("createdAfter", "2026-01-01T00:00:00.00-07"),
                ("asins", "B000000003"),
                ("createdBefore", "TEST_CASE_400"),
                ("pageToken", "a%3D"),
            ],
            None,
        )
        .unwrap();
        let expected = "pageToken=a%253D&createdAfter=2026-01-01T07%3A00%3A00Z&createdBefore=TEST_CASE_400\
            &marketplaceIds=ATVPDKIKX0DER&asins=B000000001,B000000002,B000000003";
        assert_eq!(query, expected);
    }

    #[test]
    fn the_example_of_every_operation_is_a_request_that_the_model_allows() {
        for operation in operations::ALL {
            let example = operation.example();
            assert_eq!(example.body.is_some(), operation.has_body(), "{}", operation.name);
            let draft = named(operation, &example.arguments, example.body).unwrap();
            draft.finish(PageTokenEncoding::Encoded).unwrap();
        }
    }

    #[test]
    fn names_that_the_model_does_not_have_are_refused() {
        let field = |arguments: &[(&str, &str)], body| refusal(&jobs::GET_SERVICE_JOB, arguments, body).field;
        assert_eq!(field(&[("serviceJobID", "J1")], None), "serviceJobID");
        assert_eq!(field(&[("serviceJobId", "J1"), ("serviceJobId", "J2")], None), "serviceJobId");
        assert_eq!(field(&[], None), "serviceJobId");
        assert_eq!(field(&[("serviceJobId", "J1")], Some(json!({}))), "body");
        let body = json!({ "appointmentTime": { "startTime": "2026-01-01T00:00:00Z", "duration": 60 } });
        let job = [("serviceJobId", "J1")];
        assert_eq!(
            refusal(&appointments::ADD_APPOINTMENT, &job, Some(body)).field,
            "appointmentTime.duration"
        );
        assert_eq!(refusal(&appointments::ADD_APPOINTMENT, &job, None).field, "body");
    }

    #[test]
    fn a_body_is_written_as_its_type_has_it() {
        let place = [("resourceId", "R1"), ("marketplaceIds", "M1")];
        let body = json!({ "schedules": [{
            "startTime": "2026-01-01T08:00:00.00-07", "endTime": "2026-01-01T17:00:00+05:30", "capacity": 2.0,
            "recurrence": { "endTime": "2026-02-01T00:00:00Z", "daysOfWeek": [], "daysOfMonth": [1] }
        }] });
        let (_, body) = written(&schedules::UPDATE_SCHEDULE, &place, Some(body)).unwrap();
        let expected = concat!(
            r#"{"schedules":[{"startTime":"2026-01-01T15:00:00Z","endTime":"2026-01-01T11:30:00Z","#,
            r#""recurrence":{"endTime":"2026-02-01T00:00:00Z","daysOfWeek":[],"daysOfMonth":[1]},"capacity":2}]}"#
        );
        assert_eq!(body, expected);
        let visit = [("serviceJobId", "J1"), ("appointmentId", "A1")];
        for body in
            [json!({}), json!({ "appointmentResources": [] }), json!({ "fulfillmentDocuments": [{}] })]
        {
            let (_, written) =
                written(&fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA, &visit, Some(body.clone())).unwrap();
            assert_eq!(written, body.to_string(), "as little as was said");
        }
    }

    #[test]
    fn what_only_prose_forbids_is_sent_and_what_the_schema_forbids_is_not() {
        let place = [("resourceId", "R1"), ("marketplaceIds", "M1")];
        let slots = |duration: Value| {
            let body = json!({
                "startDateTime": "2026-01-02T00:00:00Z", "endDateTime": "2026-01-01T00:00:00Z",
                "slotDuration": duration
            });
            written(&capacity::GET_FIXED_SLOT_CAPACITY, &place, Some(body))
        };
        assert!(slots(json!(400)).unwrap().1.starts_with(r#"{"slotDuration":400,"#));
        assert!(slots(json!(-5)).is_ok());
        assert_eq!(slots(json!(7)).unwrap_err().why, "is not a multiple of 5");
        assert_eq!(slots(json!(1e300)).unwrap_err().field, "slotDuration");
    }
}
