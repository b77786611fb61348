//! Jobs, policies and closeouts by chance. The browser's build makes the same ones from the same seeds
//! (`wasm/tests/verdict.rs`), and is held to the same findings.

use doorstep_core::{
    closeout::{
        Acceptance, Answer, Asked, Attempt, AttemptHow, Closeout, Condition, Correction, CorrectionReason,
        Finding, Look, Need, NoShowTerms, Outcome, Pause, Photo, Policy, Presence, RecordFacts, RecordKind,
        Relation, SecondVisitReason, Serial, SerialSource, SerialWanted, Step, UnsignedReason, check,
    },
    digest::Sha256,
    id::{
        AppointmentId, EpochId, FactId, Fingerprint, JobId, PhotoId, RecordId, RequestId, ServiceJobId,
        UserId,
    },
    job::{
        Arrival, ArrivalState, CrewMember, Job, JobStatus, LocationType, Notice, NoticeKind, ServiceType,
        Standing, Window,
    },
    photo::{MediaType, PHOTO_LIMIT_BYTES, PhotoFacts},
    reason::{ReasonCode, Wish},
    time::{Moment, ServerSeen, Timestamp},
    vault::Key,
};
use serde::Serialize;

/// Seeds of which one digest is kept.
pub(crate) const BLOCK: u64 = 50;
pub(crate) const BLOCKS: u64 = 30;

/// One job with its closeout, and what is to be said of it.
#[derive(Serialize)]
pub(crate) struct Case {
    pub(crate) job: Job,
    pub(crate) closeout: Closeout,
    pub(crate) findings: Vec<Finding>,
}

/// Over the bytes of all cases of a block.
pub(crate) fn digest(block: u64) -> Sha256 {
    let cases = (block * BLOCK..(block + 1) * BLOCK).map(case);
    let lines: Vec<String> = cases.map(|case| serde_json::to_string(&case).unwrap()).collect();
    Sha256::of(lines.join("\n").as_bytes())
}

/// Numbers that follow from a seed.
struct Chance {
    seed: u64,
    drawn: u64,
}

impl Chance {
    fn bytes(&mut self) -> [u8; 32] {
        self.drawn += 1;
        *Sha256::of(format!("verdict {} {}", self.seed, self.drawn).as_bytes()).as_bytes()
    }

    fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.bytes()[..16]);
        id
    }

    fn below(&mut self, end: u64) -> u64 {
        let mut number = [0; 8];
        number.copy_from_slice(&self.bytes()[..8]);
        u64::from_be_bytes(number) % end
    }

    /// Whether something is amiss. In every fourth case nothing is.
    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0 && !self.seed.is_multiple_of(4)
    }

    fn moment(&mut self, minute: u64) -> Moment {
        let wall = Timestamp(1_790_000_000_000 + 60_000 * minute as i64);
        let error = if self.one_in(8) { 60_000 * (self.below(600) as i64 - 300) } else { 0 };
        let monotonic_ms = 60_000 * minute;
        let seen = (!self.one_in(6)).then(|| ServerSeen {
            server: wall,
            wall: wall.plus_ms(error),
            monotonic_ms: (!self.one_in(3)).then_some(monotonic_ms),
        });
        let epoch = EpochId::from_bytes([self.below(2) as u8; 8]);
        Moment { epoch, monotonic_ms, wall: wall.plus_ms(error), seen }
    }
}

