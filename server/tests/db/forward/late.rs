//! What is recorded after a closeout was handed over changes nothing of what Amazon is told.

use super::{
    super::closeout::{ask, put},
    *,
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use doorstep_core::{
    closeout::{Correction, CorrectionReason, Fact, Step},
    digest::Sha256,
    document::Put,
    id::{EpochId, PhotoId},
    photo::{MediaType, PhotoFacts},
    time::Moment,
};

struct Late {
    scene: Scene,
    robin: Person,
}

impl Late {
    /// Handed over, and nothing of it sent.
    async fn on(ground: Ground) -> Self {
        let mut scene = Scene::before_closing(ground).await;
        let app = scene.ground.app.clone();
        let mut tx = app.db.write().await.unwrap();
        tx.lock_documents(app.seller, &[scene.visit]).await.unwrap();
        tx.extend_document(app.seller, scene.visit, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let robin = scene.close().await;
        assert_eq!(scene.forwarding().await.state, ForwardingState::Sending);
        Self { scene, robin }
    }

    async fn put(&self, puts: &[Put]) {
        put(&self.scene.ground.app, &self.robin, self.scene.visit, puts).await;
    }

    fn moment(&self) -> Moment {
        let wall = self.scene.ground.clock.now();
        Moment { epoch: EpochId::from_bytes([3; 8]), monotonic_ms: 0, wall, seen: None }
    }

    fn photo(&self, photo: PhotoId, shot: &str, picture: &[u8]) -> Put {
        let facts = PhotoFacts {
            shot: shot.to_owned(),
            sha256: Sha256::of(picture),
            size: picture.len() as u32,
            width: 64,
            height: 48,
            media: MediaType::sniff(picture).unwrap(),
            taken: self.moment(),
        };
        Put::Photo(photo, facts)
    }

    async fn send(&self, photo: PhotoId, picture: &[u8]) {
        let router = http::router(self.scene.ground.app.clone());
        Sending::new(&router, &self.robin, self.scene.visit, photo, picture).send().await;
    }

    async fn retry(&self, lee: &Person, kind: CallKind) {
        let call = self.scene.call(kind).await;
        assert_eq!(call.state, CallState::Parked);
        let router = http::router(self.scene.ground.app.clone());
        let path = format!("/api/calls/{}/retry", call.id);
        let reply = ask(&router, lee, Method::POST, &path, &[], Body::empty()).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_photo_that_comes_late_is_kept_and_not_sent() {
    on_both_engines(async |ground| {
        let late = Late::on(ground).await;
        let third = picture(3, ImageFormat::Jpeg);
        late.put(&[late.photo(photo_id(3), "detail", &third)]).await;
        late.scene.run().await;
        late.scene.assert_sent_once().await;
        late.send(photo_id(3), &third).await;
        late.scene.run().await;
        late.scene.assert_sent_once().await;
        assert_eq!(late.scene.requests(FULFIL), 1);
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_is_taken_out_after_a_lost_reply_is_reported_as_it_was() {
    on_both_engines(async |ground| {
        let late = Late::on(ground).await;
        late.scene.fault(FULFIL, FaultKind::LoseReply, 1);
        late.scene.worker.forward_due().await.unwrap();
        assert_eq!(late.scene.call(CallKind::Fulfilment).await.state, CallState::Unknown);
        late.put(&[Put::RemovePhoto(photo_id(2))]).await;
        late.scene.run().await;
        late.scene.assert_sent_once().await;
        assert_eq!(late.scene.requests(FULFIL), 2);
    })
    .await;
}

#[tokio::test]
async fn a_time_that_is_corrected_late_is_kept_and_not_sent() {
    on_both_engines(async |ground| {
        let late = Late::on(ground).await;
        let (made, now) = (late.moment(), late.scene.ground.clock.now());
        let said = |at| Correction { at, reason: CorrectionReason::ForgotToTap, made };
        // Ending before it began: nobody would let that through.
        late.put(&[
            Put::Fact(Fact::Correction(Step::Started, said(now.plus_ms(-HOUR / 2)))),
            Put::Fact(Fact::Correction(Step::Finished, said(now.plus_ms(-HOUR * 3)))),
        ])
        .await;
        late.scene.run().await;
        late.scene.assert_sent_once().await;
        let visit = late.scene.sandbox.job(&late.scene.service_job).unwrap();
        let sent = late.scene.sandbox.fulfilment(&visit.appointments[0].appointment_id).unwrap().body;
        let second = |ms| now.plus_ms(ms).to_rfc3339();
        assert_eq!(sent["fulfillmentTime"]["startTime"], second(-2 * HOUR + 60_000));
        assert_eq!(sent["fulfillmentTime"]["endTime"], second(-HOUR));
    })
    .await;
}

#[tokio::test]
async fn photos_that_amazon_takes_for_malware_are_taken_anew_and_sent_again() {
    on_both_engines(async |ground| {
        let mut late = Late::on(ground).await;
        let lee = sign_in(&late.scene.ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        late.scene.fault(UPLOAD, FaultKind::Malware, 2);
        late.scene.run().await;
        let anew = [picture(3, ImageFormat::Jpeg), picture(4, ImageFormat::Png)];
        late.put(&[
            Put::RemovePhoto(photo_id(1)),
            Put::RemovePhoto(photo_id(2)),
            late.photo(photo_id(3), "after", &anew[0]),
            late.photo(photo_id(4), "detail", &anew[1]),
        ])
        .await;
        // Before the new ones are here, it is the old report that is tried again, and refused again.
        late.retry(&lee, CallKind::Fulfilment).await;
        late.scene.run().await;
        for (photo, picture) in [(photo_id(3), &anew[0]), (photo_id(4), &anew[1])] {
            late.send(photo, picture).await;
        }
        late.scene.pictures = anew.to_vec();
        late.retry(&lee, CallKind::Fulfilment).await;
        late.scene.run().await;
        late.scene.assert_sent_once().await;
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_cannot_be_read_is_taken_out_and_its_call_left() {
    on_both_engines(async |ground| {
        let mut late = Late::on(ground).await;
        let lee = sign_in(&late.scene.ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        late.scene.ground.app.blobs.delete(&format!("{}.picture", photo_id(2))).await.unwrap();
        late.scene.run().await;
        let third = picture(3, ImageFormat::Png);
        late.put(&[Put::RemovePhoto(photo_id(2)), late.photo(photo_id(3), "detail", &third)]).await;
        late.send(photo_id(3), &third).await;
        late.scene.pictures[1] = third;
        late.retry(&lee, CallKind::Document).await;
        assert_eq!(late.scene.call(CallKind::Document).await.state, CallState::Left);
        late.scene.run().await;
        late.scene.assert_sent_once().await;
    })
    .await;
}
