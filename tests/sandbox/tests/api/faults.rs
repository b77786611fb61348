use std::sync::Arc;

use chrono::TimeDelta;
use doorstep_sandbox::{Fault, FaultKind, JobStatus, UnfitFault};

use crate::seller::{ALL, Answer, JOBS, Seller, Visit};

const FULFIL: &str = "setAppointmentFulfillmentData";
const COMPLETE: &str = "completeServiceJobByServiceJobId";

/// A seller with a visit that is ready to be completed.
pub(crate) async fn ready() -> (Seller, Visit) {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let body = seller.whole_body().await;
    assert_eq!(seller.fulfil(&visit, &body).await.status, 204);
    (seller, visit)
}

#[tokio::test]
async fn a_throttle_lasts_as_often_as_it_says_and_has_no_effect() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Throttle, 2)).unwrap();
    for _ in 0..2 {
        let answer = seller.complete(&visit.job).await;
        assert_eq!((answer.error().0, answer.error().1), (429, "QuotaExceeded"));
    }
    assert_eq!(seller.sandbox.completions(&visit.job), 0);
    assert_eq!(seller.complete(&visit.job).await.status, 200);
    assert_eq!(seller.sandbox.pending_faults(), []);
}

#[tokio::test]
async fn a_failure_before_the_effect_leaves_nothing_and_one_after_leaves_it_done() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::FailBefore, 1)).unwrap();
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::FailAfter, 1)).unwrap();
    let before = seller.complete(&visit.job).await;
    assert_eq!((before.error().0, before.error().1), (500, "InternalFailure"));
    assert_eq!(seller.sandbox.completions(&visit.job), 0);
    let after = seller.complete(&visit.job).await;
    assert_eq!((after.error().0, after.error().1), (500, "InternalFailure"));
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
    let record = seller.sandbox.record();
    let told: Vec<_> = record.iter().rev().take(2).map(|e| (e.status, e.took_effect, e.fault)).collect();
    assert_eq!(told, [(500, true, Some(FaultKind::FailAfter)), (500, false, Some(FaultKind::FailBefore))]);
}

#[tokio::test]
async fn a_lost_reply_breaks_the_connection_after_the_effect() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::LoseReply, 1)).unwrap();
    let lost = seller.complete_request(&visit.job).send().await.unwrap_err();
    assert!(lost.is_request() && !lost.is_connect() && lost.status().is_none(), "{lost:?}");
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
    let last = seller.sandbox.record().pop().unwrap();
    assert_eq!((last.status, last.took_effect, last.answered), (200, true, false));
    assert_eq!(seller.complete(&visit.job).await.status, 422, "the next request is served");
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
}

#[tokio::test]
async fn a_request_that_hangs_takes_effect_when_released() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Hang, 1)).unwrap();
    let request = tokio::spawn(Answer::of(seller.complete_request(&visit.job)));
    seller.sandbox.until(|s| s.held() == 1).await;
    assert_eq!(seller.sandbox.completions(&visit.job), 0);
    assert_eq!(seller.sandbox.release(), 1);
    assert_eq!(request.await.unwrap().status, 200);
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
    assert_eq!(seller.sandbox.held(), 0);
}

#[tokio::test]
async fn a_request_whose_caller_gave_up_takes_effect_late() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Hang, 1)).unwrap();
    let request = tokio::spawn(Answer::of(seller.complete_request(&visit.job)));
    seller.sandbox.until(|s| s.held() == 1).await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    seller.sandbox.release();
    seller.sandbox.until(|s| s.completions(&visit.job) == 1).await;
}

#[tokio::test]
async fn an_answer_that_hangs_comes_after_the_effect() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::HangAfter, 1)).unwrap();
    let request = tokio::spawn(Answer::of(seller.complete_request(&visit.job)));
    seller.sandbox.until(|s| s.held() == 1).await;
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
    seller.sandbox.release();
    assert_eq!(request.await.unwrap().status, 200);
}

