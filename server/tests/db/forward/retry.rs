//! A person has a parked call tried again.

use super::*;
use crate::db::closeout::{Reply, ask};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use doorstep_core::id::CallId;

impl Scene {
    async fn supervisor(&self) -> Person {
        sign_in(&self.ground, "Lee Sample", Role::Supervisor, &[], &[]).await
    }

    async fn retry(&self, person: &Person, call: CallId) -> Reply {
        let router = http::router(self.ground.app.clone());
        let path = format!("/api/calls/{call}/retry");
        ask(&router, person, Method::POST, &path, &[], Body::empty()).await
    }
}

#[tokio::test]
async fn a_parked_photo_that_is_tried_again_reaches_amazon() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let lee = scene.supervisor().await;
        let blob = format!("{}.picture", photo_id(1));
        let kept = scene.ground.app.blobs.get(&blob).await.unwrap().unwrap();
        scene.ground.app.blobs.delete(&blob).await.unwrap();
        scene.run().await;
        let parked = scene.call(CallKind::Document).await;
        assert_eq!((parked.state, parked.attempts), (CallState::Parked, 1));

        scene.ground.app.blobs.put(&blob, kept).await.unwrap();
        assert_eq!(scene.retry(&lee, parked.id).await.status, StatusCode::NO_CONTENT);
        let waiting = scene.call(CallKind::Document).await;
        assert_eq!((waiting.state, waiting.attempts), (CallState::Ready, 0));
        assert_eq!(waiting.next_try, Some(scene.ground.clock.now()));
        assert_eq!(waiting.reason, parked.reason, "why it was parked stays until there is news");
        assert!(scene.told().await.contains(&What::CallRetried { call: CallKind::Document }));
        let again = scene.retry(&lee, parked.id).await;
        assert_eq!(again.refusal(), (409, "call_not_parked".to_owned()));

        scene.run().await;
        scene.assert_sent_once().await;
        let nobody = scene.retry(&lee, CallId::from_bytes([9; 16])).await;
        assert_eq!(nobody.refusal(), (404, "no_such_call".to_owned()));
        assert_eq!(scene.retry(&lee, parked.id).await.refusal(), (409, "call_not_parked".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_completion_that_may_have_taken_effect_is_read_back_before_it_is_tried_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::LoseReply, 1);
        scene.fault(READ, FaultKind::FailBefore, 10_000);
        scene.run().await;
        let parked = scene.call(CallKind::Complete).await;
        assert_eq!(parked.state, CallState::Parked);

        scene.sandbox.clear_faults();
        let lee = scene.supervisor().await;
        assert_eq!(scene.retry(&lee, parked.id).await.status, StatusCode::NO_CONTENT);
        assert_eq!(scene.call(CallKind::Complete).await.state, CallState::Unknown);
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!(scene.requests(COMPLETE), 1);
    })
    .await;
}

#[tokio::test]
async fn a_completion_of_a_cancelled_job_that_is_tried_again_is_not_sent_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::FailBefore, 1);
        scene.worker.forward_due().await.unwrap();
        scene.sandbox.cancel(&scene.service_job).unwrap();
        scene.run().await;
        let (sent, read) = (scene.requests(COMPLETE), scene.requests(READ));
        let parked = scene.call(CallKind::Complete).await;
        assert_eq!(parked.state, CallState::Parked);

        let lee = scene.supervisor().await;
        assert_eq!(scene.retry(&lee, parked.id).await.status, StatusCode::NO_CONTENT);
        scene.run().await;
        let parked = scene.call(CallKind::Complete).await;
        assert_eq!(parked.state, CallState::Parked);
        assert!(parked.reason.unwrap().ends_with("Amazon shows the job as CANCELLED."));
        assert_eq!((scene.requests(COMPLETE), scene.requests(READ)), (sent, read + 1));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_tried_again_once_the_buyers_data_has_expired() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let report = async || {
            let mut tx = scene.ground.app.db.read().await.unwrap();
            tx.report(scene.ground.app.seller, scene.visit).await.unwrap()
        };
        assert!(report().await.is_some());
        scene.ground.clock.advance_ms(40 * 24 * HOUR);
        let expiry = scene.worker.expire().await.unwrap();
        assert!(expiry.jobs > 0, "{expiry:?}");
        assert_eq!(report().await, None);
        let requests = scene.sandbox.record().len();
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
        assert_eq!(scene.sandbox.record().len(), requests);
        let calls = scene.forwarding().await.calls;
        assert!(calls.iter().all(|call| call.state == CallState::Parked), "{calls:?}");
        assert_eq!(calls[0].reason.as_deref(), Some("The buyer's data has expired."));
        let lee = scene.supervisor().await;
        assert_eq!(scene.retry(&lee, calls[0].id).await.refusal(), (409, "visit_expired".to_owned()));
    })
    .await;
}
