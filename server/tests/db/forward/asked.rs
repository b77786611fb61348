//! What technicians ask of the office, and visits that end otherwise than with a completed job.

use super::{super::closeout::put, *};
use doorstep_core::{
    closeout::{Asked, Eta, Fact, Outcome, Rule, SecondVisitReason, Step},
    decision::{DecisionState, DeclineReason},
    document::Put,
    id::{EpochId, RequestId, UserId},
    reason::{ReasonCode, Wish},
    time::{Moment, Timestamp},
};
use doorstep_server::{
    db::outbox::{Counts, Settlement},
    decisions::{self, Approval, Refused},
};

const CANCEL: &str = "cancelServiceJobByServiceJobId";
const RESCHEDULE: &str = "rescheduleAppointmentForServiceJobByServiceJobId";

struct Field {
    scene: Scene,
    robin: Person,
    supervisor: UserId,
}

fn request(number: u8) -> RequestId {
    RequestId::from_bytes([number; 16])
}

impl Field {
    async fn on(ground: Ground) -> Self {
        let scene = Scene::before_closing(ground).await;
        let robin = sign_in(&scene.ground, "Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        let app = &scene.ground.app;
        let mut tx = app.db.write().await.unwrap();
        tx.lock_documents(app.seller, &[scene.visit]).await.unwrap();
        tx.extend_document(app.seller, scene.visit, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { scene, robin, supervisor }
    }

    fn moment(&self) -> Moment {
        let wall = self.scene.ground.clock.now();
        Moment { epoch: EpochId::from_bytes([3; 8]), monotonic_ms: 0, wall, seen: None }
    }

    async fn record(&self, facts: Vec<Fact>) {
        let puts: Vec<Put> = facts.into_iter().map(Put::Fact).collect();
        put(&self.scene.ground.app, &self.robin, self.scene.visit, &puts).await;
    }

    async fn ask(&self, number: u8, what: Wish, code: ReasonCode, withdrawn: bool) {
        let asked = Asked { what, code, at: self.moment(), withdrawn };
        self.record(vec![Fact::Request(request(number), asked)]).await;
    }

    /// The closeout with its photos.
    async fn close(&self) {
        let photos = [(photo_id(1), &self.scene.pictures[0][..]), (photo_id(2), &self.scene.pictures[1][..])];
        record(&self.scene.ground.app, &self.robin, self.scene.visit, &photos).await;
        let router = http::router(self.scene.ground.app.clone());
        for (photo, picture) in photos {
            Sending::new(&router, &self.robin, self.scene.visit, photo, picture).send().await;
        }
    }

    async fn approve(&self, number: Option<u8>, wish: Wish, code: &str, start: Option<Timestamp>) {
        let (app, now) = (&self.scene.ground.app, self.scene.ground.clock.now());
        let mut tx = app.db.write().await.unwrap();
        tx.lock_documents(app.seller, &[self.scene.visit]).await.unwrap();
        let request = number.map(request);
        let approval = Approval { by: self.supervisor, request, wish, code: code.to_owned(), start };
        decisions::approve(app, &mut tx, self.scene.visit, approval, now).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }

    async fn decline(&self, number: u8) -> Result<(), Refused> {
        let (app, now) = (&self.scene.ground.app, self.scene.ground.clock.now());
        let mut tx = app.db.write().await.unwrap();
        tx.lock_documents(app.seller, &[self.scene.visit]).await.unwrap();
        let asked = decisions::request_of(app, &mut tx, self.scene.visit, request(number)).await.unwrap()?;
        let reason = DeclineReason::AsPlanned;
        decisions::decline(app, &mut tx, &asked, self.supervisor, reason, now).await.unwrap();
        tx.commit().await.unwrap();
        Ok(())
    }

    async fn card(&self) -> doorstep_core::api::Card {
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        card::load(&self.scene.ground.app, &mut tx, self.scene.visit).await.unwrap().unwrap()
    }

    /// The visit that took the place of this one, once Amazon was asked.
    async fn next_visit(&self) -> AppointmentId {
        self.scene.worker.read_due().await.unwrap();
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        let job = tx.visit(self.scene.ground.app.seller, self.scene.visit).await.unwrap().unwrap().job;
        let visits = tx.visits_of(self.scene.ground.app.seller, job).await.unwrap();
        let new: Vec<_> = visits.iter().filter(|visit| visit.appointment != self.scene.visit).collect();
        assert_eq!(new.len(), 1, "{visits:?}");
        assert!(!new[0].handed_over);
        new[0].appointment
    }
}

#[tokio::test]
async fn a_request_waits_for_the_office_which_approves_or_declines_it() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.ask(1, Wish::Cancel, ReasonCode::S1, false).await;
        let requests = field.card().await.requests;
        assert_eq!((requests.len(), requests[0].code, requests[0].open), (1, ReasonCode::S1, true));
        assert_eq!(requests[0].by.as_deref(), Some("Robin Sample"));
        // The closeout waits for the word.
        field.close().await;
        assert_eq!(field.card().await.forwarding.state, ForwardingState::NotStarted);
        field.decline(1).await.unwrap();
        assert_eq!(field.decline(1).await, Err(Refused::Decided));
        assert!(!field.card().await.requests[0].open);
        assert_eq!(field.card().await.decisions[0].request, Some(request(1)));
        field.scene.run().await;
        field.scene.assert_completed_once().await;
        assert_eq!(field.scene.requests(CANCEL), 0);
    })
    .await;
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.ask(1, Wish::Cancel, ReasonCode::S1, true).await;
        assert_eq!(field.decline(1).await, Err(Refused::NoSuchRequest));
        field.ask(2, Wish::Cancel, ReasonCode::S1, false).await;
        field.approve(Some(2), Wish::Cancel, "S1", None).await;
        field.scene.run().await;
        assert_eq!(field.scene.sandbox.effects(CANCEL), 1);
        let card = field.card().await;
        assert_eq!((card.decisions[0].state, card.status), (DecisionState::Done, JobStatus::Cancelled));
    })
    .await;
}