#[tokio::test]
async fn dropping_the_sandbox_lets_go_what_hangs() {
    let seller = Arc::new(Seller::new().await);
    seller.sandbox.fault(Fault::new("getServiceJobs", FaultKind::Hang, 1)).unwrap();
    let request = seller.request(reqwest::Method::GET, &format!("/service/v1/serviceJobs?{ALL}"));
    let request = tokio::spawn(Answer::of(request));
    seller.sandbox.until(|s| s.held() == 1).await;
    drop(seller);
    assert_eq!(request.await.unwrap().status, 200);
}

#[tokio::test]
async fn an_expired_token_stays_expired_until_a_new_one_is_fetched() {
    let mut seller = Seller::new().await;
    seller.sandbox.fault(Fault::new("*", FaultKind::ExpiredToken, 1)).unwrap();
    for _ in 0..2 {
        let answer = seller.list(ALL).await;
        assert_eq!((answer.error().0, answer.error().1), (403, "Unauthorized"));
        assert!(answer.details().contains("expired"));
    }
    seller.sign_in().await;
    assert_eq!(seller.list(ALL).await.status, 200);
}

#[tokio::test]
async fn an_expired_destination_stays_expired() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    seller.sandbox.fault(Fault::new("uploadDocument", FaultKind::ExpiredDestination, 1)).unwrap();
    for _ in 0..2 {
        assert_eq!(seller.put(&proof).await.storage_error(), (403, "AccessDenied"));
    }
    seller.upload(b"picture").await;
}

#[tokio::test]
async fn storage_and_login_fail_in_their_own_shapes() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    for (kind, status, code) in
        [(FaultKind::Throttle, 503, "SlowDown"), (FaultKind::FailAfter, 500, "InternalError")]
    {
        seller.sandbox.fault(Fault::new("uploadDocument", kind, 1)).unwrap();
        assert_eq!(seller.put(&proof).await.storage_error(), (status, code));
    }
    assert_eq!(seller.sandbox.documents()[0].puts, 1);
    seller.sandbox.fault(Fault::new("uploadDocument", FaultKind::LoseReply, 1)).unwrap();
    assert!(seller.put_request(&proof).send().await.is_err());
    assert_eq!(seller.sandbox.documents()[0].puts, 2);

    seller.sandbox.fault(Fault::new("token", FaultKind::FailBefore, 1)).unwrap();
    let login = seller.login(&[]).await;
    assert_eq!((login.status, &login.body["error"]), (500, &"server_error".into()));
    seller.sandbox.fault(Fault::new(FULFIL, FaultKind::Throttle, 1)).unwrap();
    let bare = seller.fulfil(&seller.visit(), &serde_json::json!({})).await;
    assert_eq!((bare.bare_error().0, bare.bare_error().1), (429, "QuotaExceeded"));
}

#[tokio::test]
async fn a_fault_can_wait_for_a_later_request() {
    let seller = Seller::new().await;
    seller.sandbox.fault(Fault::new("getServiceJobs", FaultKind::FailBefore, 1).after(1)).unwrap();
    let told = [seller.list(ALL).await.status, seller.list(ALL).await.status, seller.list(ALL).await.status];
    assert_eq!(told, [200, 500, 200]);
}

#[tokio::test]
async fn a_fault_that_could_never_happen_is_refused() {
    let seller = Seller::new().await;
    let unknown = seller.sandbox.fault(Fault::new("getJobs", FaultKind::Throttle, 1));
    assert_eq!(unknown, Err(UnfitFault::UnknownOperation("getJobs".into())));
    for (operation, kind) in
        [("uploadDocument", FaultKind::ExpiredToken), (COMPLETE, FaultKind::ExpiredDestination)]
    {
        let unfit = seller.sandbox.fault(Fault::new(operation, kind, 1)).unwrap_err();
        assert_eq!(unfit, UnfitFault::DoesNotApply { operation: operation.into(), kind });
    }
    assert_eq!(seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Throttle, 0)), Err(UnfitFault::Never));
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Throttle, 9)).unwrap();
    seller.sandbox.clear_faults();
    assert_eq!(seller.sandbox.pending_faults(), []);
}

#[tokio::test]
async fn a_lost_request_breaks_the_connection_without_an_effect() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::LoseRequest, 1)).unwrap();
    assert!(seller.complete_request(&visit.job).send().await.unwrap_err().status().is_none());
    let last = seller.sandbox.record().pop().unwrap();
    assert_eq!((last.took_effect, last.answered), (false, false));
    assert_eq!(seller.complete(&visit.job).await.status, 200);
}

