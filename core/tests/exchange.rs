//! What an exchange weighs, and that a session says only what is true. A store and a server of a few lines stand
//! in for the real ones, which the system tests bring.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use doorstep_core::{
    api::Day,
    closeout::{Answer, Policy, Step},
    digest::Sha256,
    document::{Document, admit},
    id::{AppointmentId, DeviceId, EpochId, JobId, PhotoId, RecordId, ServiceJobId},
    job::{Job, JobStatus, Window},
    photo::{MediaType, PhotoFacts},
    pii::Pii,
    record::Position,
    session::{Edit, Effect, Event, Holder, Now, Row, Saved, Session},
    time::{Reading, Timestamp},
    vault::Key,
    wire::{self, DocumentDown, HeadsDigest, Outcome, SyncReply, SyncRequest},
};
use std::collections::BTreeMap;

const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);

struct Phone {
    session: Session,
    disk: BTreeMap<String, Vec<u8>>,
    clock: u64,
    drawn: u64,
    synced: Vec<Vec<u8>>,
    fetched: u32,
}

impl Phone {
    fn start(epoch: u8, disk: BTreeMap<String, Vec<u8>>) -> Self {
        let holder = Holder {
            device: DEVICE,
            store_key: Key::from_bytes([1; 32]),
            epoch: EpochId::from_bytes([epoch; 8]),
        };
        let rows = disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let drawn = u64::from(epoch) << 32;
        let mut phone =
            Self { session: Session::new(holder), disk, clock: 0, drawn, synced: vec![], fetched: 0 };
        phone.give(Event::Loaded { rows });
        phone
    }

    fn now(&mut self) -> Now {
        self.clock += 1_000;
        self.drawn += 1;
        let entropy = RecordId::try_from(&Sha256::of(&self.drawn.to_be_bytes()).as_bytes()[..16]).unwrap();
        Now {
            reading: Reading {
                monotonic_ms: self.clock,
                wall: Timestamp(1_790_000_000_000 + self.clock as i64),
            },
            entropy,
        }
    }

    fn give(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let now = self.now();
            for effect in self.session.handle(&now, event) {
                match effect {
                    Effect::Write { write, put, delete } => {
                        delete.iter().for_each(|key| drop(self.disk.remove(key)));
                        self.disk.extend(put.into_iter().map(|row| (row.key, row.value)));
                        events.push(Event::Written { write });
                    }
                    Effect::Sync { body } => self.synced.push(body),
                    Effect::FetchDay => self.fetched += 1,
                    Effect::Upload { .. } | Effect::Wake { .. } | Effect::Show => {}
                }
            }
        }
    }

    fn edit(&mut self, appointment: AppointmentId, edit: Edit) {
        self.give(Event::Edited { appointment, edit });
    }

    fn saved(&mut self, appointment: AppointmentId) -> Saved {
        let now = self.now();
        let view = self.session.view(&now);
        view.visits.iter().find(|visit| visit.job.appointment == appointment).unwrap().state
    }
}

/// The server's answer to a request, without a database.
#[derive(Default)]
struct Server {
    documents: BTreeMap<AppointmentId, Document>,
    records: BTreeMap<RecordId, Vec<u8>>,
}

impl Server {
    fn answer(&mut self, body: &[u8]) -> Vec<u8> {
        let request: SyncRequest = wire::decode(body).unwrap();
        let digest = |documents: &BTreeMap<AppointmentId, Document>| {
            let heads: Vec<_> = documents.iter().map(|(id, document)| (*id, document.heads())).collect();
            wire::digest_of(heads.iter().map(|(id, heads)| (id, heads.as_slice())))
        };
        let same = digest(&self.documents) == request.digest;
        let mut down = Vec::new();
        for up in request.documents {
            let mine = &self.documents[&up.appointment];
            let had_all = up.known == HeadsDigest::of(&mine.heads());
            self.records.extend(up.records.into_iter().map(|up| (up.record, up.sealed())));
            let Some(incoming) = up.incoming else { continue };
            let admitted = admit::admit(mine, DEVICE, &incoming).unwrap();
            let save = (!had_all).then(|| admitted.saved.clone());
            self.documents.insert(up.appointment, admitted.document);
            down.push(DocumentDown { appointment: up.appointment, outcome: Outcome::Taken, save });
        }
        if let Some(known) = &request.known {
            for (id, document) in &self.documents {
                let same =
                    |k: &&wire::Known| k.appointment == *id && k.heads == HeadsDigest::of(&document.heads());
                if !known.iter().any(|k| same(&k)) {
                    down.push(DocumentDown {
                        appointment: *id,
                        outcome: Outcome::Taken,
                        save: Some(document.save()),
                    });
                }
            }
        }
        let reply = SyncReply {
            server_time: Timestamp(1_790_000_100_000),
            digest: digest(&self.documents),
            list_wanted: !same && request.known.is_none(),
            documents: down,
            refused_records: vec![],
        };
        wire::encode(&reply).unwrap()
    }