#[tokio::test]
async fn a_second_visit_is_reported_without_completing_and_gets_a_closeout_of_its_own() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        let outcome = Outcome::SecondVisit { reason: SecondVisitReason::PartsMissing, at: field.moment() };
        field.record(vec![Fact::Outcome(outcome)]).await;
        assert_eq!(field.card().await.outcome_by.as_deref(), Some("Robin Sample"));
        field.close().await;
        field.scene.run().await;
        assert_eq!(field.card().await.forwarding.state, ForwardingState::Reported);
        assert_eq!((field.scene.requests(FULFIL), field.scene.requests(COMPLETE)), (1, 0));
        assert!(field.scene.told().await.contains(&What::VisitReported));
        let to = field.scene.ground.clock.now().plus_ms(48 * HOUR);
        let to = Timestamp(to.0 - to.0.rem_euclid(900_000));
        field.approve(None, Wish::Reschedule, "RS11", Some(to)).await;
        field.scene.run().await;
        assert_ne!(field.next_visit().await, field.scene.visit);
        assert_eq!(field.card().await.forwarding.state, ForwardingState::Reported);
    })
    .await;
}

#[tokio::test]
async fn a_visit_at_which_nobody_was_is_moved_to_one_with_a_closeout_of_its_own() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        let moment = field.moment();
        put(
            &field.scene.ground.app,
            &field.robin,
            field.scene.visit,
            &[Put::Step(Step::Arrived, moment), Put::Fact(Fact::Outcome(Outcome::NoShow { at: moment }))],
        )
        .await;
        assert_eq!(field.card().await.forwarding.state, ForwardingState::NotStarted);
        let to = field.scene.ground.clock.now().plus_ms(48 * HOUR);
        let to = Timestamp(to.0 - to.0.rem_euclid(900_000));
        field.approve(None, Wish::Reschedule, "RS11", Some(to)).await;
        field.scene.run().await;
        field.next_visit().await;
        assert_eq!((field.scene.requests(RESCHEDULE), field.scene.requests(FULFIL)), (1, 0));
    })
    .await;
}

