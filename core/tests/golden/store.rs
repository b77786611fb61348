//! The store of a phone, as pages of every version have written it.

use super::{DEVICE, VISIT, evidence_key, facts, golden_json};
use doorstep_core::{
    api::{LeaseTerms, SwitchPosition},
    closeout::{Answer, Condition, Need, Policy, SerialWanted, Shot, Step},
    decision::{DecisionState, DeclineReason, OfficeDecision},
    digest::Sha256,
    document::Document,
    id::{AppointmentId, EpochId, JobId, PhotoId, RecordId, RequestId, ServiceJobId, UserId},
    job::{Asset, CrewMember, Job, JobStatus, LocationType, ServiceType, Standing, Window},
    photo::PhotoFacts,
    pii::Pii,
    reason::Wish,
    session::{Edit, Effect, Event, Holder, Now, Row, Session},
    time::{Reading, Timestamp},
    vault::Key,
    wire::{self, DocumentDown, Outcome, SyncReply},
};
use serde_json::json;
use std::collections::BTreeMap;

fn job() -> Job {
    Job {
        appointment: VISIT,
        job: JobId::from_bytes([2; 16]),
        service_job_id: ServiceJobId::new("job-1"),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: "Assembly".to_owned(),
        quantity: 1,
        skills: vec!["assembly".to_owned()],
        window: Window { start: Timestamp(1_790_000_000_000), end: Timestamp(1_790_007_200_000) },
        time_zone: "America/Los_Angeles".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy: policy(),
        key: Key::from_bytes([3; 32]),
        standing: Standing::default(),
        evidence: Some(evidence_key()),
        marketplace: "ATVPDKIKX0DER".to_owned(),
        service_type: ServiceType::HeavyBulk,
        location: LocationType::InStore,
        assets: vec![Asset {
            kind: "APPLIANCE".to_owned(),
            facts: vec![("model".to_owned(), Pii::new("MADE-UP-1".to_owned()))],
        }],
        crew: vec![CrewMember {
            user: UserId::from_bytes([0x11; 16]),
            name: "Robin Sample".to_owned(),
            linked: true,
            assigned: false,
        }],
        me: Some(UserId::from_bytes([0x11; 16])),
        decisions: vec![OfficeDecision {
            request: Some(RequestId::from_bytes([0x12; 16])),
            what: Wish::Reschedule,
            state: DecisionState::Declined,
            reason: Some(DeclineReason::AsPlanned),
            start: Some(Timestamp(1_790_100_000_000)),
            at: Timestamp(1_790_000_300_000),
        }],
    }
}

/// The same as a page knew it before the office could decide anything.
fn before_decisions() -> Job {
    Job { decisions: vec![], ..job() }
}

/// The same as a page knew it that had never heard of a crew.
fn before_crews() -> Job {
    Job {
        policy: Policy::standard(),
        marketplace: String::new(),
        service_type: ServiceType::Standard,
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
        ..before_decisions()
    }
}

/// A policy with one of everything that a policy can ask for.
fn policy() -> Policy {
    let mut policy = Policy::standard();
    policy.questions[1].texts.insert("de".to_owned(), "Getestet".to_owned());
    policy.questions[1].shown_if =
        Some(Condition { question: "work_done".to_owned(), is: vec![Answer::Yes] });
    policy.shots[1] = Shot {
        sample: Some(Sha256::of(b"a sample")),
        long_edge: Some(3_000),
        quality: Some(90),
        pair: Some("after".to_owned()),
        ..policy.shots[1].clone()
    };
    policy.signature = Need::Required;
    policy.serials = vec![SerialWanted {
        id: "unit".to_owned(),
        text: "The unit".to_owned(),
        required: true,
        ..SerialWanted::default()
    }];
    policy
}

fn holder(epoch: u8) -> Holder {
    let store_key = Key::from_bytes([0x5a; 32]);
    Holder { device: DEVICE, store_key, epoch: EpochId::from_bytes([epoch; 8]) }
}

fn now(n: u64) -> Now {
    let entropy = RecordId::try_from(&Sha256::of(&n.to_be_bytes()).as_bytes()[..16]).unwrap();
    let reading = Reading { monotonic_ms: n * 1_000, wall: Timestamp(1_790_000_000_000 + n as i64 * 1_000) };
    Now { reading, entropy }
}

