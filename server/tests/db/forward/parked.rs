//! What needs a person, and what a person can do.

use super::*;
use doorstep_server::db::outbox::Settlement;

#[tokio::test]
async fn a_report_that_was_lost_names_the_same_technicians_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(FULFIL, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        let (app, mut tx) = (&scene.ground.app, scene.ground.app.db.write().await.unwrap());
        let robin = tx.user_named("Robin Sample").await.unwrap().unwrap();
        tx.link_user(app.seller, robin.user, LinkKind::Resource, "RESX9").await.unwrap();
        tx.commit().await.unwrap();
        scene.run().await;
        scene.assert_sent_once().await;
        let visit = scene.sandbox.job(&scene.service_job).unwrap().appointments[0].appointment_id.clone();
        let sent = scene.sandbox.fulfilment(&visit).unwrap().body;
        assert_eq!(sent["appointmentResources"].as_array().unwrap().len(), 1, "{sent}");
    })
    .await;
}

#[tokio::test]
async fn a_technician_who_is_linked_before_the_report_goes_is_named_in_it() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let (app, mut tx) = (&scene.ground.app, scene.ground.app.db.write().await.unwrap());
        let robin = tx.user_named("Robin Sample").await.unwrap().unwrap();
        tx.link_user(app.seller, robin.user, LinkKind::Resource, "RESX9").await.unwrap();
        tx.commit().await.unwrap();
        scene.worker.forward_due().await.unwrap();
        // Amazon has nobody of this id.
        let call = scene.call(CallKind::Fulfilment).await;
        assert_eq!((call.state, scene.requests(FULFIL)), (CallState::Parked, 1));
        assert_eq!(
            call.reason.as_deref(),
            Some("One or more resources provided does not exist or is deleted.")
        );
    })
    .await;
}

#[tokio::test]
async fn a_job_that_amazon_cancelled_is_left_to_a_person() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::FailBefore, 1);
        scene.worker.forward_due().await.unwrap();
        scene.sandbox.cancel(&scene.service_job).unwrap();
        scene.run().await;
        let call = scene.call(CallKind::Complete).await;
        assert_eq!(call.state, CallState::Parked);
        let reason = call.reason.unwrap();
        assert!(reason.ends_with("Amazon shows the job as CANCELLED."), "{reason}");
        assert_eq!((scene.sandbox.completions(&scene.service_job), scene.requests(COMPLETE)), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_call_that_keeps_failing_is_parked_after_about_a_day() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let began = scene.ground.clock.now();
        scene.fault(DESTINATION, FaultKind::FailBefore, 10_000);
        scene.run().await;
        let calls = scene.forwarding().await.calls;
        let documents: Vec<_> = calls.iter().filter(|call| call.kind == CallKind::Document).collect();
        assert!(
            documents.iter().all(|call| (call.state, call.attempts) == (CallState::Parked, 295)),
            "{documents:?}"
        );
        assert_eq!(scene.requests(DESTINATION), 2 * 295);
        let took = scene.ground.clock.now().since(began);
        assert!((16 * HOUR..=48 * HOUR).contains(&took), "{took}");
        assert_eq!((scene.requests(FULFIL), scene.requests(COMPLETE)), (0, 0));
        assert_eq!(scene.forwarding().await.state, ForwardingState::Parked);
    })
    .await;
}

#[tokio::test]
async fn an_outage_of_an_hour_parks_nothing_and_everything_goes_on_afterwards() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        for operation in [DESTINATION, UPLOAD, FULFIL, COMPLETE, READ] {
            scene.fault(operation, FaultKind::FailBefore, 10_000);
        }
        let over = scene.ground.clock.now().plus_ms(HOUR);
        while scene.ground.clock.now() < over {
            scene.worker.forward_due().await.unwrap();
            let due = scene.worker.next_call_due().await.unwrap().unwrap();
            scene.ground.clock.advance_ms(due.since(scene.ground.clock.now()));
            assert_eq!(scene.forwarding().await.state, ForwardingState::Sending);
        }
        scene.sandbox.clear_faults();
        scene.run().await;
        scene.assert_sent_once().await;
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_is_gone_from_the_disk_is_left_to_a_person() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.ground.app.blobs.delete(&format!("{}.picture", photo_id(1))).await.unwrap();
        scene.run().await;
        let call = scene.call(CallKind::Document).await;
        assert_eq!(call.state, CallState::Parked);
        assert_eq!((scene.requests(FULFIL), scene.requests(COMPLETE)), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_completion_that_amazon_keeps_refusing_is_parked_within_the_hour() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let began = scene.ground.clock.now();
        // Here the fulfilment counts as done; Amazon knows of none.
        let (app, now) = (&scene.ground.app, scene.ground.clock.now());
        for _ in 0..3 {
            let mut tx = app.db.write().await.unwrap();
            let claim = tx.claim_call(app.seller, now, HOUR).await.unwrap().unwrap();
            let done = Settlement::Done { request_id: None, reason: None };
            assert!(tx.settle_call(app.seller, &claim, &done, now).await.unwrap());
            tx.commit().await.unwrap();
        }
        scene.run().await;
        let call = scene.call(CallKind::Complete).await;
        assert_eq!(call.state, CallState::Parked);
        let reason = call.reason.unwrap();
        assert!(reason.ends_with("Amazon shows the job as NOT_SERVICED."), "{reason}");
        assert_eq!((scene.requests(COMPLETE), scene.requests(READ)), (6, 12));
        assert!(scene.ground.clock.now().since(began) < HOUR);
    })
    .await;
}
