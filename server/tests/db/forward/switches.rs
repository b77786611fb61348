//! What is sent is what its switch says, whenever the switch is moved.

mod programs;

use super::*;
use crate::db::engines::on_both_engines_with;
use doorstep_core::api::{ConnectionChanged, PositionSet, SetPosition, SwitchPosition, Waiting};
use doorstep_server::{
    connection::{self, Refused},
    db::connection::NO_PROGRAM,
    settings::Settings,
    work::forward::observed,
};

const WRITES: [&str; 3] = [DESTINATION, FULFIL, COMPLETE];

/// As a connection that nobody has switched on yet.
async fn as_new(ground: &Ground) {
    let mut tx = ground.app.db.write().await.unwrap();
    for operation in WRITES {
        let now = ground.clock.now();
        tx.set_switch(ground.app.seller, NO_PROGRAM, operation, None, now).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn set(
    ground: &Ground,
    operation: &str,
    position: SwitchPosition,
    waiting: Option<Waiting>,
) -> Result<PositionSet, Refused> {
    let wish = SetPosition { position: Some(position), program: None, waiting };
    connection::set(&ground.app, operation, &wish, None).await.unwrap()
}

impl Scene {
    async fn set(&self, operation: &str, position: SwitchPosition, waiting: Option<Waiting>) -> PositionSet {
        set(&self.ground, operation, position, waiting).await.unwrap()
    }

    async fn states(&self) -> Vec<CallState> {
        self.forwarding().await.calls.into_iter().map(|call| call.state).collect()
    }

    /// How many requests of each write reached Amazon.
    fn writes(&self) -> [usize; 4] {
        [DESTINATION, UPLOAD, FULFIL, COMPLETE].map(|operation| self.requests(operation))
    }

    async fn observed(&self) -> Vec<doorstep_core::api::ObservedRequest> {
        let mut tx = self.ground.app.db.read().await.unwrap();
        observed::requests(&self.ground.app, &mut tx, self.visit).await.unwrap()
    }
}

#[tokio::test]
async fn an_old_client_secret_is_told_with_the_switches() {
    let issued = |day: &'static str| {
        move |settings: &mut Settings| settings.amazon.lwa_secret_issued = day.parse().ok()
    };
    on_both_engines_with(issued("2025-10-01"), async |ground| {
        let mut tx = ground.app.db.read().await.unwrap();
        let advice = connection::load(&ground.app, &mut tx).await.unwrap().secret_advice.unwrap();
        assert!(advice.starts_with("The client secret expires in 25 days."), "{advice}");
    })
    .await;
    on_both_engines_with(issued("2026-03-01"), async |ground| {
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(connection::load(&ground.app, &mut tx).await.unwrap().secret_advice, None);
    })
    .await;
}

#[tokio::test]
async fn a_new_connection_reads_and_sends_nothing_and_shows_what_it_would() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
        assert_eq!(scene.worker.next_call_due().await.unwrap(), None);
        assert_eq!(scene.writes(), [0; 4]);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Observed);
        assert_eq!(scene.states().await, [CallState::Observed; 4]);
        let told = scene.told().await;
        assert!(told.contains(&What::CloseoutObserved) && !told.contains(&What::ReadyToSend), "{told:?}");

        let shown = scene.observed().await;
        let visit = scene.sandbox.job(&scene.service_job).unwrap().appointments[0].appointment_id.clone();
        let lines: Vec<_> =
            shown.iter().map(|request| format!("{} {}", request.method, request.path)).collect();
        let job = format!("/service/v1/serviceJobs/{}", scene.service_job);
        assert_eq!(
            lines,
            [
                "POST /service/v1/documents".to_owned(),
                "POST /service/v1/documents".to_owned(),
                format!("PUT {job}/appointments/{visit}/fulfillment"),
                format!("PUT {job}/completions"),
            ]
        );
        assert!(shown.iter().all(|request| request.position == SwitchPosition::Observe));
        assert!(shown.iter().all(|request| request.refused.is_none() && request.query.is_empty()));
        let uploads: Vec<_> = shown.iter().filter_map(|request| request.upload.as_ref()).collect();
        let types: Vec<&str> = uploads.iter().map(|upload| upload.content_type.as_str()).collect();
        assert_eq!(types, ["JPEG", "PNG"]);
        let sizes: Vec<_> = uploads.iter().map(|upload| upload.size as usize).collect();
        assert_eq!(sizes, scene.pictures.iter().map(Vec::len).collect::<Vec<_>>());
        let would: serde_json::Value = serde_json::from_str(shown[2].body.as_ref().unwrap()).unwrap();
        assert_eq!(would["fulfillmentDocuments"][1]["uploadDestinationId"], "‹destination of photo 2›");

        // Switched on, the very same goes out, but for what Amazon had to answer first.
        for operation in WRITES {
            scene.set(operation, SwitchPosition::Send, Some(Waiting::Send)).await;
        }
        scene.run().await;
        let mut sent = scene.sandbox.fulfilment(&visit).unwrap().body;
        for n in 0..2 {
            sent["fulfillmentDocuments"][n] = would["fulfillmentDocuments"][n].clone();
        }
        assert_eq!(sent, would);
        let record = scene.sandbox.record();
        let went: Vec<_> = record
            .iter()
            .filter(|exchange| exchange.operation.is_some_and(|operation| WRITES.contains(&operation)))
            .map(|exchange| format!("{} {}", exchange.method, exchange.path))
            .collect();
        assert_eq!(went, lines);
        assert_eq!(scene.observed().await, []);
    })
    .await;
}

