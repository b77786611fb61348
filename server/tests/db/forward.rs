//! From a finished closeout to a job that is completed at Amazon, against the sandbox and all it can do wrong.

use super::{
    closeout::{Person, Sending, photo_id, picture, record, sign_in},
    engines::{Ground, HOUR, amazon, on_both_engines},
};
use doorstep_core::{
    api::{Call, CallKind, CallState, Forwarding, ForwardingState, Role, What},
    id::AppointmentId,
    job::JobStatus,
};
use doorstep_sandbox::{Clock, Config, Credentials, Fault, FaultKind, Rates, Sandbox, seed};
use doorstep_server::{card, clock::Clock as _, db::user::LinkKind, http, settings::Settings, work::Worker};
use image::ImageFormat;
use std::sync::Arc;

const COMPLETE: &str = "completeServiceJobByServiceJobId";
const FULFIL: &str = "setAppointmentFulfillmentData";
const DESTINATION: &str = "createServiceDocumentUploadDestination";
const UPLOAD: &str = "uploadDocument";
const READ: &str = "getServiceJobByServiceJobId";

/// A server, a sandbox and one visit that is ready to be sent.
struct Scene {
    ground: Ground,
    sandbox: Sandbox,
    worker: Worker,
    visit: AppointmentId,
    service_job: String,
    pictures: Vec<Vec<u8>>,
}

impl Scene {
    async fn on(ground: Ground) -> Self {
        let mut scene = Self::before_closing(ground).await;
        let robin = scene.close().await;
        drop(robin);
        scene
    }

    async fn before_closing(mut ground: Ground) -> Self {
        let now = ground.clock.now();
        let clock = ground.clock.clone();
        let mut technicians = seed::technicians();
        technicians.truncate(1);
        let day = seed::day_around(7, now.to_utc(), technicians, 1);
        let sandbox = Sandbox::start(Config {
            credentials: Credentials {
                client_id: "made-up-client".to_owned(),
                client_secret: "made-up-secret".to_owned(),
                refresh_token: "made-up-refresh-token".to_owned(),
            },
            rates: Rates::Off,
            ..Config::new(Clock::following(move || clock.now().0), day)
        })
        .await
        .unwrap();
        ground.app.settings = Arc::new(Settings {
            spapi_endpoint: Some(sandbox.url().to_owned()),
            lwa_endpoint: Some(sandbox.url().to_owned()),
            // Real time: how long a test waits for a request that hangs.
            amazon_timeout_ms: 300,
            ..Settings::clone(&ground.app.settings)
        });
        let worker = Worker::new(ground.app.clone(), amazon(&ground.app));
        worker.intake().await.unwrap();
        let mine = |job: &doorstep_sandbox::Job| {
            job.active_appointment()
                .is_some_and(|visit| visit.assigned_technicians[0].technician_id == "TECHA1")
        };
        let service_job = sandbox.jobs().into_iter().find(mine).unwrap().service_job_id;
        let mut tx = ground.app.db.read().await.unwrap();
        let (from, to) = ground.app.settings.day_around(now);
        let mut found = None;
        for visit in tx.board_appointments(ground.app.seller, from, to).await.unwrap() {
            if tx.visit(ground.app.seller, visit).await.unwrap().unwrap().service_job.as_str() == service_job
            {
                found = Some(visit);
            }
        }
        drop(tx);
        let pictures = vec![picture(1, ImageFormat::Jpeg), picture(2, ImageFormat::Png)];
        Self { worker, sandbox, visit: found.unwrap(), service_job, pictures, ground }
    }

