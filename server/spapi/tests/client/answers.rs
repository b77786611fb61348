//! The shapes of Amazon's answers.

use doorstep_spapi::{Effect, FulfillmentData, Query, Since, Verdict, time};

use crate::fake::{Fake, reply};

fn give_up(code: &str) -> Verdict {
    Verdict::GiveUp { code: code.to_owned() }
}

fn query() -> Query {
    Query::new("ATVPDKIKX0DER".into(), Since::Created(time::parse("2026-03-01T00:00:00Z").unwrap()))
}

fn fulfillment() -> FulfillmentData {
    serde_json::from_str(r#"{"appointmentResources":[{"resourceId":"resource-1"}]}"#).unwrap()
}

#[tokio::test]
async fn a_job_is_read_wrapped_and_unwrapped() {
    for body in [r#"{"payload":{"serviceJobId":"J1"}}"#, r#"{"serviceJobId":"J1","errors":[]}"#] {
        let (_fake, client) = Fake::answering(reply(200, body)).await;
        let answer = client.get_service_job(&"J1".into()).await.unwrap();
        assert_eq!(answer.value.service_job_id, Some("J1".into()));
        assert_eq!(answer.request_id.as_deref(), Some("request-1"));
        assert!(answer.value.other.is_empty());
    }
}

#[tokio::test]
async fn an_empty_payload_is_an_empty_job_but_no_payload_is_no_answer() {
    let (_fake, client) = Fake::answering(reply(200, r#"{"payload":{}}"#)).await;
    assert!(client.get_service_job(&"J1".into()).await.unwrap().value.service_job_id.is_none());
    for body in
        ["", "\"\"", "{}", "null", r#"{"payload":null}"#, "[]", "<html>busy</html>", r#"{"payload":7}"#]
    {
        let (_fake, client) = Fake::answering(reply(200, body)).await;
        let error = client.get_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (give_up("unreadable_answer"), Effect::None), "{body}");
        assert_eq!(error.request_id(), Some("request-1"));
    }
    // An empty page taken for the last one would move the intake past jobs that nobody has seen.
    let (_fake, client) = Fake::answering(reply(200, "{}")).await;
    assert_eq!(client.get_service_jobs(&query()).await.unwrap_err().verdict(), give_up("unreadable_answer"));
}

#[tokio::test]
async fn a_page_has_its_tokens_and_one_odd_job_hides_no_other() {
    let body = r#"{"payload":{"totalResultSize":3,"nextPageToken":"next%3D","previousPageToken":"","jobs":[
        {"serviceJobId":"J1"},
        {"serviceJobId":"J2","appointments":[{"appointmentTime":{"startTime":"soon","durationInMinutes":60}}]},
        {"serviceJobId":"J3","serviceJobProvider":{"serviceJobProviderId":"P1"},"serviceProvider":{}}]}}"#;
    let (_fake, client) = Fake::answering(reply(200, body)).await;
    let page = client.get_service_jobs(&query()).await.unwrap().value;
    assert_eq!((page.total_result_size, page.next_page_token.as_deref()), (Some(3), Some("next%3D")));
    assert_eq!(page.previous_page_token, None);
    let ids: Vec<_> =
        page.jobs.iter().filter_map(|job| job.service_job_id.as_ref()).map(|id| id.as_str()).collect();
    assert_eq!(ids, ["J1", "J3"]);
    assert_eq!(page.unreadable.len(), 1);
    assert_eq!(page.unreadable[0].service_job_id, Some("J2".into()));
    assert_eq!(page.unreadable[0].field, "appointments[0].appointmentTime.startTime");
}

