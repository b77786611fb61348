//! What goes wrong on the way and mends itself.

use super::*;

#[tokio::test]
async fn each_fault_of_each_request_leads_to_one_completion() {
    for operation in [DESTINATION, UPLOAD, FULFIL, COMPLETE] {
        for kind in [FaultKind::Throttle, FaultKind::FailBefore, FaultKind::FailAfter, FaultKind::LoseReply] {
            on_both_engines(async |ground| {
                let scene = Scene::on(ground).await;
                println!("{operation} {kind:?}");
                // A completion that took effect is read back, so there is no second request to befall.
                let took_effect = matches!(kind, FaultKind::FailAfter | FaultKind::LoseReply);
                let times = if operation == COMPLETE && took_effect { 1 } else { 2 };
                scene.fault(operation, kind, times);
                scene.run().await;
                scene.assert_sent_once().await;
                assert_eq!(scene.sandbox.pending_faults(), []);
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_late_effect_within_the_fence_is_found_and_not_repeated() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::Hang, 1);
        scene.worker.forward_due().await.unwrap();
        assert_eq!(scene.call(CallKind::Complete).await.state, CallState::Unknown);
        scene.ground.clock.advance_ms(60_000);
        scene.worker.forward_due().await.unwrap();
        assert_eq!(scene.requests(READ), 1, "asked before; the fence is not over");
        scene.sandbox.release();
        scene.sandbox.until(|sandbox| sandbox.completions(&scene.service_job) == 1).await;
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!(scene.requests(COMPLETE), 1);
    })
    .await;
}

#[tokio::test]
async fn a_lost_fulfilment_is_repeated_byte_for_byte_after_the_fence() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(FULFIL, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        let visit = scene.sandbox.job(&scene.service_job).unwrap().appointments[0].appointment_id.clone();
        let first = scene.sandbox.fulfilment(&visit).unwrap();
        scene.run().await;
        let second = scene.sandbox.fulfilment(&visit).unwrap();
        assert_eq!((first.times, second.times), (1, 2));
        assert_eq!(first.body, second.body);
        assert!(second.at - first.at >= chrono::TimeDelta::milliseconds(120_000));
        assert_eq!(scene.sandbox.documents().len(), 2, "no photo got a second destination");
        scene.assert_sent_once().await;
    })
    .await;
}

#[tokio::test]
async fn a_destination_that_ran_out_is_replaced_with_a_new_key() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(UPLOAD, FaultKind::ExpiredDestination, 1);
        scene.run().await;
        scene.assert_sent_once().await;
        let documents = scene.sandbox.documents();
        assert_eq!((documents.len(), documents.iter().filter(|document| document.puts > 0).count()), (3, 2));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_died_before_the_upload_goes_on_at_the_same_destination_or_a_new_one() {
    for (away_ms, destinations) in [(10_000, 2), (400_000, 3)] {
        on_both_engines(async |ground| {
            let scene = Scene::on(ground).await;
            // The upload does not reach Amazon; meanwhile time passes.
            scene.fault(UPLOAD, FaultKind::FailBefore, 1);
            scene.worker.forward_due().await.unwrap();
            scene.ground.clock.advance_ms(away_ms);
            scene.run().await;
            scene.assert_sent_once().await;
            assert_eq!(scene.sandbox.documents().len(), destinations, "after {away_ms} ms");
        })
        .await;
    }
}

#[tokio::test]
async fn a_worker_that_is_killed_during_any_request_loses_and_doubles_nothing() {
    for operation in [DESTINATION, UPLOAD, FULFIL, COMPLETE] {
        for kind in [FaultKind::Hang, FaultKind::HangAfter] {
            on_both_engines(async |ground| {
                let scene = Scene::on(ground).await;
                println!("{operation} {kind:?}");
                scene.fault(operation, kind, 1);
                {
                    let killed = scene.worker.forward_due();
                    tokio::select! {
                        outcome = killed => panic!("it hangs: {outcome:?}"),
                        () = scene.sandbox.until(|sandbox| sandbox.held() == 1) => {}
                    }
                }
                scene.sandbox.release();
                scene.sandbox.until(|sandbox| sandbox.held() == 0).await;
                scene.run().await;
                scene.assert_sent_once().await;
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_document_that_amazon_does_not_know_is_uploaded_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(FULFIL, FaultKind::Throttle, 1);
        scene.worker.forward_due().await.unwrap();
        // Amazon has forgotten a destination, before any fulfilment that names it took effect.
        let (app, mut tx) = (&scene.ground.app, scene.ground.app.db.write().await.unwrap());
        let mut document = tx.load_amazon_document(app.seller, photo_id(1)).await.unwrap().unwrap();
        document.upload_destination_id = "made up".to_owned();
        tx.put_amazon_document(app.seller, &document).await.unwrap();
        tx.commit().await.unwrap();
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!((scene.requests(FULFIL), scene.sandbox.documents().len()), (3, 4));
    })
    .await;
}