#[tokio::test]
async fn operations_are_switched_on_one_by_one_and_each_call_is_sent_once() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        // In any order: what comes first in the lane comes first.
        assert_eq!(
            scene.set(COMPLETE, SwitchPosition::Send, Some(Waiting::Send)).await,
            PositionSet { released: 1, left: 0 }
        );
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
        assert_eq!(scene.states().await[3], CallState::Ready);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Observed);
        assert_eq!(scene.observed().await.len(), 4, "what waits behind it is shown as well");
        let set = scene.set(DESTINATION, SwitchPosition::Send, Some(Waiting::Send)).await;
        assert_eq!(set, PositionSet { released: 2, left: 0 });
        scene.run().await;
        assert_eq!(scene.writes(), [2, 2, 0, 0]);
        let shown = scene.observed().await;
        assert_eq!(shown.len(), 2);
        assert!(!shown[0].body.as_ref().unwrap().contains('‹'), "the destinations are known by now");
        scene.set(FULFIL, SwitchPosition::Send, Some(Waiting::Send)).await;
        scene.run().await;
        assert_eq!(scene.writes(), [2, 2, 1, 1]);
        assert_eq!(scene.sandbox.completions(&scene.service_job), 1);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Sent);
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_switched_on_over_waiting_calls_before_somebody_says_what_becomes_of_them() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        let changes = async |app: &doorstep_server::app::App| {
            app.db.read().await.unwrap().connection_changes(app.seller, 100).await.unwrap()
        };
        let before = changes(&scene.ground.app).await;
        let refused = set(&scene.ground, DESTINATION, SwitchPosition::Send, None).await.unwrap_err();
        assert_eq!(refused, Refused::CallsWait { calls: 2, visits: 1 });
        assert_eq!(scene.states().await, [CallState::Observed; 4]);
        assert_eq!(
            set(&scene.ground, READ, SwitchPosition::Observe, None).await,
            Err(Refused::ReadIsNotObserved)
        );
        assert_eq!(
            set(&scene.ground, "makeTea", SwitchPosition::Send, None).await,
            Err(Refused::NoSuchOperation)
        );

        let mut tx = scene.ground.app.db.read().await.unwrap();
        let shown = connection::load(&scene.ground.app, &mut tx).await.unwrap();
        let line = shown.operations.iter().find(|line| line.operation == DESTINATION).unwrap();
        assert_eq!((line.waiting_calls, line.waiting_visits, line.writes), (2, 1, true));
        assert_eq!(line.position, SwitchPosition::Observe);
        let reads: Vec<_> = shown.operations.iter().filter(|line| !line.writes).collect();
        assert!(reads.iter().all(|line| line.position == SwitchPosition::Send) && reads.len() >= 2);
        assert_eq!((shown.waiting.len(), shown.waiting[0].calls), (1, 4));
        drop(tx);
        assert_eq!(changes(&scene.ground.app).await, before);
        assert!(shown.last_intake.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_is_left_unsent_stays_unsent_and_later_closeouts_are_sent() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        let set = scene.set(DESTINATION, SwitchPosition::Send, Some(Waiting::Leave)).await;
        assert_eq!(set, PositionSet { released: 0, left: 4 }, "a report without its photos is none");
        for operation in [FULFIL, COMPLETE] {
            assert_eq!(
                scene.set(operation, SwitchPosition::Send, Some(Waiting::Send)).await,
                PositionSet { released: 0, left: 0 }
            );
        }
        scene.run().await;
        scene.ground.clock.advance_ms(24 * HOUR);
        scene.run().await;
        assert_eq!(scene.writes(), [0; 4]);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Left);
        assert!(scene.told().await.contains(&What::CallsLeft));
        let app = &scene.ground.app;
        assert!(app.db.read().await.unwrap().visits_with_open_calls(app.seller).await.unwrap().is_empty());
        let changes = app.db.read().await.unwrap().connection_changes(app.seller, 10).await.unwrap();
        let left = ConnectionChanged::Position {
            operation: DESTINATION.to_owned(),
            program: None,
            from: SwitchPosition::Observe,
            to: SwitchPosition::Send,
            released: 0,
            left: 4,
        };
        assert!(changes.iter().any(|change| change.what == left && change.by.is_none()), "{changes:?}");
    })
    .await;
}