    /// Answers everything the phone has asked, until it asks no more. Returns bytes up and down.
    fn serve(&mut self, phone: &mut Phone, day: &[Job]) -> (usize, usize, usize) {
        let (mut up, mut down, mut trips) = (0, 0, 0);
        while phone.fetched > 0 || !phone.synced.is_empty() {
            if phone.fetched > 0 {
                phone.fetched -= 1;
                let day = Day { server_time: Timestamp(1_790_000_100_000), jobs: day.to_vec() };
                phone.give(Event::DayFetched { day });
            } else {
                let body = phone.synced.remove(0);
                let reply = self.answer(&body);
                up += body.len();
                down += reply.len();
                trips += 1;
                phone.give(Event::Synced { body: reply });
            }
        }
        (up, down, trips)
    }
}

fn appointment(n: u8) -> AppointmentId {
    AppointmentId::try_from(&Sha256::of(&[n]).as_bytes()[..16]).unwrap()
}

fn day(jobs: u8) -> Vec<Job> {
    let mut day: Vec<Job> = (0..jobs)
        .map(|n| Job {
            appointment: appointment(n),
            job: JobId::from_bytes([n; 16]),
            service_job_id: ServiceJobId::new(format!("job-{n}")),
            status: JobStatus::NotServiced,
            appointment_active: true,
            title: "Assembly".to_owned(),
            quantity: 1,
            skills: vec![],
            window: Window { start: Timestamp(i64::from(n)), end: Timestamp(i64::from(n) + 1) },
            time_zone: "UTC".to_owned(),
            buyer: None,
            address: None,
            items: vec![],
            technician_linked: true,
            policy: Policy::standard(),
            key: Key::from_bytes([n; 32]),
        })
        .collect();
    day.sort_by_key(|job| job.appointment);
    day
}

fn pair(jobs: u8) -> (Phone, Server, Vec<Job>) {
    let mut server = Server::default();
    for n in 0..jobs {
        server.documents.insert(appointment(n), Document::skeleton(appointment(n)).unwrap());
    }
    let day = day(jobs);
    let mut phone = Phone::start(1, BTreeMap::new());
    server.serve(&mut phone, &day);
    (phone, server, day)
}

fn step(step: Step) -> Edit {
    let position = Position { latitude: 47.123_456, longitude: 8.654_321, accuracy: 12.0 };
    Edit::Step { step, position: Some(Pii::new(position)) }
}

#[test]
fn a_day_offline_goes_up_in_one_exchange_and_the_same_bytes_arrive() {
    let (mut phone, mut server, day) = pair(20);
    for n in 0..20u8 {
        let visit = appointment(n);
        phone.edit(visit, step(Step::OnMyWay));
        phone.edit(visit, step(Step::Arrived));
        phone.edit(visit, step(Step::Started));
        for round in 0..11 {
            for question in ["work_done", "tested", "site_clean", "damage"] {
                let answer = if (round + n) % 2 == 0 { Answer::No } else { Answer::Yes };
                phone.edit(visit, Edit::Answer { question: question.to_owned(), answer });
            }
        }
        for p in 0..6u8 {
            let facts = |taken| PhotoFacts {
                shot: if p % 2 == 0 { "after" } else { "detail" }.to_owned(),
                sha256: Sha256::of(&[n, p]),
                size: 400_000 + u32::from(n) * 1000 + u32::from(p),
                width: 2048,
                height: 1536,
                media: MediaType::Jpeg,
                taken,
            };
            let photo = PhotoId::try_from(&Sha256::of(&[n, p, 1]).as_bytes()[..16]).unwrap();
            let now = phone.now();
            let row = phone.session.capture(&now, visit, photo, facts).unwrap();
            phone.disk.insert(row.row.key, row.row.value);
            phone.give(Event::Captured { capture: row.capture });
        }
        for note in 0..6 {
            let text = format!(
                "Job {n}: the bracket {note} sits {} mm left of the stud, customer agreed to it.",
                n * 3 + note
            );
            phone.edit(visit, Edit::Note { text: Pii::new(text) });
        }
        phone.edit(visit, step(Step::Finished));
    }
    assert_eq!(phone.saved(appointment(3)), Saved::OnPhone);
    let now = phone.now();
    assert_eq!(phone.session.view(&now).sync.changes_to_send, 20 * (60 + 10));

    // The network was away: whatever was asked for is forgotten, as it would be after a restart.
    let mut phone = Phone::start(2, std::mem::take(&mut phone.disk));
    let (up, down, trips) = server.serve(&mut phone, &day);
    let records: Vec<_> = server.documents.values().map(|document| document.read().unwrap()).collect();
    let json = serde_json::to_vec(&records).unwrap();
    let mut deflated = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::best());
    std::io::Write::write_all(&mut deflated, &json).unwrap();
    let sealed: usize = server.records.values().map(Vec::len).sum();
    let deflated = deflated.finish().unwrap().len();
    // The documents weigh less than their JSON deflated as one; the sealed records come on top and compress no more.
    assert!(up + down <= deflated + sealed + 1_500, "up {up} down {down}; json {deflated} sealed {sealed}");
    assert_eq!(trips, 1);
    assert_eq!(server.records.len(), 20 * 10);
    let now = phone.now();
    assert_eq!(phone.session.view(&now).sync.changes_to_send, 0);
}
