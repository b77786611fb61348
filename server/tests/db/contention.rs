//! Everybody at once: exchanges of many visits in every order, photos that become safe, and a reschedule of Amazon's.
//! Whoever waits, waits in one direction.

use super::{
    closeout::{Person, Sending, ask, photo_id, picture, record, sign_in},
    day::job,
    engines::{Ground, on_both_engines},
    intake::take_in,
};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use doorstep_core::{
    api::Role,
    closeout::Answer,
    digest::Sha256,
    document::{Actor, Document, Put, admit::Incoming},
    id::{AppointmentId, EpochId, RecordId},
    time::{Reading, Timestamp},
    wire::{self, DocumentUp, HeadsDigest, Outcome, RecordUp, SyncReply, SyncRequest},
};
use doorstep_server::http;
use image::ImageFormat;
use std::sync::Arc;

const VISITS: usize = 6;
const ROUNDS: u8 = 4;
const EPOCH: EpochId = EpochId::from_bytes([5; 8]);

/// A phone that holds every visit and answers one more question in each round.
struct Phone {
    router: Router,
    person: Arc<Person>,
    documents: Vec<(AppointmentId, Document)>,
    number: u8,
}

impl Phone {
    async fn run(mut self) -> Vec<StatusCode> {
        let mut statuses = Vec::new();
        for round in 0..ROUNDS {
            let request = self.request(round);
            let headers = [("content-type", wire::CONTENT_TYPE)];
            let reply =
                ask(&self.router, &self.person, Method::POST, "/api/sync", &headers, Body::from(request))
                    .await;
            statuses.push(reply.status);
            if reply.status != StatusCode::OK {
                break;
            }
            let reply: SyncReply = wire::decode(&reply.body).unwrap();
            let outcomes: Vec<_> = reply.documents.iter().map(|down| &down.outcome).collect();
            assert_eq!(outcomes, [&Outcome::Taken; VISITS]);
            assert_eq!(reply.refused_records, []);
        }
        statuses
    }

