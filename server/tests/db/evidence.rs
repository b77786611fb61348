//! Photos that phones sealed to the key of a day: opened until that day, and by nobody after it.

use super::{
    closeout::{Sending, photo_id, picture, record, sign_in, visits},
    engines::{DAY, Ground, Seeded, amazon, on_both_engines},
};
use axum::http::StatusCode;
use doorstep_core::{
    api::Role,
    digest::Sha256,
    evidence::{EvidenceDay, EvidenceKey},
    id::AppointmentId,
};
use doorstep_server::{
    app::App,
    evidence::{self, Destruction, FILE, first_broken},
    http,
    settings::Settings,
    work::Worker,
};
use image::ImageFormat;
use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

async fn deadline(app: &App, visit: AppointmentId) -> doorstep_core::time::Timestamp {
    app.db.read().await.unwrap().visit(app.seller, visit).await.unwrap().unwrap().expires_at
}

async fn given(ground: &Ground, visit: AppointmentId) -> EvidenceKey {
    evidence::key_for(&ground.app, deadline(&ground.app, visit).await).await.unwrap().unwrap()
}

/// Sets the clock to when a key's day begins.
fn let_the_day_come(ground: &Ground, key: &EvidenceKey) {
    ground.clock.advance_ms(key.day.begins().since(ground.app.clock.now()));
}

#[tokio::test]
async fn a_sealed_photo_is_safe_byte_for_byte_and_one_of_another_visit_is_refused() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(&ground, &["one"]).await[0];
        let router = http::router(app.clone());
        let jpeg = picture(1, ImageFormat::Jpeg);
        record(app, &robin, visit, &[(photo_id(1), &jpeg), (photo_id(2), &jpeg)]).await;

        let day = super::closeout::get(&router, &robin, "/api/day").await;
        let day: serde_json::Value = serde_json::from_slice(&day.body).unwrap();
        let key: EvidenceKey = serde_json::from_value(day["jobs"][0]["evidence"].clone()).unwrap();
        assert_eq!(key.day, EvidenceDay::of(deadline(app, visit).await));
        assert_eq!(key, given(&ground, visit).await, "asking twice makes one key");

        let mut sending = Sending::new(&router, &robin, visit, photo_id(1), &jpeg);
        sending.envelope = evidence::seal(&key, photo_id(1), visit, &jpeg, [1; 32]).unwrap();
        sending.send().await;
        let receipt: serde_json::Value = serde_json::from_slice(&sending.receipt().await.body).unwrap();
        assert_eq!(receipt["uploadedSha256"], Sha256::of(&sending.envelope).to_string());
        assert_eq!(receipt["pictureSha256"], Sha256::of(&jpeg).to_string());
        let shown =
            super::closeout::get(&router, &robin, &format!("/api/photos/{}/picture", photo_id(1))).await;
        assert_eq!(shown.body, jpeg);
        // Announced again after it is safe: the same envelope, whole.
        assert_eq!(sending.announce().await.header("upload-offset"), sending.envelope.len().to_string());
        assert_eq!(sending.head().await.header("upload-length"), sending.envelope.len().to_string());

        let elsewhere = AppointmentId::from_bytes([9; 16]);
        let unknown = {
            let mut other = key.clone();
            other.id = doorstep_core::id::EvidenceKeyId::from_bytes([9; 16]);
            other
        };
        for (envelope, code) in [
            (evidence::seal(&key, photo_id(2), elsewhere, &jpeg, [2; 32]).unwrap(), "photo_does_not_open"),
            (evidence::seal(&unknown, photo_id(2), visit, &jpeg, [3; 32]).unwrap(), "photo_key_gone"),
            (b"DPE\x02 and hardly more".to_vec(), "photo_does_not_open"),
        ] {
            let mut sending = Sending::new(&router, &robin, visit, photo_id(2), &jpeg);
            sending.envelope = envelope;
            sending.announce().await;
            let reply = sending.patch_from(0).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap()["code"], code);
        }
        // After a refusal the plain envelope of an older phone is taken under the same id.
        Sending::new(&router, &robin, visit, photo_id(2), &jpeg).send().await;
    })
    .await;
}

#[tokio::test]
async fn when_its_day_comes_a_key_is_destroyed_and_certified_and_a_backup_does_not_bring_it_back() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(&ground, &["one"]).await[0];
        let router = http::router(app.clone());
        let jpeg = picture(1, ImageFormat::Jpeg);
        record(app, &robin, visit, &[(photo_id(1), &jpeg)]).await;
        let key = given(&ground, visit).await;
        let later =
            evidence::key_for(app, deadline(app, visit).await.plus_ms(2 * DAY)).await.unwrap().unwrap();
        let file = app.settings.data.join(FILE);
        let backup = fs::read(&file).unwrap();
        let mut sending = Sending::new(&router, &robin, visit, photo_id(1), &jpeg);
        sending.envelope = evidence::seal(&key, photo_id(1), visit, &jpeg, [1; 32]).unwrap();
        sending.announce().await;

        let_the_day_come(&ground, &key);
        let worker = Worker::new(app.clone(), amazon(app));
        assert_eq!(worker.expire().await.unwrap().evidence_keys, 1);
        assert_eq!(worker.expire().await.unwrap().evidence_keys, 0);
        assert_eq!(app.evidence.days().unwrap(), [later.day]);
        let chain = app.db.read().await.unwrap().certificates(app.seller).await.unwrap();
        assert_eq!(chain.len(), 1);
        assert_eq!((chain[0].number, chain[0].day, chain[0].key, chain[0].jobs), (1, key.day, key.id, 1));
        assert_eq!(chain[0].store_before, Some(Sha256::of(&backup)));
        assert_eq!(chain[0].store_after, Some(Sha256::of(&fs::read(&file).unwrap())));
        assert_eq!(first_broken(&chain), None);

        // Nothing opens what was sealed to it, whatever is announced.
        let reply = sending.patch_from(0).await;
        assert_ne!(reply.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&reply.body));

        // The old file is put back, and the clock with it: the certificate counts.
        fs::write(&file, &backup).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let early = doorstep_server::clock::ManualClock::at(key.day.begins().plus_ms(-5 * DAY));
        let again =
            App::open(Settings::clone(&app.settings), early, Arc::new(Seeded::default())).await.unwrap();
        assert_eq!(again.evidence.days().unwrap(), [later.day]);
        assert!(again.evidence.pair(key.id, again.clock.now()).unwrap().is_none());
        assert_eq!(evidence::destroy_due(&again).await.unwrap(), Destruction::default());
    })
    .await;
}

#[tokio::test]
async fn a_key_that_was_lost_early_or_made_before_a_crash_is_certified_all_the_same() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let visit = visits(&ground, &["one"]).await[0];
        let deadline = deadline(app, visit).await;
        let lost = given(&ground, visit).await;
        fs::remove_file(app.settings.data.join(FILE)).unwrap();
        // This one is in the file only: its row was never committed.
        let unnoted =
            app.evidence.public(deadline.plus_ms(DAY), app.clock.now(), &*app.entropy).unwrap().unwrap().0;
        let_the_day_come(&ground, &unnoted);
        let destruction = evidence::destroy_due(app).await.unwrap();
        assert_eq!(destruction, Destruction { certified: 2, ..Destruction::default() });
        let chain = app.db.read().await.unwrap().certificates(app.seller).await.unwrap();
        assert_eq!(chain.iter().map(|one| one.key).collect::<Vec<_>>(), [lost.id, unnoted.id]);
        assert_eq!(first_broken(&chain), None);
    })
    .await;
}
