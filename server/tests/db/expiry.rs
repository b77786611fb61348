//! No buyer data outlives its deadline: not in the database, not in its log, not beside it.

use super::{
    closeout::{Sending, photo_id, picture, record, sign_in, visits},
    engines::{DAY, Ground, HOUR, amazon, on_both_engines},
};
use axum::{Router, body::Body, http::StatusCode};
use doorstep_core::{
    api::{Barred, CallKind, HeldKind, Role, What},
    id::{AppointmentId, DeviceId, EpochId, HeldId, JobId, RecordId, SellerId},
    time::{Anchor, Timestamp},
    vault,
};
use doorstep_server::{
    db::{Db, Tx, amazon_document::AmazonDocument, document::Contact, quarantine::Aside},
    evidence, http,
    work::{Worker, expiry::Expiry},
};
use image::ImageFormat;
use std::{fs, path::Path};

/// What a buyer could be known by, in everything this test plants.
const CANARIES: [&str; 6] = [
    "Test Buyer 07",
    "555-0107",
    "7 Sample Street",
    "Sampletown",
    "left at the made-up door",
    "made-up.invalid",
];

struct Scene {
    ground: Ground,
    router: Router,
    worker: Worker,
    visit: AppointmentId,
    job: JobId,
}

impl Scene {
    /// A visit with everything that can be known of its buyer: the job, a note, one that was refused, one that is held,
    /// two photos, a destination, an upload that is not finished. All but the last call to Amazon is still to be made.
    async fn on(ground: Ground) -> Self {
        let app = ground.app.clone();
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(&ground, &["one"]).await[0];
        let router = http::router(app.clone());
        let pictures = [picture(1, ImageFormat::Png), picture(2, ImageFormat::Jpeg)];
        record(&app, &robin, visit, &[(photo_id(1), &pictures[0]), (photo_id(2), &pictures[1])]).await;
        for (n, picture) in (1..).zip(&pictures) {
            Sending::new(&router, &robin, visit, photo_id(n), picture).send().await;
        }
        let (now, seller) = (app.clock.now(), app.seller);
        let mut tx = app.db.write().await.unwrap();
        let job = tx.visit(seller, visit).await.unwrap().unwrap().job;
        let key = tx.job_key(&app.root_key, seller, job).await.unwrap().unwrap();
        let contact = Contact {
            device: robin.device,
            received: now,
            clock: Some((EpochId::from_bytes([1; 8]), Anchor::of(now, 0))),
        };
        let note = vault::seal(&key, "note", app.entropy.bytes(), b"left at the made-up door").unwrap();
        tx.store_record(seller, visit, &contact, RecordId::from_bytes([4; 16]), &note).await.unwrap();
        let refused = vault::seal(&key, "refused", app.entropy.bytes(), b"left at the made-up door").unwrap();
        tx.keep_refused(seller, visit, &contact, &refused, "not_yours").await.unwrap();
        let held = vault::seal(&key, "held", app.entropy.bytes(), b"left at the made-up door").unwrap();
        hold(&mut tx, seller, (6, visit, robin.device), &held, now).await;
        let address = b"https://made-up.invalid/put-it-there";
        let document = AmazonDocument {
            photo: photo_id(1),
            upload_destination_id: "made up".to_owned(),
            sealed: vault::seal(&key, "destination", app.entropy.bytes(), address).unwrap(),
            url_deadline: now,
            content_sha256: None,
            expires_at: now,
        };
        tx.put_amazon_document(seller, &document).await.unwrap();
        tx.commit().await.unwrap();
        let unfinished = picture(3, ImageFormat::Png);
        let sending = Sending::new(&router, &robin, visit, photo_id(3), &unfinished);
        sending.announce().await;
        sending.patch(0, &[], Body::from(sending.envelope[..100].to_vec())).await;
        // A crash left this one after its photo was safe.
        app.blobs.append_upload(&photo_id(2).to_string(), 0, b"left behind".to_vec()).await.unwrap();
        let worker = Worker::new(app.clone(), amazon(&app));
        Self { ground, router, worker, visit, job }
    }