fn job(chance: &mut Chance, appointment: AppointmentId) -> Job {
    let statuses = ["COMPLETED", "CANCELLED", "HOLD", "SOMETHING_NEW"];
    let status = if chance.one_in(6) { statuses[chance.below(4) as usize] } else { "NOT_SERVICED" };
    let mut policy = Policy::standard();
    policy.minimum_photos = chance.below(5) as u32;
    policy.shots[0].minimum = chance.below(3) as u32;
    if chance.one_in(3) {
        let is = vec![[Answer::Yes, Answer::No][chance.below(2) as usize]];
        policy.questions[1].shown_if = Some(Condition { question: "damage".to_owned(), is: is.clone() });
        policy.shots[1].shown_if = Some(Condition { question: "tested".to_owned(), is });
    }
    if chance.one_in(3) {
        policy.signature = [Need::Optional, Need::Required][chance.below(2) as usize];
        policy.serials = vec![SerialWanted {
            id: "unit".to_owned(),
            text: "The unit".to_owned(),
            required: chance.one_in(2),
            ..SerialWanted::default()
        }];
        policy.no_show = NoShowTerms {
            wait_minutes: chance.below(40) as u16,
            attempts: chance.below(4) as u8,
            door_photo: chance.one_in(2),
        };
    }
    Job {
        appointment,
        job: JobId::from_bytes(chance.id()),
        service_job_id: ServiceJobId::new(format!("made-up-{}", chance.seed)),
        status: JobStatus::from(status.to_owned()),
        appointment_active: !chance.one_in(10),
        title: "Assembly".to_owned(),
        quantity: 1,
        skills: vec![],
        window: Window { start: Timestamp(1_790_000_000_000), end: Timestamp(1_790_007_200_000) },
        time_zone: "America/New_York".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: !chance.one_in(10),
        policy,
        key: Key::from_bytes(chance.bytes()),
        standing: standing(chance),
        evidence: None,
        marketplace: ["ATVPDKIKX0DER", "A1VC38T7YXB528", "A13V1IB3VIYZZH"][chance.below(3) as usize]
            .to_owned(),
        service_type: [ServiceType::Standard, ServiceType::HeavyBulk, ServiceType::Recurring]
            [chance.below(3) as usize],
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![member(1, true), member(2, !chance.one_in(3)), member(3, true)],
        me: Some(user(1)),
        decisions: Vec::new(),
    }
}

/// Mostly nothing; sometimes one of the things that Amazon does to a visit.
fn standing(chance: &mut Chance) -> Standing {
    let mut standing = Standing::default();
    if chance.one_in(4) {
        let kind = NoticeKind::ALL[chance.below(6) as usize];
        let minute = chance.below(120) as i64;
        let notice = Notice {
            kind,
            at: Timestamp(1_790_000_000_000 + 60_000 * minute),
            before: None,
            accepted_at: chance.one_in(4).then_some(Timestamp(1_790_009_000_000)),
        };
        standing.notices.push(notice);
        standing.reassigned = kind == NoticeKind::Reassigned;
    }
    if chance.one_in(3) {
        let states = [ArrivalState::Delivered, ArrivalState::Awaited, ArrivalState::NotComing];
        standing.arrival = Some(Arrival { state: states[chance.below(3) as usize], expected: None });
    }
    standing
}

fn closeout(chance: &mut Chance, appointment: AppointmentId) -> Closeout {
    let mut closeout = Closeout::new(appointment);
    for (step, minute) in Step::ALL.into_iter().zip([0, 30, 40, 100]) {
        if !chance.one_in(6) {
            // Sometimes long before its turn.
            let minute = if chance.one_in(6) { chance.below(100) } else { minute + chance.below(10) };
            closeout.steps.insert(step, chance.moment(minute));
        }
    }
    for question in ["work_done", "tested", "site_clean", "damage", "last_years_question"] {
        let answers = [Answer::Yes, Answer::No, Answer::NotApplicable];
        let answer = if chance.one_in(3) { answers[chance.below(3) as usize] } else { Answer::Yes };
        if !chance.one_in(5) {
            closeout.answers.insert(question.to_owned(), answer);
        }
    }
    let count = if chance.one_in(2) { chance.below(5) } else { 6 };
    for n in 0..count {
        let size = match chance.below(2) {
            _ if !chance.one_in(8) => 300_000 + chance.below(300_000),
            0 => 0,
            _ => PHOTO_LIMIT_BYTES + 1,
        };
        let facts = PhotoFacts {
            shot: ["after", "detail", "before"][(n % 3) as usize].to_owned(),
            sha256: Sha256::from_bytes(chance.bytes()),
            size: size as u32,
            width: 2048,
            height: 1536,
            media: if chance.one_in(4) { MediaType::Png } else { MediaType::Jpeg },
            taken: chance.moment(80),
        };
        let photo = Photo { facts, removed: chance.one_in(5) };
        closeout.photos.insert(PhotoId::from_bytes(chance.id()), photo);
    }
    for _ in 0..chance.below(3) {
        let step = chance.one_in(2).then_some(Step::Arrived);
        let kind = if step.is_some() { RecordKind::Position } else { RecordKind::Note };
        let length = if step.is_some() { 0 } else { chance.below(200) as u32 };
        closeout.records.insert(RecordId::from_bytes(chance.id()), RecordFacts { kind, length, step });
    }
    if chance.one_in(6) {
        closeout.conflicts.push("steps.arrived".to_owned());
    }
    if chance.one_in(2) {
        facts(chance, &mut closeout);
    }
    closeout
}

const fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn member(n: u8, linked: bool) -> CrewMember {
    CrewMember { user: user(n), name: format!("Made Up {n}"), linked, assigned: n == 1 }
}

fn facts(chance: &mut Chance, closeout: &mut Closeout) {
    closeout.takes_facts = true;
    for step in Step::ALL {
        if chance.one_in(5) {
            let minute = chance.below(140) as i64;
            let correction = Correction {
                at: Timestamp(1_790_000_000_000 + 60_000 * minute),
                reason: CorrectionReason::PhoneWasOff,
                made: chance.moment(110),
            };
            closeout.corrections.insert(step, correction);
        }
    }
    if chance.one_in(3) {
        let ended = chance.one_in(2).then(|| chance.moment(60));
        closeout.pauses.insert(FactId::from_bytes([1; 8]), Pause { began: chance.moment(50), ended });
    }
    for n in 1..=3 {
        if chance.one_in(3) {
            closeout.crew.insert(user(n), Presence { was_there: chance.one_in(2) });
        }
    }
    if chance.one_in(2) {
        let shown = closeout.photos.keys().next().copied();
        closeout.acceptance = Some(match shown {
            Some(photo) if chance.one_in(2) => Acceptance::Signed {
                record: RecordId::from_bytes(chance.id()),
                strokes: chance.below(3) as u16,
                ink: chance.below(1_500) as u32,
                relation: Relation::Household,
                photo,
                at: chance.moment(95),
            },
            _ => Acceptance::Unsigned { reason: UnsignedReason::Refused, at: chance.moment(95) },
        });
    }
    if chance.one_in(2) {
        let serial = Serial {
            record: RecordId::from_bytes(chance.id()),
            length: chance.below(3) as u16,
            source: SerialSource::Scanned,
            at: chance.moment(90),
        };
        closeout.serials.insert("unit".to_owned(), serial);
    }
    for photo in closeout.photos.keys().copied().collect::<Vec<_>>() {
        let look = Look {
            luma: chance.below(120) as u8,
            sharpness: chance.below(40) as u8,
            print: Fingerprint::from_bytes([chance.below(4) as u8; 8]),
        };
        closeout.looks.insert(photo, look);
    }
    for n in 0..chance.below(4) as u8 {
        let attempt = Attempt { how: AttemptHow::Called, at: chance.moment(45) };
        closeout.attempts.insert(FactId::from_bytes([n; 8]), attempt);
    }
    if chance.one_in(2) {
        let minute = 30 + chance.below(40);
        closeout.outcome = Some(match chance.below(3) {
            0 => Outcome::Served,
            1 => Outcome::NoShow { at: chance.moment(minute) },
            _ => Outcome::SecondVisit { reason: SecondVisitReason::Site, at: chance.moment(minute) },
        });
    }
    if chance.one_in(2) {
        let codes = [
            (Wish::Cancel, ReasonCode::S1),
            (Wish::Cancel, ReasonCode::S31),
            (Wish::Reschedule, ReasonCode::RS4),
        ];
        let (what, code) = codes[chance.below(3) as usize];
        let asked = Asked { what, code, at: chance.moment(99), withdrawn: chance.one_in(3) };
        closeout.requests.insert(RequestId::from_bytes([9; 16]), asked);
    }
}

pub(crate) fn case(seed: u64) -> Case {
    let mut chance = Chance { seed, drawn: 0 };
    let appointment = AppointmentId::from_bytes(chance.id());
    let job = job(&mut chance, appointment);
    let closeout = closeout(&mut chance, appointment);
    let findings = check(&job, &closeout);
    Case { job, closeout, findings }
}