impl Field {
    /// Somebody says when they will be there, in a quarter of an hour.
    async fn set_out(&self) {
        let (now, at) = (self.scene.ground.clock.now(), self.moment());
        let (earliest, latest) = (now.plus_ms(HOUR / 4), now.plus_ms(HOUR / 2));
        self.record(vec![Fact::Eta(Eta { earliest, latest, at })]).await;
    }

    /// What Amazon has of the visit is its report.
    async fn assert_reported_last(&self) {
        self.scene.assert_completed_once().await;
        let visit = self.scene.sandbox.job(&self.scene.service_job).unwrap().appointments[0].clone();
        let report = self.scene.sandbox.fulfilment(&visit.appointment_id).unwrap().body;
        assert!(report["fulfillmentTime"]["endTime"].is_string(), "{report}");
        assert!(report["estimatedArrivalTime"]["startTime"].is_string(), "{report}");
    }

    async fn eta(&self) -> Call {
        self.scene.call(CallKind::Eta).await
    }
}

#[tokio::test]
async fn an_expected_arrival_whose_reply_was_lost_before_is_not_sent_after_the_report() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.set_out().await;
        field.scene.fault(FULFIL, FaultKind::LoseReply, 1);
        field.scene.worker.forward_due().await.unwrap();
        let due = field.eta().await.next_try.unwrap();
        field.scene.ground.clock.advance_ms(due.since(field.scene.ground.clock.now()));
        field.scene.fault(FULFIL, FaultKind::Throttle, 1);
        field.scene.worker.forward_due().await.unwrap();
        assert_eq!((field.eta().await.state, field.scene.requests(FULFIL)), (CallState::Ready, 2));
        field.close().await;
        assert_eq!(field.eta().await.state, CallState::Left);
        field.scene.run().await;
        assert_eq!(field.scene.requests(FULFIL), 3);
        field.assert_reported_last().await;
    })
    .await;
}

#[tokio::test]
async fn an_expected_arrival_that_fails_once_the_closeout_is_handed_over_is_left() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.set_out().await;
        let (app, now) = (field.scene.ground.app.clone(), field.scene.ground.clock.now());
        let mut tx = app.db.write().await.unwrap();
        let claim = tx.claim_call(app.seller, now, HOUR).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim.kind, CallKind::Eta);
        field.close().await;
        assert_eq!(field.eta().await.state, CallState::Sent);
        let mut tx = app.db.write().await.unwrap();
        let again =
            Settlement::Again { due_at: now, counts: Counts::No, reason: Some("Slow down.".to_owned()) };
        assert!(tx.settle_call(app.seller, &claim, &again, now).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(field.eta().await.state, CallState::Left);
        field.scene.run().await;
        assert_eq!(field.scene.requests(FULFIL), 1);
        field.assert_reported_last().await;
    })
    .await;
}