#[tokio::test]
async fn a_late_effect_takes_place_by_the_clock_after_the_caller_was_told_off() {
    for (kind, answered) in [(FaultKind::FailLate, true), (FaultKind::LoseLate, false)] {
        let (seller, visit) = ready().await;
        let start = seller.sandbox.clock().now();
        seller.sandbox.fault(Fault::new(COMPLETE, kind, 1).seconds(45)).unwrap();
        let answer = seller.complete_request(&visit.job).send().await;
        assert_eq!(answer.map(|a| a.status().as_u16()).ok(), answered.then_some(500));
        seller.sandbox.clock().advance(TimeDelta::seconds(44));
        assert_eq!(seller.sandbox.completions(&visit.job), 0);
        seller.sandbox.clock().advance(TimeDelta::seconds(3));
        assert_eq!(seller.sandbox.completions(&visit.job), 1);
        let last = seller.sandbox.record().pop().unwrap();
        assert_eq!((last.took_effect, last.answered), (true, answered));
        let due = start + TimeDelta::seconds(45);
        assert_eq!(last.effect_at, Some(due));
        assert_eq!(seller.sandbox.job(&visit.job).unwrap().last_updated, due);
    }
}

#[tokio::test]
async fn a_late_effect_that_the_rules_rule_out_by_then_does_not_take_place() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::FailLate, 1)).unwrap();
    assert_eq!(seller.complete(&visit.job).await.status, 500);
    assert_eq!(seller.complete(&visit.job).await.status, 200);
    seller.sandbox.clock().advance(TimeDelta::seconds(30));
    assert_eq!(seller.sandbox.completions(&visit.job), 1);
    assert_eq!(seller.sandbox.effects(COMPLETE), 1);
}

#[tokio::test]
async fn a_request_that_hangs_may_let_go_by_itself() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::Hang, 1).seconds(0)).unwrap();
    assert_eq!(seller.complete(&visit.job).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_trickles_comes_a_byte_at_a_time_until_released() {
    let seller = Seller::new().await;
    seller.sandbox.fault(Fault::new("getServiceJobs", FaultKind::Trickle, 1).seconds(3600)).unwrap();
    let path = format!("{JOBS}?{ALL}");
    let mut response = seller.request(reqwest::Method::GET, &path).send().await.unwrap();
    let length = response.content_length().unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    assert_eq!((response.status().as_u16(), first.as_ref()), (200, &b"{"[..]));
    seller.sandbox.release();
    let mut rest = 0;
    while let Some(chunk) = response.chunk().await.unwrap() {
        rest += chunk.len() as u64;
    }
    assert_eq!(rest + 1, length);
}

#[tokio::test]
async fn a_success_may_carry_errors_in_the_shape_of_its_operation_and_no_effect() {
    let (seller, visit) = ready().await;
    for operation in [COMPLETE, FULFIL] {
        seller.sandbox.fault(Fault::new(operation, FaultKind::OkWithErrors, 1)).unwrap();
    }
    let enveloped = seller.complete(&visit.job).await;
    assert_eq!(enveloped.error().0, 200);
    let bare = seller.fulfil(&visit, &serde_json::json!({})).await;
    assert_eq!(bare.bare_error().0, 200);
    let last = seller.sandbox.record().pop().unwrap();
    assert_eq!((last.status, last.took_effect), (200, false));
    assert_eq!(seller.sandbox.completions(&visit.job), 0);
}

#[tokio::test]
async fn a_missing_role_is_denied_without_details() {
    let (seller, visit) = ready().await;
    seller.sandbox.fault(Fault::new(COMPLETE, FaultKind::MissingRole, 1)).unwrap();
    let answer = seller.complete(&visit.job).await;
    assert_eq!((answer.error().0, answer.error().1, answer.details()), (403, "Unauthorized", ""));
}

#[tokio::test]
async fn an_expired_secret_has_its_words_at_login_and_at_the_gateway() {
    let seller = Seller::new().await;
    for operation in ["token", "*"] {
        seller.sandbox.fault(Fault::new(operation, FaultKind::ExpiredSecret, 1)).unwrap();
    }
    let login = seller.login(&[]).await;
    assert_eq!((login.status, &login.body["error"]), (401, &"invalid_client".into()));
    let gateway = seller.list(ALL).await;
    assert_eq!((gateway.error().0, gateway.error().1), (403, "Unauthorized"));
    assert!(gateway.details().contains("LWA secret token") && gateway.details().contains("expired"));
}

#[tokio::test]
async fn what_is_found_to_be_malware_cannot_be_attached() {
    let seller = Seller::new().await;
    seller.sandbox.fault(Fault::new("uploadDocument", FaultKind::Malware, 1)).unwrap();
    let proof = seller.upload(b"a picture with a passenger").await;
    let body = serde_json::json!({ "fulfillmentDocuments": [proof.reference()] });
    let answer = seller.fulfil(&seller.visit(), &body).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (422, "InvalidInput"));
    assert!(answer.bare_error().2.contains("malware"));
}