    /// Everything sealed that the database holds of the visit, and the key it opens with.
    async fn sealed(&self) -> Vec<Vec<u8>> {
        let mut tx = self.ground.app.db.read().await.unwrap();
        let mut found = Vec::new();
        for sql in [
            "SELECT wrapped_key FROM service_job WHERE wrapped_key IS NOT NULL",
            "SELECT sealed FROM service_job WHERE sealed IS NOT NULL",
            "SELECT sealed FROM sealed_record WHERE sealed IS NOT NULL",
            "SELECT sealed FROM amazon_document",
            "SELECT sealed FROM quarantine WHERE sealed IS NOT NULL",
            "SELECT bytes FROM refused_change WHERE length(bytes) > 0",
        ] {
            let rows: Vec<(Vec<u8>,)> = match &mut tx {
                Tx::Sqlite(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await.unwrap(),
                Tx::Postgres(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await.unwrap(),
            };
            found.extend(rows.into_iter().map(|(bytes,)| bytes));
        }
        found
    }

    fn folder(&self) -> &Path {
        &self.ground.app.settings.data
    }

    fn files(&self, folder: &str) -> usize {
        fs::read_dir(self.folder().join(folder)).unwrap().count()
    }
}

/// A note of a phone that was revoked, as it came.
async fn hold(
    tx: &mut Tx,
    seller: SellerId,
    (number, appointment, device): (u8, AppointmentId, DeviceId),
    sealed: &[u8],
    now: Timestamp,
) {
    let item = HeldId::from_bytes([number; 16]);
    let because = Barred::PhoneRevoked;
    let sealed = Some(sealed);
    let aside = Aside { item, kind: HeldKind::Record, because, appointment, device, sealed, expires_at: now };
    assert!(tx.hold(seller, &aside, now).await.unwrap());
}

/// Every file below, whole: database, log, shared memory, pictures, uploads, key.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { bytes_of(&path) } else { fs::read(&path).unwrap() });
    }
    all
}

/// Looks for the first bytes and the last: a page of the database may hold a part of a long value.
fn holds(all: &[u8], wanted: &[u8]) -> bool {
    let part = wanted.len().min(24);
    let ends = [&wanted[..part], &wanted[wanted.len() - part..]];
    all.windows(part).any(|window| ends.contains(&window))
}

#[tokio::test]
async fn at_its_deadline_everything_of_a_buyer_is_gone() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        let sealed = scene.sealed().await;
        assert_eq!(sealed.len(), 6);
        let blobs: Vec<Vec<u8>> = fs::read_dir(scene.folder().join("blobs"))
            .unwrap()
            .map(|blob| fs::read(blob.unwrap().path()).unwrap())
            .collect();
        assert_eq!((blobs.len(), scene.files("uploads")), (4, 2));
        let before = bytes_of(scene.folder());
        for canary in CANARIES {
            assert!(!holds(&before, canary.as_bytes()), "{canary} lies open");
        }
        assert!(blobs.iter().all(|blob| holds(&before, blob)));
        if matches!(app.db, Db::Sqlite { .. }) {
            assert!(sealed.iter().all(|value| holds(&before, value)), "the scan sees what is there");
        }

        // The file that nobody knows goes at once, the unfinished upload after a week, the rest at the deadline.
        let expired = async || scene.worker.expire().await.unwrap();
        assert_eq!(expired().await, Expiry { uploads: 1, ..Expiry::default() });
        scene.ground.clock.advance_ms(7 * DAY);
        assert_eq!(expired().await, Expiry { uploads: 1, sessions: 1, ..Expiry::default() });
        assert_eq!(scene.files("uploads"), 0);
        let deadline = {
            let mut tx = app.db.read().await.unwrap();
            tx.visit(app.seller, scene.visit).await.unwrap().unwrap().expires_at
        };
        scene.ground.clock.advance_ms(deadline.since(app.clock.now()) - 1);
        assert_eq!(expired().await, Expiry::default());
        assert_eq!(scene.sealed().await, sealed);
        scene.ground.clock.advance_ms(1);
        assert_eq!(expired().await, Expiry { jobs: 1, photos: 2, ..Expiry::default() });
        assert_eq!(expired().await, Expiry::default());

        assert_eq!(scene.sealed().await, [] as [Vec<u8>; 0]);
        assert_eq!((scene.files("blobs"), scene.files("uploads")), (0, 0));
        let after = bytes_of(scene.folder());
        for value in sealed.iter().chain(&blobs) {
            assert!(!holds(&after, value), "a copy of what was sealed is left");
        }
        let mut tx = app.db.read().await.unwrap();
        assert!(tx.load_job(&app.root_key, app.seller, scene.visit).await.unwrap().is_none());
        assert!(tx.job_key(&app.root_key, app.seller, scene.job).await.unwrap().is_none());
        // The facts stay: that there was a visit, that its photos were safe, what was sent.
        assert_eq!(tx.safe_photos(app.seller, scene.visit).await.unwrap().len(), 2);
        assert!(tx.visit(app.seller, scene.visit).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_closeout_that_was_not_sent_by_its_deadline_is_shown_to_a_person() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        scene.ground.clock.advance_ms(31 * DAY);
        // One call is with a worker right now; it is left to it.
        let mut tx = app.db.write().await.unwrap();
        let claim = tx.claim_call(app.seller, app.clock.now(), HOUR).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        scene.worker.expire().await.unwrap();
        let reasons = async || {
            let calls = app.db.read().await.unwrap().calls_of(app.seller, scene.visit).await.unwrap();
            calls
                .into_iter()
                .filter(|call| call.reason.as_deref() == Some("The buyer's data has expired."))
                .count()
        };
        assert_eq!((claim.kind, reasons().await), (CallKind::Document, 3));
        scene.ground.clock.advance_ms(2 * HOUR);
        assert_eq!(
            scene.worker.forward_due().await.unwrap(),
            1,
            "the worker is dead, and its call has nothing to send"
        );
        assert_eq!(reasons().await, 4);
        assert_eq!(scene.worker.expire().await.unwrap().jobs, 0);
        let mut tx = app.db.read().await.unwrap();
        let told = tx.events_after(app.seller, 0, 1000).await.unwrap();
        let parked = told.iter().filter(|event| matches!(event.what, What::CallParked { .. })).count();
        assert_eq!(parked, 4);
    })
    .await;
}