#[tokio::test]
async fn an_expected_arrival_that_is_tried_again_after_the_report_is_left() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.set_out().await;
        let (app, now) = (field.scene.ground.app.clone(), field.scene.ground.clock.now());
        let mut tx = app.db.write().await.unwrap();
        let claim = tx.claim_call(app.seller, now, HOUR).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        field.close().await;
        let mut tx = app.db.write().await.unwrap();
        let parked = Settlement::Parked { reason: "No.".to_owned(), lost_at: None };
        assert!(tx.settle_call(app.seller, &claim, &parked, now).await.unwrap());
        tx.retry_call(app.seller, claim.id, now, HOUR).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(field.eta().await.state, CallState::Left);
        field.scene.run().await;
        field.assert_reported_last().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_expected_on_the_way_reaches_amazon_once_and_stays_in_the_report() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        let now = field.scene.ground.clock.now();
        let eta = |minutes: i64| {
            Fact::Eta(Eta {
                earliest: now.plus_ms(minutes * 60_000),
                latest: now.plus_ms((minutes + 15) * 60_000),
                at: field.moment(),
            })
        };
        field.record(vec![eta(15)]).await;
        field.record(vec![eta(30)]).await;
        field.scene.fault(FULFIL, FaultKind::LoseReply, 1);
        field.scene.run().await;
        assert_eq!(field.scene.requests(FULFIL), 2, "only the last, and once more after its reply was lost");
        assert!(field.scene.told().await.contains(&What::EtaSent));
        let visit = field.scene.sandbox.job(&field.scene.service_job).unwrap();
        let visit = visit.active_appointment().unwrap().appointment_id.clone();
        let told = field.scene.sandbox.fulfilment(&visit).unwrap().body;
        assert!(told["fulfillmentTime"].is_null() && told["estimatedArrivalTime"]["startTime"].is_string());
        assert_eq!(field.card().await.forwarding.state, ForwardingState::NotStarted);
        field.close().await;
        field.scene.run().await;
        field.scene.assert_completed_once().await;
        let report = field.scene.sandbox.fulfilment(&visit).unwrap().body;
        assert_eq!(report["estimatedArrivalTime"], told["estimatedArrivalTime"]);
        assert!(report["fulfillmentTime"]["endTime"].is_string());
    })
    .await;
}

#[tokio::test]
async fn a_visit_that_was_moved_as_asked_is_completed_on_its_new_day() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.ask(1, Wish::Reschedule, ReasonCode::RS11, false).await;
        let to = field.scene.ground.clock.now().plus_ms(24 * HOUR);
        let to = Timestamp(to.0 - to.0.rem_euclid(900_000));
        field.approve(Some(1), Wish::Reschedule, "RS11", Some(to)).await;
        field.scene.run().await;
        field.scene.worker.read_due().await.unwrap();
        assert_eq!(field.card().await.decisions[0].state, DecisionState::Done);
        field.scene.ground.clock.advance_ms(29 * HOUR);
        field.close().await;
        assert!(field.card().await.ready, "{:?}", field.card().await.findings);
        field.scene.run().await;
        field.scene.assert_completed_once().await;
        let job = field.scene.sandbox.job(&field.scene.service_job).unwrap();
        let told: Vec<bool> = job
            .appointments
            .iter()
            .map(|one| field.scene.sandbox.fulfilment(&one.appointment_id).is_some())
            .collect();
        assert_eq!(told, [false, true], "of the visit as it is now");
    })
    .await;
}

#[tokio::test]
async fn work_of_before_a_move_is_not_sent_while_nobody_has_read_where_the_visit_is() {
    on_both_engines(async |ground| {
        let field = Field::on(ground).await;
        field.ask(1, Wish::Reschedule, ReasonCode::RS11, false).await;
        let to = field.scene.ground.clock.now().plus_ms(48 * HOUR);
        let to = Timestamp(to.0 - to.0.rem_euclid(900_000));
        field.approve(Some(1), Wish::Reschedule, "RS11", Some(to)).await;
        field.scene.run().await;
        field.close().await;
        let card = field.card().await;
        assert_eq!((card.ready, card.forwarding.state), (true, ForwardingState::NotStarted));
        field.scene.worker.read_due().await.unwrap();
        let card = field.card().await;
        assert!(
            card.findings.iter().any(|finding| finding.rule == Rule::MovedDuringWork),
            "{:?}",
            card.findings
        );
        field.scene.run().await;
        assert_eq!((field.scene.requests(FULFIL), field.scene.requests(COMPLETE)), (0, 0));
    })
    .await;
}