    fn request(&mut self, round: u8) -> Vec<u8> {
        let actor = Actor { device: self.person.device, epoch: EPOCH };
        // Every phone in another order, and in another one each time.
        self.documents.rotate_left(usize::from(self.number + round) % VISITS);
        if (self.number + round) % 2 == 1 {
            self.documents.reverse();
        }
        let answer = if round.is_multiple_of(2) { Answer::Yes } else { Answer::NotApplicable };
        let number = self.number;
        let up = |(n, (appointment, document)): (usize, &mut (AppointmentId, Document))| {
            let put = [Put::Answer(format!("question {number}"), answer)];
            let change = document.edit(actor, &put).unwrap().unwrap();
            let record =
                RecordId::from_bytes([number + 1, round, n as u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            DocumentUp {
                appointment: *appointment,
                known: HeadsDigest::of(&[]),
                incoming: Some(Incoming::Changes(vec![change.bytes])),
                records: vec![RecordUp { record, body: vec![7; 40] }],
            }
        };
        let documents = self.documents.iter_mut().enumerate().map(up).collect();
        let request = SyncRequest {
            epoch: EPOCH,
            reading: Reading { monotonic_ms: 1_000 + u64::from(round), wall: Timestamp(0) },
            digest: Sha256::of(b"nothing known"),
            known: None,
            documents,
        };
        wire::encode(&request).unwrap()
    }
}

async fn visits(ground: &Ground) -> Vec<AppointmentId> {
    let mut tx = ground.app.db.read().await.unwrap();
    tx.board_appointments(ground.app.seller, Timestamp(0), Timestamp(i64::MAX)).await.unwrap()
}

/// The seller's jobs, each with the same visit under the id that Amazon gives it in this round.
fn jobs(round: u8, backwards: bool) -> Vec<serde_json::Value> {
    let mut jobs: Vec<_> = (0..VISITS)
        .map(|n| {
            let mut job = job(&format!("job {n}"), 0, "ACTIVE", &["T1", "T2", "T3", "T4"]);
            job["appointments"][0]["appointmentId"] = format!("visit {n} as of {round}").into();
            job
        })
        .collect();
    if backwards {
        jobs.reverse();
    }
    jobs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exchanges_photos_and_reschedules_at_once_wait_for_each_other_and_never_in_a_circle() {
    on_both_engines(async |ground| {
        let mut people = Vec::new();
        for (number, name) in ["Robin Sample", "Kim Sample", "Sam Sample", "Lee Sample"].iter().enumerate() {
            let id = format!("T{}", number + 1);
            people
                .push(sign_in(&ground, name, Role::Technician, &[&id], &[&format!("R{}", number + 1)]).await);
        }
        take_in(&ground, &jobs(0, false)).await;
        let visits = visits(&ground).await;
        let router = http::router(ground.app.clone());

        // Closeouts that wait for one photo each: its last byte closes the visit, within the crowd.
        let pictures: Vec<_> = (0..2 * VISITS).map(|n| picture(n as u8, ImageFormat::Png)).collect();
        for (n, visit) in visits.iter().enumerate() {
            let ids = [photo_id(2 * n as u8), photo_id(2 * n as u8 + 1)];
            let photos = [(ids[0], &pictures[2 * n][..]), (ids[1], &pictures[2 * n + 1][..])];
            record(&ground.app, &people[0], *visit, &photos).await;
            Sending::new(&router, &people[0], *visit, ids[0], photos[0].1).send().await;
            let sending = Sending::new(&router, &people[0], *visit, ids[1], photos[1].1);
            assert_eq!(sending.announce().await.status, StatusCode::CREATED);
        }

        let first = Arc::new(people.remove(0));
        let mut crowd = Vec::new();
        for (number, person) in people.into_iter().enumerate() {
            let mut documents = Vec::new();
            let mut tx = ground.app.db.read().await.unwrap();
            for visit in &visits {
                let stored = tx.load_document(ground.app.seller, *visit).await.unwrap().unwrap();
                documents.push((*visit, Document::load(&stored.snapshot).unwrap()));
            }
            let phone =
                Phone { router: router.clone(), person: Arc::new(person), documents, number: number as u8 };
            crowd.push(tokio::spawn(phone.run()));
        }
        for (n, visit) in visits.iter().copied().enumerate() {
            let (router, person, picture) = (router.clone(), first.clone(), pictures[2 * n + 1].clone());
            crowd.push(tokio::spawn(async move {
                let sending = Sending::new(&router, &person, visit, photo_id(2 * n as u8 + 1), &picture);
                vec![sending.patch_from(0).await.status]
            }));
        }
        for round in 1..=ROUNDS {
            take_in(&ground, &jobs(round, round % 2 == 0)).await;
        }
        for one in crowd {
            let statuses = one.await.unwrap();
            assert!(statuses.iter().all(|status| status.is_success()), "{statuses:?}");
        }

        let mut tx = ground.app.db.read().await.unwrap();
        for (n, visit) in visits.iter().enumerate() {
            let calls = tx.calls_of(ground.app.seller, *visit).await.unwrap();
            assert_eq!(calls.len(), 4, "visit {n} is handed over once");
            let records = tx.records_of(ground.app.seller, *visit).await.unwrap();
            assert_eq!(records.len(), 3 * usize::from(ROUNDS));
        }
        let events = tx.events_after(ground.app.seller, 0, 10_000).await.unwrap();
        let ids: Vec<i64> = events.iter().map(|event| event.id).collect();
        assert_eq!(ids, (1..=ids.len() as i64).collect::<Vec<_>>(), "no gap, no event twice");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_copies_of_an_exchange_at_once_are_taken_once_and_answered_alike() {
    on_both_engines(async |ground| {
        let person = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        take_in(&ground, &jobs(0, false)).await;
        let visits = visits(&ground).await;
        let mut documents = Vec::new();
        let mut tx = ground.app.db.read().await.unwrap();
        for visit in &visits {
            let stored = tx.load_document(ground.app.seller, *visit).await.unwrap().unwrap();
            documents.push((*visit, Document::load(&stored.snapshot).unwrap()));
        }
        let before = tx.events_after(ground.app.seller, 0, 10_000).await.unwrap().len();
        drop(tx);
        let person = Arc::new(person);
        let router = http::router(ground.app.clone());
        let mut phone = Phone { router: router.clone(), person: person.clone(), documents, number: 0 };
        let body = phone.request(0);
        let copies: Vec<_> = (0..50)
            .map(|_| {
                let (router, person, body) = (router.clone(), person.clone(), body.clone());
                tokio::spawn(async move {
                    let headers = [("content-type", wire::CONTENT_TYPE)];
                    ask(&router, &person, Method::POST, "/api/sync", &headers, Body::from(body)).await
                })
            })
            .collect();
        let mut answers = Vec::new();
        for copy in copies {
            let answer = copy.await.unwrap();
            assert_eq!(answer.status, StatusCode::OK);
            answers.push(wire::decode::<SyncReply>(&answer.body).unwrap());
        }
        let first = answers.first().unwrap();
        assert!(first.documents.iter().all(|down| down.outcome == Outcome::Taken));
        assert_eq!((first.documents.len(), first.refused_records.len()), (VISITS, 0));
        assert!(answers.iter().all(|answer| answer == first), "every copy is answered alike");

        let mut tx = ground.app.db.read().await.unwrap();
        for (visit, document) in &phone.documents {
            let records = tx.records_of(ground.app.seller, *visit).await.unwrap();
            assert_eq!(records.len(), 1);
            let stored = tx.load_document(ground.app.seller, *visit).await.unwrap().unwrap();
            let stored = Document::load(&stored.snapshot).unwrap();
            assert_eq!(stored.changes_since(&[]).len(), document.changes_since(&[]).len());
        }
        let after = tx.events_after(ground.app.seller, 0, 10_000).await.unwrap().len();
        assert_eq!(after - before, VISITS, "each visit tells of it once");
    })
    .await;
}
