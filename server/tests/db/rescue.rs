//! Unsent work that somebody else brings: rescue copies and photos, taken as an exchange and tus take them.

use super::{
    closeout::{Person, Reply, ask, get, photo_id, picture, post_json, sign_in, visits},
    engines::{Ground, HOUR, on_both_engines},
};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use doorstep_core::{
    api::{Delivered, Delivery, Held, Role},
    closeout::{Answer, RecordFacts, RecordKind, Step},
    document::{Actor, Document, Put},
    evidence::EvidenceKey,
    id::{AppointmentId, EpochId, PhotoId, RecordId},
    pii::Pii,
    record::Content,
    rescue::{BUNDLE_END, BUNDLE_HEADER, Item, Kept, What},
    time::{Moment, Timestamp},
    vault::Key,
};
use doorstep_server::{app::App, evidence, http, seal::device_key_place};
use image::ImageFormat;
use serde_json::json;

/// A phone with unsent work of one visit.
struct Away<'a> {
    app: &'a App,
    person: Person,
    store_key: Key,
    visit: AppointmentId,
    key: EvidenceKey,
    items: Vec<(Item, Vec<u8>)>,
    document: Document,
}

const RECORD: RecordId = RecordId::from_bytes([0x44; 16]);

impl<'a> Away<'a> {
    async fn with_a_step_an_answer_and_a_note(ground: &'a Ground) -> Self {
        let app = &ground.app;
        let person = sign_in(ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(ground, &["one"]).await[0];
        let mut tx = app.db.read().await.unwrap();
        let stored = tx.load_document(app.seller, visit).await.unwrap().unwrap();
        let known = tx.visit(app.seller, visit).await.unwrap().unwrap();
        let job_key = tx.job_key(&app.root_key, app.seller, known.job).await.unwrap().unwrap();
        let (_, _, wrapped) = tx.device_of_seller(app.seller, person.device).await.unwrap().unwrap();
        let store_key = app.root_key.unwrap(&device_key_place(person.device), &wrapped).unwrap();
        drop(tx);
        let key = evidence::key_for(app, known.expires_at).await.unwrap().unwrap();
        let document = Document::load(&stored.snapshot).unwrap();
        let mut away = Self { app, person, store_key, visit, key, items: Vec::new(), document };
        let now = app.clock.now();
        away.put(&[Put::Step(Step::Arrived, moment(now))]);
        away.put(&[Put::Answer("tested".to_owned(), Answer::Yes)]);
        let note = Content::Note(Pii::new("Rang twice at the made-up door.".to_owned()));
        let facts = RecordFacts { kind: RecordKind::Note, length: note.length(), step: None };
        away.put(&[Put::Record(RECORD, facts)]);
        let sealed = note.seal(&job_key, RECORD).unwrap();
        away.keep(Item::Record(visit, RECORD), What::Record(sealed));
        away
    }

    fn put(&mut self, puts: &[Put]) {
        let actor = Actor { device: self.person.device, epoch: EpochId::from_bytes([3; 8]) };
        let change = self.document.edit(actor, puts).unwrap().unwrap();
        self.keep(Item::Change(self.visit, change.hash), What::Change(change.bytes));
    }

    fn keep(&mut self, item: Item, what: What) {
        let copy = self.copy(&item, what, &self.store_key);
        self.items.push((item, copy));
    }

    fn copy(&self, item: &Item, what: What, store_key: &Key) -> Vec<u8> {
        let device = self.person.device;
        let kept = Kept { device, appointment: item.appointment(), what };
        let inside = kept.seal(store_key, self.app.entropy.bytes(), item).unwrap();
        evidence::seal_copy(&self.key, device, item, &inside, self.app.entropy.bytes()).unwrap()
    }

    fn bundle(&self) -> Vec<u8> {
        let mut bundle = [&BUNDLE_HEADER[..], self.person.device.as_bytes()].concat();
        for (item, bytes) in &self.items {
            bundle.extend(item.name());
            bundle.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
            bundle.extend(bytes);
        }
        bundle.push(BUNDLE_END);
        bundle
    }
}

fn moment(wall: Timestamp) -> Moment {
    Moment { epoch: EpochId::from_bytes([3; 8]), monotonic_ms: 5, wall, seen: None }
}

async fn bring(router: &Router, who: &Person, bundle: Vec<u8>) -> Reply {
    ask(router, who, Method::POST, "/api/rescue", &[], Body::from(bundle)).await
}

async fn delivered(router: &Router, who: &Person, bundle: Vec<u8>) -> Delivery {
    let reply = bring(router, who, bundle).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", String::from_utf8_lossy(&reply.body));
    serde_json::from_slice(&reply.body).unwrap()
}

fn outcomes(delivery: &Delivery) -> Vec<(Delivered, Option<&str>)> {
    let mut all: Vec<_> = delivery.items.iter().map(|item| (item.outcome, item.code.as_deref())).collect();
    all.sort_by_key(|(outcome, code)| (format!("{outcome:?}"), *code));
    all
}

#[tokio::test]
async fn copies_in_any_order_are_taken_once_whoever_brings_them() {
    on_both_engines(async |ground| {
        let mut away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let app = &ground.app;
        // Each change follows the one before: the last one first.
        away.items.reverse();
        let supervisor = sign_in(&ground, "Alex Example", Role::Supervisor, &[], &[]).await;
        let delivery = delivered(&router, &supervisor, away.bundle()).await;
        assert_eq!(outcomes(&delivery), [(Delivered::Taken, None); 4]);
        assert!(delivery.whole);
        assert_eq!(delivery.name.as_deref(), Some("Robin Sample"));
        let mut named: Vec<_> = delivery.items.iter().map(|item| item.place.clone()).collect();
        let mut expected: Vec<_> = away.items.iter().map(|(item, _)| item.place()).collect();
        named.sort();
        expected.sort();
        assert_eq!(named, expected);

        for again in [&away.person, &supervisor] {
            let delivery = delivered(&router, again, away.bundle()).await;
            assert_eq!(outcomes(&delivery), [(Delivered::Already, None); 4]);
        }
        let mut tx = app.db.read().await.unwrap();
        let stored = tx.load_document(app.seller, away.visit).await.unwrap().unwrap();
        assert_eq!(stored.heads, away.document.heads());
        let (record, sealed) = tx.records_of(app.seller, away.visit).await.unwrap().remove(0);
        assert_eq!(record, RECORD);
        assert!(sealed.is_some());
        assert_eq!(tx.count_refused(app.seller, away.visit).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_is_forged_moved_or_too_late_takes_nothing_else_along() {
    on_both_engines(async |ground| {
        let mut away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let (visit, record) = (away.visit, Item::Record(away.visit, RecordId::from_bytes([5; 16])));
        // Whoever has the public key of the day can seal to it, but not as this phone.
        let forged = away.copy(&record, What::Record(b"forged".to_vec()), &Key::from_bytes([9; 32]));
        away.items.push((record, forged));
        let moved = away.items[0].1.clone();
        away.items.push((Item::Change(visit, doorstep_core::digest::Sha256::of(b"another")), moved));
        away.items.push((Item::Record(visit, RecordId::from_bytes([6; 16])), b"DPR\x02 later".to_vec()));
        // A change nobody can place: refused, and kept aside.
        let mut stray = away.document.clone();
        let actor = Actor { device: away.person.device, epoch: EpochId::from_bytes([7; 8]) };
        stray.edit(actor, &[Put::Answer("damage".to_owned(), Answer::No)]).unwrap();
        let after = stray.edit(actor, &[Put::Answer("damage".to_owned(), Answer::Yes)]).unwrap().unwrap();
        away.keep(Item::Change(visit, after.hash), What::Change(after.bytes));
        let delivery = delivered(&router, &away.person, away.bundle()).await;
        let refused = |code| (Delivered::Refused, Some(code));
        let mut expected = vec![
            refused("change_out_of_sequence"),
            refused("copy_does_not_open"),
            refused("copy_does_not_open"),
            refused("copy_version_unknown"),
        ];
        expected.extend([(Delivered::Taken, None); 4]);
        assert_eq!(outcomes(&delivery), expected);
        let app = &ground.app;
        let kept = app.db.read().await.unwrap().count_refused(app.seller, visit).await.unwrap();
        assert_eq!(kept, 1);

        ground.clock.advance_ms(away.key.day.begins().since(app.clock.now()));
        let supervisor = sign_in(&ground, "Alex Example", Role::Supervisor, &[], &[]).await;
        let delivery = delivered(&router, &supervisor, away.bundle()).await;
        assert!(delivery.items.iter().all(|item| item.outcome == Delivered::Refused));
        assert!(delivery.items.iter().any(|item| item.code.as_deref() == Some("copy_key_gone")));
    })
    .await;
}

#[tokio::test]
async fn a_bundle_with_photos_may_be_cut_brought_again_and_met_by_the_phone_itself() {
    on_both_engines(async |ground| {
        let mut away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let jpeg = picture(1, ImageFormat::Jpeg);
        let photo = |away: &Away<'_>, id: PhotoId| {
            evidence::seal(&away.key, id, away.visit, &jpeg, [id.as_bytes()[0]; 32]).unwrap()
        };
        for n in [1, 2] {
            let envelope = photo(&away, photo_id(n));
            away.items.insert(0, (Item::Photo(away.visit, photo_id(n)), envelope));
        }
        away.items.push((Item::Photo(away.visit, photo_id(3)), b"DPE\x01no picture".to_vec()));
        let bundle = away.bundle();
        let chris = sign_in(&ground, "Chris Placeholder", Role::Technician, &["T2"], &["R2"]).await;
        // Cut in the middle of the second photo: the first is safe already.
        let first = 4 + 16 + 33 + 4 + away.items[0].1.len();
        let delivery = delivered(&router, &chris, bundle[..first + 200].to_vec()).await;
        assert_eq!((delivery.whole, outcomes(&delivery)), (false, vec![(Delivered::Taken, None)]));
        let delivery = delivered(&router, &chris, bundle.clone()).await;
        assert!(delivery.whole);
        let mut expected =
            vec![(Delivered::Already, None), (Delivered::Refused, Some("photo_not_jpeg_or_png"))];
        expected.extend([(Delivered::Taken, None); 5]);
        assert_eq!(outcomes(&delivery), expected);
        // The phone asks for its receipts and lets go; a stranger's phone is told nothing.
        for n in [1, 2] {
            let path = format!("/api/photos/{}/receipt", photo_id(n));
            let receipt = get(&router, &away.person, &path).await;
            assert_eq!(receipt.json()["pictureSha256"], doorstep_core::digest::Sha256::of(&jpeg).to_string());
            assert_eq!(get(&router, &chris, &path).await.status, StatusCode::NOT_FOUND);
        }
        let delivery = delivered(&router, &away.person, bundle).await;
        assert_eq!(delivery.items.iter().filter(|item| item.outcome == Delivered::Taken).count(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_bundle_or_of_a_phone_nobody_knows_is_said_so() {
    on_both_engines(async |ground| {
        let away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let refused = async |bundle: Vec<u8>| bring(&router, &away.person, bundle).await.refusal();
        assert_eq!(refused(Vec::new()).await, (400, "not_a_bundle".to_owned()));
        assert_eq!(refused(b"PK\x03\x04 and so on, for long enough".to_vec()).await.1, "not_a_bundle");
        assert_eq!(refused(b"DSR\x02 and so on, for long enough".to_vec()).await.1, "bundle_version_unknown");
        let mut bundle = away.bundle();
        bundle[4..20].fill(9);
        let delivery = delivered(&router, &away.person, bundle).await;
        assert_eq!(outcomes(&delivery), [(Delivered::Refused, Some("no_such_device")); 4]);
        assert_eq!(delivery.name, None);
        ground.clock.advance_ms(49 * HOUR);
        assert_eq!(bring(&router, &away.person, away.bundle()).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn what_a_barred_phone_recorded_is_held_whoever_brings_it_and_counts_when_released() {
    on_both_engines(async |ground| {
        let away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let app = &ground.app;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let path = format!("/api/devices/{}/revoke", away.person.device);
        post_json(&router, &lee, &path, &json!({"reason": "left in a made-up taxi"})).await;
        let before =
            app.db.read().await.unwrap().load_document(app.seller, away.visit).await.unwrap().unwrap();
        let delivery = delivered(&router, &away.person, away.bundle()).await;
        assert_eq!(outcomes(&delivery), [(Delivered::Taken, None); 4]);
        let delivery = delivered(&router, &lee, away.bundle()).await;
        assert_eq!(outcomes(&delivery), [(Delivered::Already, None); 4]);
        let mut other = away.bundle();
        other[4..20].fill(9);
        assert_eq!(bring(&router, &away.person, other).await.refusal().1, "phone_revoked");
        let stored =
            app.db.read().await.unwrap().load_document(app.seller, away.visit).await.unwrap().unwrap();
        assert_eq!(stored.heads, before.heads);

        let held: Vec<Held> =
            serde_json::from_slice(&get(&router, &lee, "/api/quarantine").await.body).unwrap();
        assert_eq!(held.len(), 4);
        // In whatever order somebody decides.
        for one in held.iter().rev() {
            let path = format!("/api/quarantine/{}", one.item);
            let wish = json!({"decision": "release", "reason": "the phone was found"});
            assert_eq!(post_json(&router, &lee, &path, &wish).await.status, StatusCode::NO_CONTENT);
        }
        let mut tx = app.db.read().await.unwrap();
        let stored = tx.load_document(app.seller, away.visit).await.unwrap().unwrap();
        assert_eq!(stored.heads, away.document.heads());
        assert_eq!(tx.records_of(app.seller, away.visit).await.unwrap().len(), 1);
        assert_eq!(tx.count_refused(app.seller, away.visit).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_count_is_not_released_and_the_supervisor_is_told() {
    on_both_engines(async |ground| {
        let mut away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        // A change of the same phone that skips one which nobody has.
        let mut stray = away.document.clone();
        let actor = Actor { device: away.person.device, epoch: EpochId::from_bytes([7; 8]) };
        stray.edit(actor, &[Put::Answer("damage".to_owned(), Answer::No)]).unwrap();
        let after = stray.edit(actor, &[Put::Answer("damage".to_owned(), Answer::Yes)]).unwrap().unwrap();
        let stored = ground.app.db.read().await.unwrap().load_document(ground.app.seller, away.visit).await;
        let before = stored.unwrap().unwrap().heads;
        // And one that is none.
        let broken = doorstep_core::digest::Sha256::of(b"no change");
        away.keep(Item::Change(away.visit, after.hash), What::Change(after.bytes));
        away.keep(Item::Change(away.visit, broken), What::Change(b"no change".to_vec()));
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let path = format!("/api/devices/{}/revoke", away.person.device);
        post_json(&router, &lee, &path, &json!({"reason": "left in a made-up taxi"})).await;
        delivered(&router, &lee, away.bundle()).await;
        let decide = async |item: &Item, decision: &str| {
            let id = match item {
                Item::Change(_, hash) => hex::encode(&hash.as_bytes()[..16]),
                Item::Record(_, record) => record.to_string(),
                Item::Photo(_, photo) => photo.to_string(),
            };
            let wish = json!({"decision": decision, "reason": "as Robin said"});
            let reply = post_json(&router, &lee, &format!("/api/quarantine/{id}"), &wish).await;
            if reply.status == StatusCode::NO_CONTENT { None } else { Some(reply.refusal()) }
        };
        let [step, answer, note, _, stray, broken] = [0, 1, 2, 3, 4, 5].map(|n| &away.items[n].0);
        let refused = |code: &str| Some((409, code.to_owned()));
        assert_eq!(decide(broken, "release").await, refused("evidence_refused"));
        let held = async || get(&router, &lee, "/api/quarantine").await.json().as_array().unwrap().len();
        assert_eq!(decide(stray, "release").await, None, "what it follows may still come");
        assert_eq!(decide(note, "release").await, None);
        assert_eq!(decide(answer, "release").await, None, "what it follows may still be released");
        assert_eq!(held().await, 3);
        // Then that is rejected: what waited for it is held again, and released no more.
        assert_eq!(decide(step, "reject").await, None);
        assert_eq!(held().await, 3);
        assert_eq!(decide(answer, "release").await, refused("follows_rejected"));
        assert_eq!(decide(answer, "reject").await, None);
        assert_eq!(decide(note, "release").await, refused("follows_rejected"));
        for item in [broken, note] {
            assert_eq!(decide(item, "reject").await, None);
        }
        assert_eq!(held().await, 1, "the record");
        let heads = ground.app.db.read().await.unwrap().load_document(ground.app.seller, away.visit).await;
        assert_eq!(heads.unwrap().unwrap().heads, before);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_held_of_a_visit_that_was_erased_before_its_day() {
    on_both_engines(async |ground| {
        let away = Away::with_a_step_an_answer_and_a_note(&ground).await;
        let router = http::router(ground.app.clone());
        let app = &ground.app;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let path = format!("/api/devices/{}/revoke", away.person.device);
        post_json(&router, &lee, &path, &json!({"reason": "left in a made-up taxi"})).await;
        // As when Amazon moves a deadline forward: the key of the later day still opens what the phone has.
        let mut tx = app.db.write().await.unwrap();
        let visit = tx.visit(app.seller, away.visit).await.unwrap().unwrap();
        assert!(tx.erase_job(app.seller, visit.job, visit.expires_at).await.unwrap());
        tx.commit().await.unwrap();
        let delivery = delivered(&router, &away.person, away.bundle()).await;
        assert_eq!(outcomes(&delivery), [(Delivered::Refused, Some("copy_key_gone")); 4]);
        assert_eq!(app.db.read().await.unwrap().count_held(app.seller).await.unwrap(), 0);
    })
    .await;
}
