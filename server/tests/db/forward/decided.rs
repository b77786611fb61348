//! Visits that the office moves and jobs that it cancels, whatever becomes of the replies.

mod gave_way;

use super::*;
use doorstep_core::{
    decision::DecisionState,
    id::{JobId, UserId},
    reason::Wish,
    time::Timestamp,
};
use doorstep_server::decisions::{self, Approval, Refused};

const RESCHEDULE: &str = "rescheduleAppointmentForServiceJobByServiceJobId";
const ASSIGN: &str = "assignAppointmentResources";
const CANCEL: &str = "cancelServiceJobByServiceJobId";
const SLOTS: &str = "getAppointmmentSlotsByJobId";

/// A visit before anybody has gone there, and somebody in the office.
struct Office {
    scene: Scene,
    supervisor: UserId,
}

impl Office {
    async fn on(ground: Ground) -> Self {
        let scene = Scene::before_closing(ground).await;
        sign_in(&scene.ground, "Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        Self { scene, supervisor }
    }

    /// Reads the job's slots and gives one of another day.
    async fn slot(&self) -> Timestamp {
        let (app, now) = (&self.scene.ground.app, self.scene.ground.clock.now());
        let mut tx = app.db.write().await.unwrap();
        let job = tx.visit(app.seller, self.scene.visit).await.unwrap().unwrap().job;
        tx.ask_for_slots(app.seller, job, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(self.scene.worker.read_slots().await.unwrap(), 1);
        let mut heard = app.db.read().await.unwrap().slot_reading(app.seller, job).await.unwrap();
        while heard.reading {
            // A machine so slow that the request ran out of time: the worker asks again, and not for ever.
            self.scene.ground.clock.advance_ms(2_000);
            self.scene.worker.read_slots().await.unwrap();
            heard = app.db.read().await.unwrap().slot_reading(app.seller, job).await.unwrap();
        }
        assert_eq!((heard.refusal, heard.read_at), (None, Some(app.clock.now())));
        // Whoever waits for them hears of it.
        assert!(self.scene.told().await.contains(&What::SlotsRead));
        let slots = heard.slots.iter().filter(|slot| slot.start > now.plus_ms(24 * HOUR));
        slots.map(|slot| slot.start).next().unwrap()
    }

    async fn approve(&self, wish: Wish, code: &str, start: Option<Timestamp>) -> Result<(), Refused> {
        let (app, now) = (&self.scene.ground.app, self.scene.ground.clock.now());
        let approval = Approval { by: self.supervisor, request: None, wish, code: code.to_owned(), start };
        let mut tx = app.db.write().await.unwrap();
        tx.lock_documents(app.seller, &[self.scene.visit]).await.unwrap();
        let answer = decisions::approve(app, &mut tx, self.scene.visit, approval, now).await.unwrap();
        if answer.is_ok() {
            tx.commit().await.unwrap();
        }
        answer
    }

    async fn decisions(&self) -> Vec<DecisionState> {
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        let all = tx.decisions_of(self.scene.ground.app.seller, self.scene.visit).await.unwrap();
        all.into_iter().map(|decision| decision.state).collect()
    }

    /// The visit is there once, at its new time, and whoever was to come is to come.
    async fn assert_moved(&self, to: Timestamp) {
        let job = self.scene.sandbox.job(&self.scene.service_job).unwrap();
        assert_eq!(job.appointments.len(), 2, "moved once");
        let active = job.active_appointment().unwrap();
        assert_eq!(active.appointment_time.start_time, to.to_utc());
        let comes: Vec<_> = active.assigned_technicians.iter().map(|it| it.technician_id.as_str()).collect();
        assert_eq!(comes, ["TECHA1"]);
        assert_eq!(self.decisions().await, [DecisionState::Done]);
        self.scene.worker.read_due().await.unwrap();
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        let visit = tx.visit(self.scene.ground.app.seller, self.scene.visit).await.unwrap().unwrap();
        assert_eq!((visit.window.start, visit.amazon_appointment.as_str()), (to, &*active.appointment_id));
        drop(tx);
        let told = self.scene.told().await;
        let count = |what: What| told.iter().filter(|told| **told == what).count();
        assert_eq!((count(What::Rescheduled), count(What::TechniciansAssigned)), (1, 1));
    }

    async fn assert_cancelled(&self) {
        let job = self.scene.sandbox.job(&self.scene.service_job).unwrap();
        assert_eq!(job.service_job_status, doorstep_sandbox::JobStatus::Cancelled);
        assert_eq!(self.scene.sandbox.effects(CANCEL), 1);
        assert_eq!(self.decisions().await, [DecisionState::Done]);
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        let visit = tx.visit(self.scene.ground.app.seller, self.scene.visit).await.unwrap().unwrap();
        assert_eq!(visit.status, JobStatus::Cancelled);
    }

    async fn job(&self) -> JobId {
        let mut tx = self.scene.ground.app.db.read().await.unwrap();
        tx.visit(self.scene.ground.app.seller, self.scene.visit).await.unwrap().unwrap().job
    }
}

#[tokio::test]
async fn a_visit_is_moved_and_whoever_was_to_come_is_assigned_again() {
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let to = office.slot().await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        assert_eq!(office.decisions().await, [DecisionState::Approved]);
        office.scene.run().await;
        office.assert_moved(to).await;
        let asked = [RESCHEDULE, ASSIGN, SLOTS].map(|operation| office.scene.requests(operation));
        assert_eq!(asked, [1, 1, 1]);
        assert_eq!(office.scene.forwarding().await.state, ForwardingState::NotStarted);
    })
    .await;
}

