//! Phones and people who are barred: they get nothing, and what they bring is kept and does not count by itself.

use super::{
    closeout::{Person, Reply, Sending, get, photo_id, picture, post_json, record, sign_in, visits},
    engines::{Ground, MORNING, PASSWORD, on_both_engines},
    phones::{healthy, phones},
};
use axum::Router;
use doorstep_core::{
    api::{Board, Card, ForwardingState, Held, Phone, Role, What},
    id::{AppointmentId, PhotoId},
};
use doorstep_server::{http, users};
use image::ImageFormat;
use serde_json::json;

struct Scene {
    router: Router,
    robin: Person,
    lee: Person,
    visit: AppointmentId,
    pictures: [(PhotoId, Vec<u8>); 2],
}

impl Scene {
    /// A closeout that lacks nothing but its two photos, which are still on Robin's phone.
    async fn of(ground: &Ground) -> Self {
        let robin = sign_in(ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let lee = sign_in(ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let visit = visits(ground, &["one"]).await[0];
        let pictures = [1, 2].map(|number| (photo_id(number), picture(number, ImageFormat::Jpeg)));
        let photos: Vec<_> = pictures.iter().map(|(photo, bytes)| (*photo, bytes.as_slice())).collect();
        record(&ground.app, &robin, visit, &photos).await;
        Self { router: http::router(ground.app.clone()), robin, lee, visit, pictures }
    }

    async fn revoke(&self, reason: &str) -> Reply {
        let path = format!("/api/devices/{}/revoke", self.robin.device);
        post_json(&self.router, &self.lee, &path, &json!({"reason": reason})).await
    }

    async fn send(&self) {
        for (photo, bytes) in &self.pictures {
            let sending = Sending::new(&self.router, &self.robin, self.visit, *photo, bytes);
            sending.send().await;
            assert_eq!(sending.receipt().await.status, 200, "the phone may let go of it");
        }
    }

    async fn card(&self) -> Card {
        let board: Board =
            serde_json::from_slice(&get(&self.router, &self.lee, "/api/board").await.body).unwrap();
        board.cards.into_iter().next().unwrap()
    }

    async fn held(&self) -> Vec<Held> {
        serde_json::from_slice(&get(&self.router, &self.lee, "/api/quarantine").await.body).unwrap()
    }

    async fn decide(&self, held: &Held, decision: &str, reason: &str) -> Reply {
        let path = format!("/api/quarantine/{}", held.item);
        post_json(&self.router, &self.lee, &path, &json!({"decision": decision, "reason": reason})).await
    }

    async fn phone(&self) -> Phone {
        let all = phones(&self.router, &self.lee).await;
        all.into_iter().find(|one| one.device == self.robin.device).unwrap()
    }

    /// Nothing is granted on any way but those of evidence.
    async fn gets_nothing(&self) {
        let picture = format!("/api/photos/{}/picture", self.pictures[0].0);
        for path in ["/api/day", "/api/me", &picture] {
            let refused = get(&self.router, &self.robin, path).await;
            assert_eq!(refused.refusal(), (403, "phone_revoked".to_owned()), "{path}");
        }
        let sync = post_json(&self.router, &self.robin, "/api/sync", &json!({})).await;
        assert_eq!(sync.refusal().1, "phone_revoked");
    }
}

#[tokio::test]
async fn a_revoked_phone_gets_nothing_and_what_it_brings_counts_once_it_is_released() {
    on_both_engines(async |ground| {
        let scene = Scene::of(&ground).await;
        assert_eq!(scene.revoke("  ").await.refusal().1, "reason_missing");
        assert_eq!(scene.revoke("Left on a bus").await.status, 204);
        assert_eq!(scene.revoke("Left on a bus").await.refusal().1, "revoked_before");
        assert_eq!(scene.phone().await.revoked.unwrap().heard_at, None, "nobody has told it yet");
        ground.clock.advance_ms(1000);
        scene.gets_nothing().await;
        let revoked = scene.phone().await.revoked.unwrap();
        assert_eq!(
            (revoked.at, revoked.by.as_str(), revoked.reason.as_str()),
            (MORNING, "Lee Sample", "Left on a bus")
        );
        assert_eq!(revoked.heard_at, Some(MORNING.plus_ms(1000)));

        // It tells of itself and brings what it has.
        let health = post_json(&scene.router, &scene.robin, "/api/device/health", &healthy(MORNING)).await;
        assert_eq!(health.refusal().1, "phone_revoked", "a locked phone hears of it here");
        assert!(scene.phone().await.told.is_some());
        scene.send().await;
        let card = scene.card().await;
        assert_eq!(card.forwarding.state, ForwardingState::NotStarted);
        assert!(card.photos.iter().all(|photo| photo.held && !photo.safe), "{:?}", card.photos);
        let held = scene.held().await;
        assert_eq!(
            (held.len(), held[0].technician.as_str(), held[0].appointment),
            (2, "Robin Sample", scene.visit)
        );

        assert_eq!(scene.decide(&held[0], "release", "Robin called").await.status, 204);
        assert_eq!(scene.decide(&held[0], "reject", "Robin called").await.refusal().1, "decided_before");
        assert_eq!(scene.card().await.forwarding.state, ForwardingState::NotStarted);
        assert_eq!(scene.decide(&held[1], "release", "Robin called").await.status, 204);
        let card = scene.card().await;
        assert!(card.photos.iter().all(|photo| photo.safe && !photo.held));
        assert_eq!(card.forwarding.calls.len(), 4, "handed over with the last photo");
        assert_eq!(scene.held().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_is_rejected_is_kept_and_never_counts() {
    on_both_engines(async |ground| {
        let scene = Scene::of(&ground).await;
        assert_eq!(scene.revoke("Stolen").await.status, 204);
        scene.send().await;
        for held in scene.held().await {
            assert_eq!(scene.decide(&held, "reject", "Not taken by Robin").await.status, 204);
        }
        let card = scene.card().await;
        assert_eq!(card.forwarding.state, ForwardingState::NotStarted);
        assert!(card.photos.iter().all(|photo| !photo.safe));
        let picture = format!("/api/photos/{}/picture", scene.pictures[0].0);
        assert_eq!(
            get(&scene.router, &scene.lee, &picture).await.status,
            200,
            "somebody may still have to see it"
        );
        let mut tx = ground.app.db.read().await.unwrap();
        let events = tx.events_after(ground.app.seller, 0, 100).await.unwrap();
        assert!(!events.iter().any(|event| matches!(event.what, What::PhotoSafe { .. } | What::ReadyToSend)));
    })
    .await;
}

#[tokio::test]
async fn late_work_of_somebody_whose_account_is_closed_is_held_and_they_come_back_to_the_same_phone() {
    on_both_engines(async |ground| {
        let scene = Scene::of(&ground).await;
        users::set_enabled(&ground.app, "Robin Sample", false).await.unwrap();
        scene.gets_nothing().await;
        scene.send().await;
        assert_eq!(scene.held().await.len(), 2);
        let password = json!({"name": "Robin Sample", "password": PASSWORD, "device": null});
        let refused = post_json(&scene.router, &scene.robin, "/api/sign-in", &password).await;
        assert_eq!(refused.refusal().1, "name_or_password_wrong");

        users::set_enabled(&ground.app, "Robin Sample", true).await.unwrap();
        assert_eq!(get(&scene.router, &scene.robin, "/api/day").await.status, 200);
        assert_eq!(scene.held().await.len(), 2, "what came meanwhile still takes somebody's word");
        assert!(users::set_enabled(&ground.app, "Nobody Sample", false).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_was_revoked_comes_back_as_another_one() {
    on_both_engines(async |ground| {
        let scene = Scene::of(&ground).await;
        assert_eq!(scene.revoke("Lost and found").await.status, 204);
        let body = json!({"name": "Robin Sample", "password": PASSWORD, "device": scene.robin.device});
        let again = post_json(&scene.router, &scene.robin, "/api/sign-in", &body).await;
        assert_eq!(again.status, 200);
        assert_ne!(again.json()["device"]["id"], scene.robin.device.to_string());
        let cookie = again.header("set-cookie").split(';').next().unwrap().to_owned();
        let anew = Person { cookie, device: scene.robin.device };
        assert_eq!(get(&scene.router, &anew, "/api/day").await.status, 200);
        scene.gets_nothing().await;
        // And out of the old session by signing out, as ever.
        let out = post_json(&scene.router, &scene.robin, "/api/sign-out", &json!({})).await;
        assert_eq!(out.status, 204);
    })
    .await;
}