#[tokio::test]
async fn calls_of_a_job_that_is_closed_at_amazon_by_now_are_not_sent_after_it() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        scene.ground.clock.advance_ms(60_000);
        // Somebody closed it in Amazon's own app, and that is known here.
        let app = &scene.ground.app;
        let mut tx = app.db.write().await.unwrap();
        let job = tx.visit(app.seller, scene.visit).await.unwrap().unwrap().job;
        tx.note_status(app.seller, job, "COMPLETED", app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let set = scene.set(DESTINATION, SwitchPosition::Send, Some(Waiting::Send)).await;
        assert_eq!(set, PositionSet { released: 0, left: 4 });
        scene.run().await;
        assert_eq!(scene.writes(), [0; 4]);
    })
    .await;
}

#[tokio::test]
async fn calls_of_a_visit_that_amazon_called_off_wait_for_a_person_whatever_the_switch_says() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        scene.ground.clock.advance_ms(60_000);
        scene.sandbox.cancel(&scene.service_job).unwrap();
        scene.worker.intake().await.unwrap();
        use CallState::{Left, Observed, Parked};
        assert_eq!(scene.states().await, [Parked, Parked, Observed, Observed]);
        for operation in WRITES {
            let set = scene.set(operation, SwitchPosition::Send, Some(Waiting::Send)).await;
            assert_eq!(set.released, 0);
        }
        assert_eq!(scene.states().await, [Parked, Parked, Left, Left]);
        scene.run().await;
        assert_eq!(scene.writes(), [0; 4]);
    })
    .await;
}

#[tokio::test]
async fn a_switch_back_holds_from_the_next_claim_on() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.set(FULFIL, SwitchPosition::Observe, None).await;
        scene.run().await;
        assert_eq!(scene.writes(), [2, 2, 0, 0]);
        use CallState::{Done, Observed, Ready};
        assert_eq!(scene.states().await, [Done, Done, Observed, Ready]);
        scene.set(FULFIL, SwitchPosition::Send, Some(Waiting::Send)).await;
        scene.run().await;
        scene.assert_sent_once().await;
    })
    .await;
}

#[tokio::test]
async fn a_completion_whose_reply_was_lost_is_read_back_though_nothing_is_sent_any_more() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        for operation in WRITES {
            scene.set(operation, SwitchPosition::Observe, None).await;
        }
        scene.run().await;
        scene.assert_sent_once().await;
        // Its status is read before it is sent, and once more for the lost answer.
        assert_eq!((scene.requests(COMPLETE), scene.requests(READ)), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_report_whose_reply_was_lost_is_repeated_only_when_it_may_be_sent_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(FULFIL, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        scene.set(FULFIL, SwitchPosition::Observe, None).await;
        scene.run().await;
        scene.ground.clock.advance_ms(HOUR);
        scene.run().await;
        let call = scene.call(CallKind::Fulfilment).await;
        assert_eq!((call.state, call.next_try), (CallState::Unknown, None));
        assert_eq!((scene.requests(FULFIL), scene.requests(COMPLETE)), (1, 0));
        scene.set(FULFIL, SwitchPosition::Send, None).await;
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!(scene.requests(FULFIL), 2);
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_died_before_the_switch_came_back_leaves_nothing_that_is_sent_after_it() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        let mut tx = app.db.write().await.unwrap();
        let claim = tx.claim_call(app.seller, app.clock.now(), 60_000).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim.kind, CallKind::Document);
        for operation in WRITES {
            scene.set(operation, SwitchPosition::Observe, None).await;
        }
        scene.ground.clock.advance_ms(HOUR);
        scene.run().await;
        assert_eq!(scene.writes(), [0; 4]);
        for operation in WRITES {
            scene.set(operation, SwitchPosition::Send, Some(Waiting::Send)).await;
        }
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!(scene.writes(), [2, 2, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_claimed_after_a_switch_that_many_workers_race_with() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = scene.ground.app.clone();
        let workers = (0..20).map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                let mut tx = app.db.write().await.unwrap();
                let claim = tx.claim_call(app.seller, app.clock.now(), 60_000).await.unwrap();
                tx.commit().await.unwrap();
                u32::from(claim.is_some())
            })
        });
        let workers = futures_util::future::join_all(workers);
        let moved = set(&scene.ground, DESTINATION, SwitchPosition::Observe, None);
        let (claimed, moved) = tokio::join!(workers, moved);
        moved.unwrap();
        let claimed: u32 = claimed.into_iter().map(|worker| worker.unwrap()).sum();
        assert!(claimed <= 1, "one lane");
        let mut tx = app.db.write().await.unwrap();
        assert!(tx.claim_call(app.seller, app.clock.now(), 60_000).await.unwrap().is_none());
    })
    .await;
}