#[tokio::test]
async fn a_stale_read_shows_jobs_as_before_their_last_change() {
    let (seller, visit) = ready().await;
    assert_eq!(seller.complete(&visit.job).await.status, 200);
    for operation in ["getServiceJobByServiceJobId", "getServiceJobs"] {
        seller.sandbox.fault(Fault::new(operation, FaultKind::StaleRead, 1)).unwrap();
    }
    let path = format!("{JOBS}/{}", visit.job);
    let status = async || seller.get(&path).await.body["payload"]["serviceJobStatus"].take();
    assert_eq!(status().await, "NOT_SERVICED");
    assert_eq!(status().await, "COMPLETED");
    let done = format!("{ALL}&serviceJobStatus=COMPLETED");
    assert_eq!(seller.list(&done).await.body["payload"]["totalResultSize"], 0);
    assert_eq!(seller.list(&done).await.body["payload"]["totalResultSize"], 1);

    seller.sandbox.cancel(&seller.visit().job).unwrap();
    seller.sandbox.fault(Fault::new("*", FaultKind::StaleRead, 1)).unwrap();
    let cancelled = format!("{ALL}&serviceJobStatus=CANCELLED");
    assert_eq!(seller.list(&cancelled).await.body["payload"]["totalResultSize"], 0);
    assert_eq!(seller.list(&cancelled).await.body["payload"]["totalResultSize"], 1);
}

#[tokio::test]
async fn a_wrong_clock_shows_in_the_date_and_in_what_counts_as_future() {
    let (seller, visit) = ready().await;
    let body = serde_json::json!({ "fulfillmentTime": seller.past_hour() });
    seller.sandbox.clock().skew(TimeDelta::minutes(-10));
    let early = seller.fulfil(&visit, &body).await;
    assert_eq!(early.bare_error().0, 422);
    assert!(early.bare_error().2.contains("future"));
    assert_eq!(early.headers["date"], "Mon, 02 Mar 2026 17:50:00 GMT");
    seller.sandbox.clock().skew(TimeDelta::zero());
    assert_eq!(seller.fulfil(&visit, &body).await.status, 204);
}

#[tokio::test]
async fn a_slot_that_somebody_else_took_is_gone_for_the_next_appointment_only() {
    let seller = Seller::new().await;
    let jobs = seller.sandbox.jobs();
    let open = jobs.iter().find(|j| j.service_job_status == JobStatus::PendingSchedule).unwrap();
    let start = open.facts["preferredAppointmentTimes"][0]["startTime"].clone();
    let body = serde_json::json!({ "appointmentTime": { "startTime": start } });
    seller.sandbox.fault(Fault::new("*", FaultKind::SlotTaken, 1)).unwrap();
    assert_eq!(seller.list(ALL).await.status, 200, "it befalls appointments only");
    let path = format!("{JOBS}/{}/appointments?marketplaceIds=ATVPDKIKX0DER", open.service_job_id);
    let gone = seller.post(&path, &body).await;
    assert_eq!((gone.error().0, gone.error().1), (422, "InvalidInput"));
    assert!(gone.error().2.contains("slot"));
    assert_eq!(seller.post(&path, &body).await.status, 200);
}