#[tokio::test]
async fn what_comes_after_the_deadline_of_its_visit_goes_with_the_next_run() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        scene.ground.clock.advance_ms(31 * DAY);
        assert_eq!(scene.worker.expire().await.unwrap().jobs, 1);
        let (now, seller) = (app.clock.now(), app.seller);
        let kim = sign_in(&scene.ground, "Kim Sample", Role::Technician, &["T2"], &[]).await;
        let contact = Contact { device: kim.device, received: now, clock: None };
        let stranger = AppointmentId::from_bytes([8; 16]);
        for (visit, note) in [(scene.visit, b"late"), (stranger, b"lost")] {
            let mut tx = app.db.write().await.unwrap();
            tx.keep_refused(seller, visit, &contact, note, "not_yours").await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(scene.sealed().await.len(), 2);
        assert_eq!(scene.worker.expire().await.unwrap(), Expiry { jobs: 1, ..Expiry::default() });
        assert_eq!(scene.sealed().await, [b"lost"], "nobody here knows its visit");
        let mut tx = app.db.write().await.unwrap();
        assert!(!tx.keep_refused(seller, scene.visit, &contact, b"late", "not_yours").await.unwrap());
        assert_eq!(tx.count_refused(seller, scene.visit).await.unwrap(), 2, "that it came stays a fact");
        hold(&mut tx, seller, (7, scene.visit, kim.device), b"held", now).await;
        tx.commit().await.unwrap();
        scene.ground.clock.advance_ms(30 * DAY);
        assert_eq!(scene.worker.expire().await.unwrap().jobs, 1);
        assert_eq!(scene.sealed().await, [] as [Vec<u8>; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_keys_that_does_not_read_keeps_nothing_else_from_its_end() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let keys = scene.folder().join(evidence::FILE);
        fs::write(&keys, "damaged").unwrap();
        scene.ground.clock.advance_ms(31 * DAY);
        let failed = format!("{:#}", scene.worker.expire().await.unwrap_err());
        assert!(failed.contains("erasing evidence keys"), "{failed}");
        assert_eq!(scene.sealed().await, [] as [Vec<u8>; 0]);
        assert_eq!((scene.files("blobs"), scene.files("uploads")), (0, 0));
        fs::remove_file(&keys).unwrap();
        assert_eq!(scene.worker.expire().await.unwrap(), Expiry::default());
    })
    .await;
}

#[tokio::test]
async fn an_upload_whose_time_ran_out_begins_anew() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        scene.ground.clock.advance_ms(7 * DAY);
        scene.worker.expire().await.unwrap();
        let kim = sign_in(&scene.ground, "Kim Sample", Role::Technician, &["T2"], &[]).await;
        let both = [super::day::job("one", 0, "ACTIVE", &["T1", "T2"])];
        super::intake::take_in(&scene.ground, &both).await;
        let picture = picture(3, ImageFormat::Png);
        let sending = Sending::new(&scene.router, &kim, scene.visit, photo_id(3), &picture);
        assert_eq!(sending.patch_from(100).await.status, StatusCode::NOT_FOUND);
        let announced = sending.announce().await;
        assert_eq!((announced.status, announced.header("upload-offset")), (StatusCode::CREATED, "0"));
        // A phone that is at it again has its week again.
        sending.patch(0, &[], Body::from(sending.envelope[..9].to_vec())).await;
        scene.ground.clock.advance_ms(24 * HOUR);
        assert_eq!(sending.announce().await.header("upload-offset"), "9");
        scene.ground.clock.advance_ms(6 * DAY + 12 * HOUR);
        assert_eq!(scene.worker.expire().await.unwrap().uploads, 0);
        scene.ground.clock.advance_ms(12 * HOUR);
        assert_eq!(scene.worker.expire().await.unwrap().uploads, 1);
        let kim = sign_in(&scene.ground, "Kim Again", Role::Technician, &["T3"], &[]).await;
        let all = [super::day::job("one", 0, "ACTIVE", &["T1", "T2", "T3"])];
        super::intake::take_in(&scene.ground, &all).await;
        let sending = Sending { person: &kim, ..sending };
        assert_eq!(sending.announce().await.status, StatusCode::CREATED);
        assert_eq!(sending.patch_from(0).await.status, StatusCode::NO_CONTENT);
        assert!(sending.receipt().await.status.is_success());
        assert_eq!(app.db.read().await.unwrap().uploads(app.seller).await.unwrap(), []);
    })
    .await;
}