#[tokio::test]
async fn each_fault_of_a_move_leads_to_one_move() {
    let faults = [
        FaultKind::Throttle,
        FaultKind::FailBefore,
        FaultKind::FailAfter,
        FaultKind::LoseRequest,
        FaultKind::LoseReply,
        FaultKind::FailLate,
        FaultKind::LoseLate,
    ];
    for operation in [RESCHEDULE, ASSIGN] {
        for fault in faults {
            on_both_engines(async |ground| {
                let office = Office::on(ground).await;
                let to = office.slot().await;
                office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
                office.scene.fault(operation, fault, 1);
                office.scene.run().await;
                office.assert_moved(to).await;
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_move_that_intake_hears_of_before_its_reply_is_one_move() {
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let to = office.slot().await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.fault(RESCHEDULE, FaultKind::LoseReply, 1);
        office.scene.worker.forward_due().await.unwrap();
        office.scene.worker.intake().await.unwrap();
        office.scene.run().await;
        office.assert_moved(to).await;
        assert_eq!(office.scene.requests(RESCHEDULE), 1);
    })
    .await;
}

#[tokio::test]
async fn each_fault_of_a_cancellation_leads_to_one() {
    let faults = [
        FaultKind::Throttle,
        FaultKind::FailBefore,
        FaultKind::FailAfter,
        FaultKind::LoseRequest,
        FaultKind::LoseReply,
        FaultKind::FailLate,
        FaultKind::LoseLate,
    ];
    for fault in faults {
        on_both_engines(async |ground| {
            let office = Office::on(ground).await;
            office.approve(Wish::Cancel, "S1", None).await.unwrap();
            office.scene.fault(CANCEL, fault, 1);
            office.scene.run().await;
            office.assert_cancelled().await;
            assert_eq!(office.scene.told().await.last(), Some(&What::JobCancelled));
        })
        .await;
    }
}

#[tokio::test]
async fn what_amazon_refuses_of_a_decision_waits_for_a_person_in_amazons_words() {
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let to = office.slot().await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.fault(RESCHEDULE, FaultKind::SlotTaken, 1);
        office.scene.run().await;
        let call = office.scene.call(CallKind::Reschedule).await;
        assert_eq!((call.state, office.decisions().await), (CallState::Parked, vec![DecisionState::Stuck]));
        let reason = call.reason.unwrap();
        assert!(reason.ends_with("Amazon shows the visit where it was."), "{reason}");
        assert_eq!((office.scene.requests(RESCHEDULE), office.scene.requests(ASSIGN)), (1, 0));
        // Another decision takes its place.
        office.approve(Wish::Cancel, "S1", None).await.unwrap();
        office.scene.run().await;
        assert_eq!(office.decisions().await, [DecisionState::Dropped, DecisionState::Done]);
        assert_eq!((office.scene.requests(RESCHEDULE), office.scene.sandbox.effects(CANCEL)), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_is_closed_meanwhile_is_neither_moved_nor_cancelled() {
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let to = office.slot().await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.sandbox.cancel(&office.scene.service_job).unwrap();
        office.scene.run().await;
        let reason = office.scene.call(CallKind::Reschedule).await.reason.unwrap();
        assert_eq!(reason, "Amazon shows the job as CANCELLED.");
        assert_eq!(office.scene.requests(RESCHEDULE), 0);
        // That it is cancelled already is what a cancellation wants.
        office.approve(Wish::Cancel, "S1", None).await.unwrap();
        office.scene.run().await;
        assert_eq!(office.decisions().await, [DecisionState::Dropped, DecisionState::Done]);
        assert_eq!(office.scene.requests(CANCEL), 0);
        office.scene.worker.read_due().await.unwrap();
        assert_eq!(office.approve(Wish::Cancel, "S1", None).await, Err(Refused::JobClosed));
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_checked_before_it_is_taken() {
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let (now, to) = (office.scene.ground.clock.now(), office.slot().await);
        let moved = |code: &'static str, start| office.approve(Wish::Reschedule, code, start);
        let Err(Refused::Code { valid }) = moved("RS1", Some(to)).await else { panic!("not a code here") };
        assert!(valid.iter().any(|code| code.as_str() == "RS11"));
        assert!(matches!(moved("S1", Some(to)).await, Err(Refused::Code { .. })));
        assert!(matches!(office.approve(Wish::Cancel, "S31", None).await, Err(Refused::Code { .. })));
        assert_eq!(moved("RS11", None).await, Err(Refused::TimeMissing));
        assert_eq!(moved("RS11", Some(now)).await, Err(Refused::TimeOver));
        assert_eq!(moved("RS11", Some(now.plus_ms(366 * 24 * HOUR))).await, Err(Refused::TimeTooFar));
        let mut tx = office.scene.ground.app.db.read().await.unwrap();
        let visit = tx.visit(office.scene.ground.app.seller, office.scene.visit).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(moved("RS11", Some(visit.window.start)).await, Err(Refused::SameTime));
        assert_eq!(office.decisions().await, []);
        // What is on its way is not overtaken.
        moved("RS11", Some(to)).await.unwrap();
        office.scene.fault(RESCHEDULE, FaultKind::LoseReply, 1);
        office.scene.worker.forward_due().await.unwrap();
        assert_eq!(office.approve(Wish::Cancel, "S1", None).await, Err(Refused::UnderWay));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_is_being_completed_is_not_cancelled_and_one_being_cancelled_not_completed() {
    on_both_engines(async |ground| {
        let mut scene = Scene::before_closing(ground).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        scene.close().await;
        let office = Office { scene, supervisor };
        assert_eq!(office.approve(Wish::Cancel, "S1", None).await, Err(Refused::BeingCompleted));
        office.scene.run().await;
        assert_eq!(office.approve(Wish::Cancel, "S1", None).await, Err(Refused::JobClosed));
    })
    .await;
    on_both_engines(async |ground| {
        let scene = Scene::before_closing(ground).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        let mut office = Office { scene, supervisor };
        office.approve(Wish::Cancel, "S1", None).await.unwrap();
        office.scene.close().await;
        assert_eq!(office.scene.forwarding().await.calls.len(), 1, "the closeout waits");
        office.scene.run().await;
        office.assert_cancelled().await;
        assert_eq!((office.scene.requests(COMPLETE), office.scene.requests(DESTINATION)), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_closeout_that_waited_for_a_decision_goes_when_amazon_refuses_that() {
    on_both_engines(async |ground| {
        let scene = Scene::before_closing(ground).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        let mut office = Office { scene, supervisor };
        let to = office.slot().await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.close().await;
        office.scene.fault(RESCHEDULE, FaultKind::SlotTaken, 1);
        office.scene.run().await;
        assert_eq!(office.scene.sandbox.completions(&office.scene.service_job), 1);
    })
    .await;
}

#[tokio::test]
async fn a_closeout_that_waited_for_a_decision_goes_when_the_office_leaves_that_unsent() {
    use doorstep_core::api::{SetPosition, SwitchPosition, Waiting};
    on_both_engines(async |ground| {
        let scene = Scene::before_closing(ground).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        let mut office = Office { scene, supervisor };
        let to = office.slot().await;
        let set = async |app: &doorstep_server::app::App, position, waiting| {
            let wish = SetPosition { position: Some(position), program: None, waiting };
            doorstep_server::connection::set(app, RESCHEDULE, &wish, None).await.unwrap().unwrap()
        };
        let app = office.scene.ground.app.clone();
        set(&app, SwitchPosition::Observe, None).await;
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.close().await;
        office.scene.run().await;
        assert_eq!(office.scene.worker.settle_unclosed().await.unwrap(), 0, "it waits for the decision");
        assert_eq!(set(&app, SwitchPosition::Send, Some(Waiting::Leave)).await.left, 1);
        assert_eq!(office.scene.worker.settle_unclosed().await.unwrap(), 1);
        assert_eq!(office.scene.worker.settle_unclosed().await.unwrap(), 0);
        office.scene.run().await;
        assert_eq!(office.scene.sandbox.completions(&office.scene.service_job), 1);
        assert_eq!(office.scene.requests(RESCHEDULE), 0);
    })
    .await;
}

#[tokio::test]
async fn a_closeout_goes_though_a_crash_came_after_the_commit_of_what_it_waited_for() {
    on_both_engines(async |ground| {
        let mut scene = Scene::before_closing(ground).await;
        let (app, visit) = (scene.ground.app.clone(), scene.visit);
        let status = async |status: &str| {
            let mut tx = app.db.write().await.unwrap();
            let job = tx.visit(app.seller, visit).await.unwrap().unwrap().job;
            tx.note_status(app.seller, job, status, app.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        status("HOLD").await;
        scene.close().await;
        assert_eq!(scene.forwarding().await.calls, []);
        assert_eq!(scene.worker.settle_unclosed().await.unwrap(), 0, "the job is on hold");
        // Committed, and nobody told: what comes next from Amazon is the same, and says nothing new.
        status("NOT_SERVICED").await;
        scene.worker.intake().await.unwrap();
        assert_eq!(scene.forwarding().await.calls, []);
        assert_eq!(scene.worker.settle_unclosed().await.unwrap(), 1);
        scene.run().await;
        scene.assert_sent_once().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_only_observed_of_a_decision_is_shown_and_not_sent() {
    use doorstep_core::api::{SetPosition, SwitchPosition};
    on_both_engines(async |ground| {
        let office = Office::on(ground).await;
        let to = office.slot().await;
        let app = &office.scene.ground.app;
        for operation in [RESCHEDULE, CANCEL] {
            let position = Some(SwitchPosition::Observe);
            let wish = SetPosition { position, program: None, waiting: None };
            doorstep_server::connection::set(app, operation, &wish, None).await.unwrap().unwrap();
        }
        office.approve(Wish::Reschedule, "RS11", Some(to)).await.unwrap();
        office.scene.run().await;
        assert_eq!(office.scene.call(CallKind::Reschedule).await.state, CallState::Observed);
        let mut tx = app.db.read().await.unwrap();
        let shown = doorstep_server::work::forward::observed::requests(app, &mut tx, office.scene.visit)
            .await
            .unwrap();
        drop(tx);
        assert!(shown[0].body.as_ref().unwrap().contains("\"rescheduleReasonCode\":\"RS11\""), "{shown:?}");
        office.approve(Wish::Cancel, "S1", None).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let shown = doorstep_server::work::forward::observed::requests(app, &mut tx, office.scene.visit)
            .await
            .unwrap();
        drop(tx);
        assert_eq!((shown.len(), &*shown[0].query), (1, "cancellationReasonCode=S1"));
        office.scene.run().await;
        assert_eq!((office.scene.requests(RESCHEDULE), office.scene.requests(CANCEL)), (0, 0));
        let mut tx = app.db.read().await.unwrap();
        let visit = decisions::visit_of(app, &mut tx, office.job().await).await.unwrap();
        assert_eq!(visit, Some(office.scene.visit));
    })
    .await;
}