#[tokio::test]
async fn a_page_without_jobs_is_an_empty_page() {
    for body in [r#"{"payload":{"totalResultSize":0}}"#, r#"{"payload":{"jobs":null}}"#, r#"{"jobs":[]}"#] {
        let (_fake, client) = Fake::answering(reply(200, body)).await;
        assert_eq!(client.get_service_jobs(&query()).await.unwrap().value.jobs, [], "{body}");
    }
    let (_fake, client) = Fake::answering(reply(200, r#"{"payload":{"jobs":"none"}}"#)).await;
    assert!(client.get_service_jobs(&query()).await.is_err());
}

#[tokio::test]
async fn fulfilment_and_completion_succeed_whatever_empty_looks_like() {
    for (status, body) in
        [(204, ""), (200, ""), (200, "\"\""), (200, "{}"), (200, "null"), (200, r#"{"payload":{}}"#)]
    {
        let (_fake, client) = Fake::answering(reply(status, body)).await;
        client.set_fulfillment_data(&"J1".into(), &"A1".into(), &fulfillment()).await.unwrap();
        let (_fake, client) = Fake::answering(reply(status, body)).await;
        client.complete_service_job(&"J1".into()).await.unwrap();
    }
}

#[tokio::test]
async fn a_refusal_that_is_a_bare_array_is_a_refusal_under_any_status() {
    let body = r#"[{"code":"InvalidInput","message":"Input document id does not exist.","details":""}]"#;
    for status in [200, 400, 422] {
        let (_fake, client) = Fake::answering(reply(status, body)).await;
        let error =
            client.set_fulfillment_data(&"J1".into(), &"A1".into(), &fulfillment()).await.unwrap_err();
        assert_eq!(error.verdict(), give_up("InvalidInput"), "{status}");
        assert_eq!(error.remarks()[0].message, "Input document id does not exist.");
        assert_eq!(error.remarks()[0].details, None);
        assert_eq!(error.request_id(), Some("request-1"));
    }
}

#[tokio::test]
async fn a_success_that_lists_errors_is_a_refusal() {
    for body in [
        r#"{"errors":[{"code":"InvalidInput","message":"m"}]}"#,
        r#"{"payload":{"record":[{"errors":[{"code":"InvalidInput","message":"m"}]}]}}"#,
    ] {
        let (_fake, client) = Fake::answering(reply(200, body)).await;
        let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (Verdict::ReadBack, Effect::Unknown), "{body}");
        assert_eq!(error.remarks()[0].code, "InvalidInput");
    }
}

#[tokio::test]
async fn warnings_come_with_the_success_they_belong_to() {
    for body in [
        r#"{"warnings":[{"code":"RESOURCES_OVERBOOKED","message":"m"}]}"#,
        r#"{"payload":{"warnings":[{"code":"RESOURCES_OVERBOOKED","message":"m"}]}}"#,
    ] {
        let (_fake, client) = Fake::answering(reply(200, body)).await;
        let answer = client.complete_service_job(&"J1".into()).await.unwrap();
        assert_eq!(answer.warnings[0].code, "RESOURCES_OVERBOOKED", "{body}");
    }
}

#[tokio::test]
async fn the_status_decides_before_the_body() {
    for (status, body, code) in [
        (400, r#"{"payload":{}}"#, "http_400"),
        (403, "{}", "http_403"),
        (404, "", "http_404"),
        (413, "<html>too long</html>", "http_413"),
        (302, "", "http_302"),
        (
            403,
            r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied."}]}"#,
            "Unauthorized",
        ),
    ] {
        let (fake, client) = Fake::answering(reply(status, body).with("location", "/elsewhere")).await;
        let error = client.get_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!(error.verdict(), give_up(code));
        assert_eq!(fake.asked().len(), 1, "nothing is repeated and no redirect followed");
    }
}

#[tokio::test]
async fn a_write_that_failed_in_an_unknown_way_is_read_back_or_repeated_by_its_kind() {
    for status in [500, 503, 504] {
        let (fake, client) = Fake::answering(reply(status, "")).await;
        let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (Verdict::ReadBack, Effect::Unknown));
        fake.push(reply(status, ""));
        let error =
            client.set_fulfillment_data(&"J1".into(), &"A1".into(), &fulfillment()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::Unknown));
        assert_eq!(fake.asked().len(), 2, "one call is one request");
    }
    let (_fake, client) = Fake::answering(reply(422, "")).await;
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::ReadBack, Effect::None));
}

#[tokio::test]
async fn an_answer_without_end_is_not_kept() {
    let long = format!(r#"{{"payload":{{"serviceJobId":"{}"}}}}"#, "9".repeat(5 * 1024 * 1024));
    let (_fake, client) = Fake::answering(reply(200, &long)).await;
    let error = client.get_service_job(&"J1".into()).await.unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[tokio::test]
async fn an_error_prints_no_message_that_may_quote_a_person() {
    let body = r#"{"errors":[{"code":"InvalidInput","message":"No slot for Ada Example","details":"12 Sample Street"}]}"#;
    let (_fake, client) = Fake::answering(reply(422, body)).await;
    let error = client.get_service_job(&"J1".into()).await.unwrap_err();
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("Ada") && !printed.contains("Sample"), "{printed}");
    assert!(printed.contains("InvalidInput") && printed.contains("request-1"), "{printed}");
}