/// The store of a phone that has met the server once and then recorded one of everything.
fn store() -> BTreeMap<String, String> {
    let mut session = Session::new(holder(1));
    let mut rows = BTreeMap::new();
    let mut n = 0;
    let mut give = |session: &mut Session, event: Event| {
        n += 1;
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in session.handle(&now(n), event) {
                if let Effect::Write { write, put, delete, .. } = effect {
                    rows.extend(put.into_iter().map(|row| (row.key, hex::encode(row.value))));
                    delete.iter().for_each(|key| drop(rows.remove(key)));
                    n += 1;
                    events.push(Event::Written { write });
                }
            }
        }
        rows.clone()
    };
    let day = doorstep_core::api::Day {
        server_time: Timestamp(1_790_000_000_900),
        jobs: vec![job()],
        closing: BTreeMap::new(),
        lease: LeaseTerms::default(),
        policies: vec![],
        begun: Default::default(),
    };
    give(&mut session, Event::DayFetched { day });
    let reply = SyncReply {
        server_time: Timestamp(1_790_000_001_900),
        digest: Sha256::of(b""),
        list_wanted: false,
        documents: vec![DocumentDown {
            appointment: VISIT,
            outcome: Outcome::Taken,
            save: Some(Document::skeleton(VISIT).unwrap().save()),
        }],
        refused_records: vec![],
    };
    give(&mut session, Event::Synced { body: wire::encode(&reply).unwrap() });
    let edits = [
        Edit::Step { step: Step::Arrived, position: None },
        Edit::Answer { question: "tested".to_owned(), answer: Answer::Yes },
        Edit::Note { text: Pii::new("The gate sticks.".to_owned()) },
    ];
    for edit in edits {
        give(&mut session, Event::Edited { appointment: VISIT, edit });
    }
    let (first, second) = (PhotoId::from_bytes([0x33; 16]), PhotoId::from_bytes([0x34; 16]));
    let mut captures = [(first, 90), (second, 91)].into_iter().map(|(photo, n)| {
        session.capture(&now(n), VISIT, photo, |taken| PhotoFacts { taken, ..facts() }).unwrap()
    });
    let (joined, waiting) = (captures.next().unwrap(), captures.next().unwrap());
    give(&mut session, Event::Captured { capture: joined.capture });
    let receipt = doorstep_core::api::PhotoReceipt {
        photo: first,
        uploaded_sha256: Sha256::of(b"an envelope"),
        picture_sha256: facts().sha256,
        safe_at: Timestamp(1_790_000_090_000),
    };
    let mut rows = give(&mut session, Event::Uploaded { receipt });
    rows.insert(waiting.row.key, hex::encode(waiting.row.value));
    rows
}

/// Of version 1 before a job had a standing, of version 2 with it, of version 3 with whether the job came from a file, of version
/// 4 with when each change was made, of version 5 with the key of its evidence, of version 6 with who may have been there, of
/// version 7 with what the office decided.
#[test]
fn a_store_written_by_an_older_page_opens() {
    for name in ["store.v1.json", "store.v2.json", "store.v3.json", "store.v4.json"] {
        opens(name, &Job { evidence: None, ..before_crews() });
    }
    opens("store.v5.json", &before_crews());
    opens("store.v6.json", &before_decisions());
    opens("store.v7.json", &job());
}

#[test]
fn the_row_of_closeouts_that_are_not_sent_opens() {
    let (sent, kept) = (AppointmentId::from_bytes([0xb1; 16]), AppointmentId::from_bytes([0xb2; 16]));
    let closing: BTreeMap<AppointmentId, SwitchPosition> =
        [(VISIT, SwitchPosition::NotAllowed), (kept, SwitchPosition::Observe), (sent, SwitchPosition::Send)]
            .into();
    let day = doorstep_core::api::Day {
        server_time: Timestamp(1_790_000_000_900),
        jobs: vec![job()],
        closing: closing.clone(),
        lease: LeaseTerms::default(),
        policies: vec![],
        begun: Default::default(),
    };
    let effects = Session::new(holder(1)).handle(&now(1), Event::DayFetched { day });
    let rows = effects.into_iter().flat_map(|effect| match effect {
        Effect::Write { put, .. } => put,
        _ => Vec::new(),
    });
    let rows: BTreeMap<String, String> =
        rows.filter(|row| row.key != "seen").map(|row| (row.key, hex::encode(row.value))).collect();
    let golden = golden_json("closing.v1.json", &json!(rows));
    let rows = golden.as_object().unwrap().iter();
    let rows = rows
        .map(|(key, value)| Row { key: key.clone(), value: hex::decode(value.as_str().unwrap()).unwrap() })
        .collect();
    let mut session = Session::new(holder(2));
    session.handle(&now(200), Event::Loaded { rows });
    let view = session.view(&now(201));
    assert_eq!((view.sync.unreadable, view.visits[0].closing), (0, SwitchPosition::NotAllowed));
}

fn opens(name: &str, written: &Job) {
    let golden = golden_json(name, &json!(store()));
    let kinds = ["base/", "capture/", "change/", "job/", "photo-state/", "record/", "seen"];
    let rows: Vec<Row> = golden
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| Row { key: key.clone(), value: hex::decode(value.as_str().unwrap()).unwrap() })
        .collect();
    for kind in kinds {
        assert!(rows.iter().any(|row| row.key.starts_with(kind)), "no {kind}");
    }
    let mut session = Session::new(holder(2));
    session.handle(&now(200), Event::Loaded { rows });
    let view = session.view(&now(201));
    assert_eq!(view.sync.unreadable, 0);
    let shown = &view.visits[0];
    assert_eq!(&shown.job, written);
    assert!(!shown.waiting_for_document);
    assert_eq!(shown.closeout.answers["tested"], Answer::Yes);
    assert!(shown.closeout.steps.contains_key(&Step::Arrived));
    assert_eq!(shown.notes, [Pii::new("The gate sticks.".to_owned())]);
    assert_eq!(shown.closeout.photos.len(), 2);
    assert_eq!((view.sync.photos_to_send, view.sync.changes_to_send), (1, 6));
    assert_eq!(view.sync.last_contact, Some(Timestamp(1_790_000_000_000 + 3_000)));
}
