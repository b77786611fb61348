use std::sync::Arc;

use doorstep_sandbox::{Fault, FaultKind, UnfitFault};

use crate::seller::{ALL, Answer, Seller, Visit};

const FULFIL: &str = "setAppointmentFulfillmentData";
const COMPLETE: &str = "completeServiceJobByServiceJobId";

/// A seller with a visit that is ready to be completed.
async fn ready() -> (Seller, Visit) {
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
