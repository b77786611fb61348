//! The outbox: every call is claimed once at a time, lanes keep their order, and whatever dies is read back.

use super::{
    closeout::{Person, photo_id, pretend_safe, sign_in, visits},
    engines::{Ground, on_both_engines},
};
use doorstep_core::{
    api::{CallKind, CallState, Role},
    id::{AppointmentId, JobId, PhotoId},
    time::Timestamp,
};
use doorstep_server::{
    app::App,
    db::{
        Tx,
        outbox::{Claim, Counts, Ends, Settlement, Task},
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

const LEASE: i64 = 60_000;
const FENCE: i64 = 120_000;
const DONE: Settlement = Settlement::Done { request_id: None, reason: None };

/// A visit with its calls in the outbox.
struct Queued {
    job: JobId,
    visit: AppointmentId,
}

async fn queued(ground: &Ground, names: &[&str], photos: u8) -> (Person, Vec<Queued>) {
    let (app, now) = (&ground.app, ground.app.clock.now());
    let robin = sign_in(ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
    let mut all = Vec::new();
    for (number, visit) in visits(ground, names).await.into_iter().enumerate() {
        let photos: Vec<PhotoId> = (0..photos).map(|photo| photo_id((number as u8) * 10 + photo)).collect();
        for photo in &photos {
            pretend_safe(app, &robin, visit, *photo).await;
        }
        let mut tx = app.db.write().await.unwrap();
        let job = tx.visit(app.seller, visit).await.unwrap().unwrap().job;
        tx.enqueue_closeout(app.seller, job, visit, "", &photos, Ends::Job, now).await.unwrap();
        tx.enqueue_closeout(app.seller, job, visit, "", &photos, Ends::Job, now).await.unwrap();
        tx.commit().await.unwrap();
        all.push(Queued { job, visit });
    }
    (robin, all)
}

async fn claim(app: &App) -> Option<Claim> {
    let now = app.clock.now();
    let mut tx = app.db.write().await.unwrap();
    tx.expire_leases(app.seller, now, FENCE).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = app.db.write().await.unwrap();
    let claim = tx.claim_call(app.seller, now, LEASE).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

async fn settle(app: &App, claim: &Claim, settlement: Settlement) -> bool {
    let mut tx = app.db.write().await.unwrap();
    let settled = tx.settle_call(app.seller, claim, &settlement, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    settled
}

async fn calls(app: &App, visit: AppointmentId) -> Vec<(CallKind, CallState, u32)> {
    let calls = app.db.read().await.unwrap().calls_of(app.seller, visit).await.unwrap();
    calls.into_iter().map(|call| (call.kind, call.state, call.attempts)).collect()
}

/// When the next call is due, from now.
async fn due_in(app: &App) -> Option<i64> {
    let due = app.db.read().await.unwrap().next_call_due(app.seller).await.unwrap();
    due.map(|due: Timestamp| due.since(app.clock.now()))
}

use CallKind::{Complete, Document, Fulfilment};
use CallState::{Done, Parked, Ready, Sent, Unknown};

#[tokio::test]
async fn the_calls_of_a_visit_go_one_by_one_in_their_order_and_are_queued_once() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let (_, all) = queued(&ground, &["one"], 2).await;
        assert_eq!(due_in(app).await, Some(0));
        let expected =
            [(Document, Ready, 0), (Document, Ready, 0), (Fulfilment, Ready, 0), (Complete, Ready, 0)];
        assert_eq!(calls(app, all[0].visit).await, expected);
        let mut order = Vec::new();
        while let Some(claimed) = claim(app).await {
            assert_eq!((claimed.task, claimed.attempts, claimed.job), (Task::Send, 1, all[0].job));
            assert!(claim(app).await.is_none(), "the lane is taken");
            assert_eq!(due_in(app).await, Some(LEASE));
            order.push((claimed.kind, claimed.photo));
            assert!(settle(app, &claimed, DONE).await);
            assert!(!settle(app, &claimed, DONE).await, "what is done stays done");
        }
        let two = [(Document, Some(photo_id(0))), (Document, Some(photo_id(1)))];
        assert_eq!(order[2..], [(Fulfilment, None), (Complete, None)]);
        assert!(order[..2] == two || order[..2] == [two[1], two[0]]);
        assert_eq!(due_in(app).await, None);
    })
    .await;
}

#[tokio::test]
async fn fifty_workers_claim_each_call_once() {
    on_both_engines(async |ground| {
        let names: Vec<String> = (0..20).map(|n| format!("job {n:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (_, all) = queued(&ground, &names, 2).await;
        let claimed: Arc<Mutex<BTreeMap<_, u32>>> = Arc::default();
        let lanes: Arc<Mutex<BTreeMap<JobId, Vec<CallKind>>>> = Arc::default();
        let workers = (0..50).map(|_| {
            let (app, claimed, lanes) = (ground.app.clone(), claimed.clone(), lanes.clone());
            tokio::spawn(async move {
                while let Some(call) = claim(&app).await {
                    *claimed.lock().unwrap().entry(call.id).or_default() += 1;
                    lanes.lock().unwrap().entry(call.job).or_default().push(call.kind);
                    assert!(settle(&app, &call, DONE).await);
                }
            })
        });
        futures_util::future::join_all(workers).await.into_iter().for_each(|worker| worker.unwrap());
        assert_eq!(claimed.lock().unwrap().len(), 20 * 4);
        assert!(claimed.lock().unwrap().values().all(|times| *times == 1));
        for visit in all {
            assert_eq!(lanes.lock().unwrap()[&visit.job], [Document, Document, Fulfilment, Complete]);
            assert!(calls(&ground.app, visit.visit).await.iter().all(|(_, state, _)| *state == Done));
        }
    })
    .await;
}

/// Claims up to the call of this kind, settling those before it.
async fn claim_kind(app: &App, kind: CallKind) -> Claim {
    loop {
        let claimed = claim(app).await.unwrap();
        if claimed.kind == kind {
            return claimed;
        }
        assert!(settle(app, &claimed, DONE).await);
    }
}

#[tokio::test]
async fn a_call_whose_worker_died_waits_for_the_fence_and_holds_its_lane() {
    for (kind, then) in [(Document, Task::Send), (Fulfilment, Task::Send), (Complete, Task::ReadBack)] {
        on_both_engines(async |ground| {
            let (app, clock) = (&ground.app, &ground.clock);
            queued(&ground, &["one"], 1).await;
            let died = claim_kind(app, kind).await;
            clock.advance_ms(LEASE - 1);
            assert!(claim(app).await.is_none());
            clock.advance_ms(1);
            assert!(claim(app).await.is_none(), "the lease is over, the fence is not");
            assert_eq!(due_in(app).await, Some(FENCE - LEASE));
            clock.advance_ms(FENCE - LEASE);
            let again = claim(app).await.unwrap();
            assert_eq!((again.id, again.task, again.attempts), (died.id, then, 2), "{kind:?}");
            assert_eq!(again.lost_at, Some(died.sent_at));
            // The first worker was slow, not dead: its word comes too late.
            assert!(!settle(app, &died, DONE).await);
            assert!(settle(app, &again, DONE).await);
        })
        .await;
    }
}

#[tokio::test]
async fn a_worker_that_is_late_but_not_replaced_is_heard() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let (_, all) = queued(&ground, &["one"], 1).await;
        let slow = claim_kind(app, Complete).await;
        ground.clock.advance_ms(LEASE + 1);
        assert!(claim(app).await.is_none());
        assert_eq!(calls(app, all[0].visit).await[2], (Complete, Unknown, 1));
        assert!(settle(app, &slow, DONE).await);
        assert_eq!(calls(app, all[0].visit).await[2], (Complete, Done, 1));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_dies_reading_back_leaves_the_question_open() {
    on_both_engines(async |ground| {
        let (app, clock) = (&ground.app, &ground.clock);
        queued(&ground, &["one"], 1).await;
        let sent = claim_kind(app, Complete).await;
        let lost = Settlement::Lost { due_at: clock_now(app).plus_ms(FENCE), reason: None };
        assert!(settle(app, &sent, lost).await);
        assert!(claim(app).await.is_none());
        clock.advance_ms(FENCE);
        let asks = claim(app).await.unwrap();
        assert_eq!((asks.task, asks.sent_at), (Task::ReadBack, sent.sent_at));
        assert!(claim(app).await.is_none(), "one asks at a time");
        clock.advance_ms(LEASE);
        let asks_again = claim(app).await.unwrap();
        assert_eq!((asks_again.task, asks_again.attempts), (Task::ReadBack, 3));
        assert!(!settle(app, &asks, DONE).await);
        let open = Settlement::Again { due_at: clock_now(app), counts: Counts::Yes, reason: None };
        assert!(settle(app, &asks_again, open).await);
        let sends = claim(app).await.unwrap();
        assert_eq!(
            (sends.task, sends.lost_at),
            (Task::Send, Some(sent.sent_at)),
            "a loss is never forgotten"
        );
    })
    .await;
}

fn clock_now(app: &App) -> Timestamp {
    app.clock.now()
}

#[tokio::test]
async fn a_parked_call_stops_what_comes_after_it_and_no_other_job() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let (_, all) = queued(&ground, &["one", "two"], 2).await;
        let parked = claim(app).await.unwrap();
        let refusal = Settlement::Parked { reason: "Amazon's words.".to_owned(), lost_at: None };
        assert!(settle(app, &parked, refusal).await);
        let mut left = Vec::new();
        while let Some(call) = claim(app).await {
            assert!(settle(app, &call, DONE).await);
            left.push(call);
        }
        // The other photo of the job goes on; its fulfilment and completion do not.
        assert_eq!(left.iter().filter(|call| call.job == parked.job).count(), 1);
        assert_eq!(left.iter().filter(|call| call.job != parked.job).count(), 4);
        let visit = all.iter().find(|queued| queued.job == parked.job).unwrap().visit;
        let states: Vec<_> = calls(app, visit).await.into_iter().map(|(_, state, _)| state).collect();
        assert_eq!(states.iter().filter(|state| **state == Parked).count(), 1);
        assert_eq!(states[2..], [Ready, Ready]);
        let reasons = app.db.read().await.unwrap().calls_of(app.seller, visit).await.unwrap();
        assert!(reasons.iter().any(|call| call.reason.as_deref() == Some("Amazon's words.")));
        assert_eq!(app.db.read().await.unwrap().visits_with_open_calls(app.seller).await.unwrap(), [visit]);
    })
    .await;
}

#[tokio::test]
async fn only_attempts_that_failed_bring_a_call_nearer_to_a_person() {
    on_both_engines(async |ground| {
        let (app, clock) = (&ground.app, &ground.clock);
        let (_, all) = queued(&ground, &["one"], 1).await;
        for (counts, attempts) in [(Counts::No, 0), (Counts::Yes, 1), (Counts::No, 1), (Counts::Yes, 2)] {
            let claimed = claim(app).await.unwrap();
            let again = Settlement::Again {
                due_at: clock_now(app).plus_ms(500),
                counts,
                reason: Some("why".to_owned()),
            };
            assert!(settle(app, &claimed, again).await);
            assert_eq!(calls(app, all[0].visit).await[0], (Document, Ready, attempts));
            assert!(claim(app).await.is_none());
            assert_eq!(due_in(app).await, Some(500));
            clock.advance_ms(500);
        }
        let claimed = claim(app).await.unwrap();
        assert_eq!(calls(app, all[0].visit).await[0].1, Sent);
        assert!(settle(app, &claimed, DONE).await);
        let call = app.db.read().await.unwrap().calls_of(app.seller, all[0].visit).await.unwrap().remove(0);
        assert_eq!((call.reason, call.next_try), (None, None));
    })
    .await;
}

#[tokio::test]
async fn documents_go_again_only_while_amazon_cannot_know_them() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let (_, all) = queued(&ground, &["one"], 1).await;
        let visit = all[0].visit;
        let known = async |app: &App| {
            app.db.read().await.unwrap().fulfilment_may_be_known(app.seller, visit).await.unwrap()
        };
        assert!(!known(app).await);
        let sent = claim_kind(app, Fulfilment).await;
        assert!(known(app).await, "it may be on its way");
        let mut tx: Tx = app.db.write().await.unwrap();
        let again = Settlement::Again { due_at: clock_now(app), counts: Counts::Yes, reason: None };
        assert!(tx.settle_call(app.seller, &sent, &again, clock_now(app)).await.unwrap());
        tx.repeat_documents(app.seller, visit, clock_now(app)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!known(app).await);
        assert_eq!(claim(app).await.unwrap().kind, Document, "documents come first again");
    })
    .await;
}
