//! From a finished closeout to a job that is completed at Amazon, against the sandbox and all it can do wrong.

mod asked;
mod codes;
mod decided;
mod faults;
mod late;
mod parked;
mod retry;
mod switches;

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

pub(super) const COMPLETE: &str = "completeServiceJobByServiceJobId";
pub(super) const FULFIL: &str = "setAppointmentFulfillmentData";
pub(super) const DESTINATION: &str = "createServiceDocumentUploadDestination";
pub(super) const UPLOAD: &str = "uploadDocument";
pub(super) const READ: &str = "getServiceJobByServiceJobId";

/// A server, a sandbox and one visit that is ready to be sent.
pub(super) struct Scene {
    pub(super) ground: Ground,
    pub(super) sandbox: Sandbox,
    pub(super) worker: Worker,
    pub(super) visit: AppointmentId,
    pub(super) service_job: String,
    pub(super) pictures: Vec<Vec<u8>>,
}

impl Scene {
    pub(super) async fn on(ground: Ground) -> Self {
        let mut scene = Self::before_closing(ground).await;
        let robin = scene.close().await;
        drop(robin);
        scene
    }

    pub(super) async fn before_closing(mut ground: Ground) -> Self {
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
    pub(super) async fn close(&mut self) -> Person {
        let robin = sign_in(&self.ground, "Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        let photos = [(photo_id(1), &self.pictures[0][..]), (photo_id(2), &self.pictures[1][..])];
        record(&self.ground.app, &robin, self.visit, &photos).await;
        let calls = self.forwarding().await.calls;
        assert!(calls.iter().all(|call| call.kind != CallKind::Complete), "{calls:?}");
        let router = http::router(self.ground.app.clone());
        for (photo, picture) in photos {
            Sending::new(&router, &robin, self.visit, photo, picture).send().await;
        }
        robin
    }

    pub(super) async fn forwarding(&self) -> Forwarding {
        let mut tx = self.ground.app.db.read().await.unwrap();
        card::load(&self.ground.app, &mut tx, self.visit).await.unwrap().unwrap().forwarding
    }

    pub(super) async fn call(&self, kind: CallKind) -> Call {
        let calls = self.forwarding().await.calls;
        calls.into_iter().find(|call| call.kind == kind && call.state != CallState::Done).unwrap()
    }

    /// Lets time pass until everything is sent, or nothing happens any more.
    pub(super) async fn run(&self) {
        for _ in 0..1_000 {
            self.worker.forward_due().await.unwrap();
            let Some(due) = self.worker.next_call_due().await.unwrap() else { return };
            let wait = due.since(self.ground.clock.now());
            assert!(wait > 0, "what is due has run");
            self.ground.clock.advance_ms(wait);
        }
        panic!("this never ends: {:?}", self.forwarding().await);
    }

    pub(super) fn fault(&self, operation: &str, kind: FaultKind, times: u32) {
        self.sandbox.fault(Fault::new(operation, kind, times)).unwrap();
    }

    pub(super) fn requests(&self, operation: &str) -> usize {
        self.sandbox.record().iter().filter(|exchange| exchange.operation == Some(operation)).count()
    }

    pub(super) async fn told(&self) -> Vec<What> {
        let mut tx = self.ground.app.db.read().await.unwrap();
        let events = tx.events_after(self.ground.app.seller, 0, 1000).await.unwrap();
        events.into_iter().filter(|event| event.appointment == self.visit).map(|event| event.what).collect()
    }

    pub(super) async fn assert_completed_once(&self) {
        assert_eq!(self.forwarding().await.state, ForwardingState::Sent, "{:?}", self.forwarding().await);
        assert_eq!(self.sandbox.completions(&self.service_job), 1);
    }

    /// One completion, both pictures exactly once in the fulfilment, and nothing told twice.
    pub(super) async fn assert_sent_once(&self) {
        self.assert_completed_once().await;
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
        // Four calls, and one request each but for the photos, which take two, and the completion, which asks before.
        assert_eq!(scene.worker.forward_due().await.unwrap(), 6);
        assert_eq!(scene.worker.forward_due().await.unwrap(), 0);
        scene.assert_sent_once().await;
        let order: Vec<_> = scene.sandbox.record().iter().filter_map(|exchange| exchange.operation).collect();
        let order: Vec<_> = order.into_iter().skip_while(|operation| *operation != DESTINATION).collect();
        assert_eq!(order, [DESTINATION, UPLOAD, DESTINATION, UPLOAD, FULFIL, READ, COMPLETE]);
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
        assert_eq!((scene.requests(COMPLETE), scene.requests(READ)), (1, 2), "read before, and read back");
        let calls = scene.forwarding().await.calls;
        assert_eq!(calls.last().unwrap().reason.as_deref(), Some("read back"));
    })
    .await;
}