    /// Records the closeout and sends its photos.
    async fn close(&mut self) -> Person {
        let robin = sign_in(&self.ground, "Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        let photos = [(photo_id(1), &self.pictures[0][..]), (photo_id(2), &self.pictures[1][..])];
        record(&self.ground.app, &robin, self.visit, &photos).await;
        assert_eq!(self.forwarding().await.state, ForwardingState::NotStarted);
        let router = http::router(self.ground.app.clone());
        for (photo, picture) in photos {
            Sending::new(&router, &robin, self.visit, photo, picture).send().await;
        }
        robin
    }

    async fn forwarding(&self) -> Forwarding {
        let mut tx = self.ground.app.db.read().await.unwrap();
        card::load(&self.ground.app, &mut tx, self.visit).await.unwrap().unwrap().forwarding
    }

    async fn call(&self, kind: CallKind) -> Call {
        let calls = self.forwarding().await.calls;
        calls.into_iter().find(|call| call.kind == kind && call.state != CallState::Done).unwrap()
    }

    /// Lets time pass until everything is sent, or nothing happens any more.
    async fn run(&self) {
        for _ in 0..60 {
            self.worker.forward_due().await.unwrap();
            let Some(due) = self.worker.next_call_due().await.unwrap() else { return };
            let wait = due.since(self.ground.clock.now());
            assert!(wait > 0, "what is due has run");
            self.ground.clock.advance_ms(wait);
        }
        panic!("this never ends: {:?}", self.forwarding().await);
    }

    fn fault(&self, operation: &str, kind: FaultKind, times: u32) {
        self.sandbox.fault(Fault::new(operation, kind, times)).unwrap();
    }

    fn requests(&self, operation: &str) -> usize {
        self.sandbox.record().iter().filter(|exchange| exchange.operation == Some(operation)).count()
    }

    async fn told(&self) -> Vec<What> {
        let mut tx = self.ground.app.db.read().await.unwrap();
        let events = tx.events_after(self.ground.app.seller, 0, 1000).await.unwrap();
        events.into_iter().filter(|event| event.appointment == self.visit).map(|event| event.what).collect()
    }

    /// One completion, both pictures exactly once in the fulfilment, and nothing told twice.
    async fn assert_sent_once(&self) {
        assert_eq!(self.forwarding().await.state, ForwardingState::Sent, "{:?}", self.forwarding().await);
        assert_eq!(self.sandbox.completions(&self.service_job), 1);
        let visit = self.sandbox.job(&self.service_job).unwrap().appointments[0].appointment_id.clone();
        let fulfilment = self.sandbox.fulfilment(&visit).unwrap();
        let documents = self.sandbox.documents();
        let attached: Vec<_> = documents.iter().filter(|document| !document.attached_to.is_empty()).collect();
        let mut pictures: Vec<_> = attached.iter().map(|document| document.bytes.clone().unwrap()).collect();
        let mut expected = self.pictures.clone();
        pictures.sort();
        expected.sort();
        assert_eq!(pictures, expected);
        assert_eq!(fulfilment.body["appointmentResources"][0]["resourceId"], "RESA1");
        let told = self.told().await;
        let count = |what: &What| told.iter().filter(|told| *told == what).count();
        assert_eq!(
            (count(&What::FulfilmentSent), count(&What::Completed), count(&What::ReadyToSend)),
            (1, 1, 1)
        );
        let mut tx = self.ground.app.db.read().await.unwrap();
        let visit = tx.visit(self.ground.app.seller, self.visit).await.unwrap().unwrap();
        assert_eq!(visit.status, JobStatus::Completed);
    }
}

#[tokio::test]
async fn a_finished_closeout_reaches_amazon_once_and_in_order() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        assert_eq!(scene.forwarding().await.state, ForwardingState::Sending);
        // Four calls, and one request each but for the photos, which take two.
        assert_eq!(scene.worker.forward_due().await.unwrap(), 6);
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
        scene.assert_sent_once().await;
        let order: Vec<_> = scene.sandbox.record().iter().filter_map(|exchange| exchange.operation).collect();
        let order: Vec<_> = order.into_iter().skip_while(|operation| *operation != DESTINATION).collect();
        assert_eq!(order, [DESTINATION, UPLOAD, DESTINATION, UPLOAD, FULFIL, COMPLETE]);
        let told = scene.told().await;
        let sent = [What::DocumentSent { photo: photo_id(1) }, What::DocumentSent { photo: photo_id(2) }];
        assert!(sent.iter().all(|what| told.contains(what)), "{told:?}");
        assert!(
            scene.forwarding().await.calls.iter().all(|call| call.attempts == 1),
            "{:?}",
            scene.forwarding().await
        );
    })
    .await;
}

#[tokio::test]
async fn a_reply_that_is_lost_after_completion_leads_to_one_completion() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(COMPLETE, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        let call = scene.call(CallKind::Complete).await;
        assert_eq!(call.state, CallState::Unknown);
        assert_eq!(call.next_try, Some(scene.ground.clock.now().plus_ms(120_000)));
        scene.run().await;
        scene.assert_sent_once().await;
        assert_eq!((scene.requests(COMPLETE), scene.requests(READ)), (1, 1));
        let calls = scene.forwarding().await.calls;
        assert_eq!(calls.last().unwrap().reason.as_deref(), Some("read back"));
    })
    .await;
}

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
        assert_eq!(scene.requests(READ), 0, "the fence is not over");
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
async fn a_report_that_changed_after_the_first_was_lost_is_left_to_a_person() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.fault(FULFIL, FaultKind::LoseReply, 1);
        scene.worker.forward_due().await.unwrap();
        let (app, mut tx) = (&scene.ground.app, scene.ground.app.db.write().await.unwrap());
        let robin = tx.user_named("Robin Sample").await.unwrap().unwrap();
        tx.link_user(app.seller, robin.user, LinkKind::Resource, "RESX9").await.unwrap();
        tx.commit().await.unwrap();
        scene.run().await;
        let call = scene.call(CallKind::Fulfilment).await;
        assert_eq!(call.state, CallState::Parked);
        assert!(call.reason.unwrap().contains("differs"));
        assert_eq!((scene.requests(FULFIL), scene.requests(COMPLETE)), (1, 0));
        assert!(scene.told().await.contains(&What::CallParked { call: CallKind::Fulfilment }));
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
async fn a_call_that_keeps_failing_is_parked_after_twelve_attempts() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let began = scene.ground.clock.now();
        scene.fault(DESTINATION, FaultKind::FailBefore, 100);
        scene.run().await;
        let calls = scene.forwarding().await.calls;
        let documents: Vec<_> = calls.iter().filter(|call| call.kind == CallKind::Document).collect();
        assert!(
            documents.iter().all(|call| (call.state, call.attempts) == (CallState::Parked, 12)),
            "{documents:?}"
        );
        assert_eq!(scene.requests(DESTINATION), 24);
        assert!(scene.ground.clock.now().since(began) < 2 * HOUR);
        assert_eq!((scene.requests(FULFIL), scene.requests(COMPLETE)), (0, 0));
        assert_eq!(scene.forwarding().await.state, ForwardingState::Parked);
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
