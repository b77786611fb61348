//! Closeouts by chance with the findings they get, on file, so that the browser's build can be held to the same
//! verdict (`wasm/tests/verdict.rs` reads the same file).

use doorstep_core::{
    closeout::{Answer, Closeout, Finding, Photo, Policy, RecordFacts, RecordKind, Rule, Step, check},
    digest::Sha256,
    id::{AppointmentId, EpochId, JobId, PhotoId, RecordId, ServiceJobId},
    job::{
        Arrival, ArrivalState, Job, JobStatus, LocationType, Notice, NoticeKind, ServiceType, Standing,
        Window,
    },
    photo::{MediaType, PHOTO_LIMIT_BYTES, PhotoFacts},
    time::{Moment, ServerSeen, Timestamp},
    vault::Key,
};
use serde::Serialize;
use std::collections::BTreeSet;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts.jsonl");
const CASES: u64 = 40;

/// One line of the file.
#[derive(Serialize)]
struct Case {
    job: Job,
    closeout: Closeout,
    findings: Vec<Finding>,
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
        marketplace: String::new(),
        service_type: ServiceType::Standard,
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
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
    closeout
}

fn case(seed: u64) -> Case {
    let mut chance = Chance { seed, drawn: 0 };
    let appointment = AppointmentId::from_bytes(chance.id());
    let job = job(&mut chance, appointment);
    let closeout = closeout(&mut chance, appointment);
    let findings = check(&job, &closeout);
    Case { job, closeout, findings }
}

/// `DOORSTEP_GOLDEN=write` writes the file anew, after a rule was changed on purpose.
#[test]
fn closeouts_by_chance_get_the_findings_on_file() {
    let cases: Vec<Case> = (0..CASES).map(case).collect();
    let lines = cases.iter().map(|case| serde_json::to_string(case).unwrap() + "\n");
    let made: String = lines.collect();
    if std::env::var("DOORSTEP_GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::write(FILE, &made).unwrap();
    }
    let on_file = std::fs::read_to_string(FILE).unwrap();
    for (n, (made, on_file)) in made.lines().zip(on_file.lines()).enumerate() {
        assert_eq!(made, on_file, "line {}", n + 1);
    }
    assert_eq!(made.len(), on_file.len());
    // Every rule is among them, or the file would prove little.
    let rules: BTreeSet<Rule> = cases.iter().flat_map(|case| &case.findings).map(|f| f.rule).collect();
    assert_eq!(rules.len(), 17, "{rules:?}");
    assert!(cases.iter().any(|case| case.findings.is_empty()), "one is complete");
}
