//! Every rule with a case that raises it and one that does not, and what holds for all of them.

mod ending;
mod visit;

use crate::{
    closeout::{
        Acceptance, Answer, Attempt, AttemptHow, Closeout, Finding, Outcome, Photo, Policy, Presence,
        Question, RecordFacts, RecordKind, Rule, Severity, Shot, Step, UnsignedReason, check, is_ready,
    },
    digest::Sha256,
    id::{AppointmentId, EpochId, FactId, JobId, PhotoId, RecordId, ServiceJobId},
    job::{
        Arrival, ArrivalState, Job, JobStatus, LocationType, Notice, NoticeKind, ServiceType, Standing,
        Window,
    },
    photo::{MediaType, PHOTO_LIMIT_BYTES, PhotoFacts},
    reason,
    time::{Moment, ServerSeen, Timestamp},
    vault::Key,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const VISIT: AppointmentId = AppointmentId::from_bytes([1; 16]);

fn job() -> Job {
    Job {
        appointment: VISIT,
        job: JobId::from_bytes([2; 16]),
        service_job_id: ServiceJobId::new("job-1"),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: "Assembly".to_owned(),
        quantity: 1,
        skills: vec![],
        window: Window { start: Timestamp(0), end: Timestamp(1) },
        time_zone: "UTC".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy: Policy::standard(),
        key: Key::from_bytes([3; 32]),
        standing: Standing::default(),
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

fn at(minute: u64) -> Moment {
    let wall = Timestamp(1_790_000_000_000 + 60_000 * minute as i64);
    let seen = ServerSeen { server: wall, wall, monotonic_ms: Some(60_000 * minute) };
    Moment { epoch: EpochId::from_bytes([4; 8]), monotonic_ms: 60_000 * minute, wall, seen: Some(seen) }
}

/// The same, on a phone whose clock is ahead.
fn off(minute: u64, by_minutes: i64) -> Moment {
    let right = at(minute);
    let wall = right.wall.plus_ms(60_000 * by_minutes);
    Moment { wall, seen: right.seen.map(|seen| ServerSeen { wall, ..seen }), ..right }
}

fn photo(shot: &str, size: u64) -> Photo {
    let facts = PhotoFacts {
        shot: shot.to_owned(),
        sha256: Sha256::of(shot.as_bytes()),
        size: u32::try_from(size).unwrap(),
        width: 2048,
        height: 1536,
        media: MediaType::Jpeg,
        taken: at(3),
    };
    Photo { facts, removed: false }
}

/// At a minute of `at`.
fn notice(kind: NoticeKind, minute: u64, accepted: Option<u64>) -> Notice {
    let wall = |minute| at(minute).wall;
    Notice { kind, at: wall(minute), before: None, accepted_at: accepted.map(wall) }
}

fn id(n: u8) -> PhotoId {
    PhotoId::from_bytes([n; 16])
}

/// Everything the standard policy wants.
fn complete() -> Closeout {
    let mut closeout = Closeout::new(VISIT);
    closeout.steps = Step::ALL.into_iter().zip(1..).map(|(step, minute)| (step, at(minute))).collect();
    for question in ["work_done", "tested", "site_clean", "damage"] {
        closeout.answers.insert(question.to_owned(), Answer::Yes);
    }
    closeout.photos.insert(id(1), photo("after", 400_000));
    closeout.photos.insert(id(2), photo("detail", 1));
    closeout
}

type Alter = fn(&mut Job, &mut Closeout);

struct Case {
    what: &'static str,
    alter: Alter,
    /// Exactly these, in this order.
    findings: &'static [(Rule, &'static str, Option<i64>)],
}

const fn case(
    what: &'static str,
    findings: &'static [(Rule, &'static str, Option<i64>)],
    alter: Alter,
) -> Case {
    Case { what, alter, findings }
}

const TABLE: &[Case] = &[
    case("complete", &[], |_, _| {}),
    case("on my way may go unrecorded", &[], |_, closeout| {
        closeout.steps.remove(&Step::OnMyWay);
    }),
    case("completed at Amazon", &[(Rule::JobClosed, "job", None)], |job, _| {
        job.status = JobStatus::Completed
    }),
    case("cancelled", &[(Rule::JobClosed, "job", None)], |job, _| job.status = JobStatus::Cancelled),
    case("a status of tomorrow", &[(Rule::JobClosed, "job", None)], |job, _| {
        job.status = JobStatus::from("SOMETHING_NEW".to_owned());
    }),
    case("moved", &[(Rule::AppointmentMoved, "job", None)], |job, _| job.appointment_active = false),
    case("vanished", &[(Rule::JobVanished, "job", None)], |job, _| {
        job.standing.notices.push(notice(NoticeKind::Vanished, 9, None));
    }),
    case("cancelled, as the status says already", &[], |job, _| {
        job.standing.notices.push(notice(NoticeKind::CalledOff, 9, None));
    }),
    case("moved before the work began", &[], |job, _| {
        job.standing.notices.push(notice(NoticeKind::Moved, 3, None));
    }),
    case("moved after the work began", &[(Rule::MovedDuringWork, "job", None)], |job, _| {
        job.standing.notices.push(notice(NoticeKind::Moved, 4, None));
    }),
    case("moved after the work began, and accepted", &[], |job, _| {
        job.standing.notices.push(notice(NoticeKind::Moved, 4, Some(9)));
    }),
    case("reassigned", &[(Rule::VisitReassigned, "job", None)], |job, _| {
        job.standing.reassigned = true;
        job.standing.notices.push(notice(NoticeKind::Reassigned, 4, None));
    }),
    case("reassigned before the server knew of work", &[(Rule::VisitReassigned, "job", None)], |job, _| {
        job.standing.reassigned = true;
    }),
    case("reassigned, and accepted", &[], |job, _| {
        job.standing.reassigned = true;
        job.standing.notices.push(notice(NoticeKind::Reassigned, 4, Some(9)));
    }),
    case(
        "the product is awaited",
        &[(Rule::ProductNotArrived, "product", None), (Rule::StepMissing, "steps.finished", None)],
        |job, closeout| {
            closeout.steps.remove(&Step::Finished);
            job.standing.arrival = Some(Arrival { state: ArrivalState::Awaited, expected: None });
        },
    ),
    case(
        "the product is not coming",
        &[(Rule::ProductNotArrived, "product", None), (Rule::StepMissing, "steps.finished", None)],
        |job, closeout| {
            closeout.steps.remove(&Step::Finished);
            job.standing.arrival = Some(Arrival { state: ArrivalState::NotComing, expected: None });
        },
    ),
    case("the product is there", &[(Rule::StepMissing, "steps.finished", None)], |job, closeout| {
        closeout.steps.remove(&Step::Finished);
        job.standing.arrival = Some(Arrival { state: ArrivalState::Delivered, expected: None });
    }),
    case("finished, whatever Amazon says of the product", &[], |job, _| {
        job.standing.arrival = Some(Arrival { state: ArrivalState::Awaited, expected: None });
    }),
    case("unlinked", &[(Rule::TechnicianUnlinked, "job", None)], |job, _| job.technician_linked = false),
    case("not arrived", &[(Rule::StepMissing, "steps.arrived", None)], |_, closeout| {
        closeout.steps.remove(&Step::Arrived);
    }),
    case(
        "nothing after arriving",
        &[(Rule::StepMissing, "steps.started", None), (Rule::StepMissing, "steps.finished", None)],
        |_, closeout| closeout.steps.retain(|step, _| *step <= Step::Arrived),
    ),
    case("finished before started", &[(Rule::StepOutOfOrder, "steps.finished", None)], |_, closeout| {
        closeout.steps.insert(Step::Finished, at(2));
    }),
    case("two steps in one instant are in order", &[], |_, closeout| {
        closeout.steps.insert(Step::Finished, at(3));
    }),
    case("order across page starts is not judged", &[], |_, closeout| {
        let earlier = Moment { epoch: EpochId::from_bytes([9; 8]), ..at(0) };
        closeout.steps.insert(Step::Finished, earlier);
    }),
    case("unanswered", &[(Rule::AnswerMissing, "answers.tested", None)], |_, closeout| {
        closeout.answers.remove("tested");
    }),
    case("not done", &[(Rule::AnswerUnacceptable, "answers.work_done", None)], |_, closeout| {
        closeout.answers.insert("work_done".to_owned(), Answer::No);
    }),
    case("does not apply where it may", &[], |_, closeout| {
        closeout.answers.insert("tested".to_owned(), Answer::NotApplicable);
    }),
    case("an answer nobody asks for", &[], |_, closeout| {
        closeout.answers.insert("last_years_question".to_owned(), Answer::No);
    }),
    case("a shot short", &[(Rule::ShotMissing, "photos.detail", Some(1))], |_, closeout| {
        closeout.photos.remove(&id(2));
    }),
    case("a removed photo is no proof", &[(Rule::ShotMissing, "photos.after", Some(1))], |_, closeout| {
        closeout.photos.get_mut(&id(1)).unwrap().removed = true;
    }),
    case("more wanted of a shot", &[(Rule::ShotMissing, "photos.after", Some(2))], |job, _| {
        job.policy.shots[0].minimum = 3;
    }),
    case("too few in all", &[(Rule::TooFewPhotos, "photos", Some(3))], |job, _| {
        job.policy.minimum_photos = 5
    }),
    case(
        "too few in all, beyond the missing shot",
        &[(Rule::ShotMissing, "photos.detail", Some(1)), (Rule::TooFewPhotos, "photos", Some(3))],
        |job, closeout| {
            job.policy.minimum_photos = 5;
            closeout.photos.remove(&id(2));
        },
    ),
    case("of a shot nobody asks for, it counts in all", &[], |job, closeout| {
        job.policy.minimum_photos = 3;
        closeout.photos.insert(id(3), photo("before", 7));
    }),
    case("an empty photo", &[(Rule::PhotoEmpty, "photos.after", None)], |_, closeout| {
        closeout.photos.insert(id(1), photo("after", 0));
    }),
    case("one byte too large", &[(Rule::PhotoTooLarge, "photos.after", None)], |_, closeout| {
        closeout.photos.insert(id(1), photo("after", PHOTO_LIMIT_BYTES + 1));
    }),
    case("just small enough", &[], |_, closeout| {
        closeout.photos.insert(id(1), photo("after", PHOTO_LIMIT_BYTES));
    }),
    case("a removed photo may be anything", &[], |_, closeout| {
        closeout.photos.insert(id(3), Photo { removed: true, ..photo("after", 0) });
    }),
    case("a clock half an hour ahead", &[(Rule::ClockOff, "clock", Some(30))], |_, closeout| {
        closeout.steps.insert(Step::Finished, off(4, 30));
    }),
    case("the worst clock, and behind", &[(Rule::ClockOff, "clock", Some(-90))], |_, closeout| {
        closeout.steps.insert(Step::Started, off(3, 30));
        closeout.steps.insert(Step::Finished, off(4, -90));
    }),
    case("a clock within what is tolerated", &[], |_, closeout| {
        closeout.steps.insert(Step::Finished, off(4, 2));
    }),
    case("a phone that never met the server", &[], |_, closeout| {
        closeout.steps.insert(Step::Finished, Moment { seen: None, ..at(4) });
    }),
    case(
        "two devices disagree",
        &[(Rule::Conflict, "steps.arrived", None), (Rule::Conflict, "answers.tested", None)],
        |_, closeout| closeout.conflicts = vec!["steps.arrived".to_owned(), "answers.tested".to_owned()],
    ),
];

/// A new rule does not compile until it is here.
const fn severity(rule: Rule) -> Severity {
    match rule {
        Rule::JobClosed
        | Rule::AppointmentMoved
        | Rule::JobVanished
        | Rule::MovedDuringWork
        | Rule::VisitReassigned
        | Rule::StepMissing
        | Rule::StepOutOfOrder
        | Rule::CorrectionInFuture
        | Rule::CorrectionOutOfOrder
        | Rule::PauseOpen
        | Rule::CrewEmpty
        | Rule::AnswerMissing
        | Rule::AnswerUnacceptable
        | Rule::ShotMissing
        | Rule::TooFewPhotos
        | Rule::PhotoTooLarge
        | Rule::PhotoEmpty
        | Rule::SerialMissing
        | Rule::SignatureMissing
        | Rule::SignatureEmpty
        | Rule::NoShowTooEarly
        | Rule::AttemptsMissing
        | Rule::DoorPhotoMissing
        | Rule::ReasonInvalid => Severity::Stop,
        Rule::ProductNotArrived
        | Rule::TechnicianUnlinked
        | Rule::CrewUnlinked
        | Rule::PhotoDark
        | Rule::PhotoBlurred
        | Rule::PhotoIdentical
        | Rule::ClockOff
        | Rule::Conflict => Severity::Warn,
    }
}

fn table() -> impl Iterator<Item = &'static Case> {
    TABLE.iter().chain(visit::TABLE)
}

#[test]
fn each_case_of_the_table_says_exactly_what_is_to_be_said() {
    for case in table() {
        let (mut job, mut closeout) = (job(), complete());
        (case.alter)(&mut job, &mut closeout);
        let findings = check(&job, &closeout);
        let said: Vec<_> =
            findings.iter().map(|finding| (finding.rule, finding.field.as_str(), finding.amount)).collect();
        assert_eq!(said, case.findings, "{}", case.what);
        for finding in &findings {
            assert_eq!(finding.severity, severity(finding.rule), "{}", case.what);
        }
        let stops = case.findings.iter().any(|(rule, ..)| severity(*rule) == Severity::Stop);
        assert_eq!(is_ready(&findings), !stops, "{}", case.what);
    }
}

#[test]
fn every_rule_has_a_case_that_raises_it_and_one_that_does_not() {
    for rule in Rule::ALL {
        let raises = |case: &Case| case.findings.iter().any(|(raised, ..)| *raised == rule);
        assert!(table().any(raises), "nothing raises {rule:?}");
        assert!(!table().all(raises), "everything raises {rule:?}");
    }
}

#[test]
fn all_findings_are_said_at_once_and_in_the_order_of_the_visit() {
    let mut job = job();
    job.status = JobStatus::Hold;
    job.appointment_active = false;
    job.technician_linked = false;
    job.policy.minimum_photos = 4;
    let mut closeout = Closeout::new(VISIT);
    closeout.answers.insert("site_clean".to_owned(), Answer::No);
    closeout.conflicts.push("steps.arrived".to_owned());
    let said: Vec<Rule> = check(&job, &closeout).into_iter().map(|finding| finding.rule).collect();
    assert_eq!(
        said,
        [
            Rule::JobClosed,
            Rule::AppointmentMoved,
            Rule::TechnicianUnlinked,
            Rule::StepMissing,
            Rule::StepMissing,
            Rule::StepMissing,
            Rule::AnswerMissing,
            Rule::AnswerMissing,
            Rule::AnswerUnacceptable,
            Rule::AnswerMissing,
            Rule::ShotMissing,
            Rule::ShotMissing,
            Rule::TooFewPhotos,
            Rule::Conflict,
        ]
    );
}

/// Does at the door what a finding says, and nothing else.
fn mend(finding: &Finding, job: &mut Job, closeout: &mut Closeout, next: &mut u8) {
    let (map, key) = finding.field.split_once('.').unwrap_or((&finding.field, ""));
    let mut take = |shot: &str| {
        *next += 1;
        closeout.photos.insert(id(*next), photo(shot, 300_000));
    };
    match finding.rule {
        Rule::JobClosed => job.status = JobStatus::NotServiced,
        Rule::AppointmentMoved => job.appointment_active = true,
        Rule::JobVanished | Rule::MovedDuringWork | Rule::VisitReassigned => {
            job.standing = Standing::default();
        }
        Rule::StepMissing | Rule::StepOutOfOrder => {
            assert_eq!(map, "steps");
            let step = Step::named(key).unwrap();
            // Recorded now, which is after all there was.
            closeout.steps.insert(step, at(10 + step as u64));
        }
        Rule::AnswerMissing | Rule::AnswerUnacceptable => {
            assert_eq!(map, "answers");
            let question = job.policy.questions.iter().find(|question| question.id == key).unwrap();
            closeout.answers.insert(key.to_owned(), question.accepts[0]);
        }
        Rule::ShotMissing => (0..finding.amount.unwrap()).for_each(|_| take(key)),
        Rule::TooFewPhotos => (0..finding.amount.unwrap()).for_each(|_| take("any")),
        Rule::PhotoTooLarge | Rule::PhotoEmpty => {
            let bad = |photo: &&mut Photo| {
                let size = u64::from(photo.facts.size);
                photo.facts.shot == key && !photo.removed && (size == 0 || size > PHOTO_LIMIT_BYTES)
            };
            let bad = closeout.photos.values_mut().find(bad).unwrap();
            bad.facts.size = 300_000;
        }
        // Said anew, or not at all.
        Rule::CorrectionInFuture | Rule::CorrectionOutOfOrder => closeout.corrections.clear(),
        Rule::PauseOpen => closeout.pauses.values_mut().for_each(|pause| pause.ended = Some(at(20))),
        Rule::CrewEmpty => drop(closeout.crew.insert(visit::ROBIN, Presence { was_there: true })),
        Rule::SerialMissing => drop(closeout.serials.insert(key.to_owned(), visit::serial(9))),
        Rule::SignatureMissing | Rule::SignatureEmpty => {
            closeout.acceptance = Some(Acceptance::Unsigned { reason: UnsignedReason::Refused, at: at(5) });
        }
        Rule::NoShowTooEarly => {
            let minute = 400 + u64::from(job.policy.no_show.wait_minutes);
            closeout.outcome = Some(Outcome::NoShow { at: at(minute) });
        }
        Rule::AttemptsMissing => (0..finding.amount.unwrap()).for_each(|_| {
            let id = FactId::from_bytes([100 + u8::try_from(closeout.attempts.len()).unwrap(); 8]);
            closeout.attempts.insert(id, Attempt { how: AttemptHow::Called, at: at(5) });
        }),
        Rule::DoorPhotoMissing => take("door"),
        Rule::ReasonInvalid => {
            let asked = closeout.requests.get_mut(&key.parse().unwrap()).unwrap();
            asked.code = reason::valid(&job.marketplace, job.service_type, asked.what)[0];
        }
        Rule::ProductNotArrived
        | Rule::TechnicianUnlinked
        | Rule::CrewUnlinked
        | Rule::PhotoDark
        | Rule::PhotoBlurred
        | Rule::PhotoIdentical
        | Rule::ClockOff
        | Rule::Conflict => {}
    }
}

fn any_job() -> impl Strategy<Value = Job> {
    let answers = prop::sample::subsequence(vec![Answer::Yes, Answer::No, Answer::NotApplicable], 1..=3);
    let question = (0..9u8, answers);
    let questions = prop::collection::vec(question, 0..6);
    let shots = prop::collection::vec((0..4u8, 0..4u32), 0..4);
    (questions, shots, 0..9u32, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(questions, shots, minimum_photos, open, active, linked)| {
            let mut named = BTreeSet::new();
            let questions = questions.into_iter().filter(|(name, _)| named.insert(*name));
            let questions = questions.map(|(name, accepts)| Question {
                id: format!("q{name}"),
                text: String::new(),
                accepts,
                ..Question::default()
            });
            let mut named = BTreeSet::new();
            let shots = shots.into_iter().filter(|(name, _)| named.insert(*name));
            let shots =
                shots.map(|(name, minimum)| Shot { id: format!("s{name}"), minimum, ..Shot::default() });
            let policy = Policy {
                version: 1,
                questions: questions.collect(),
                shots: shots.collect(),
                minimum_photos,
                ..Policy::default()
            };
            let status = if open { JobStatus::NotServiced } else { JobStatus::Hold };
            // Half of them in a marketplace whose reasons are known.
            let marketplace = if linked { "ATVPDKIKX0DER".to_owned() } else { String::new() };
            Job {
                policy,
                status,
                appointment_active: active,
                technician_linked: linked,
                marketplace,
                ..job()
            }
        },
    )
}

fn any_closeout() -> impl Strategy<Value = Closeout> {
    let steps = prop::collection::btree_map(prop::sample::select(Step::ALL.to_vec()), 0..9u64, 0..4);
    let answer = prop::sample::select(vec![Answer::Yes, Answer::No, Answer::NotApplicable]);
    let answers = prop::collection::btree_map((0..9u8).prop_map(|n| format!("q{n}")), answer, 0..9);
    let size = prop_oneof![Just(0), Just(PHOTO_LIMIT_BYTES + 1), 1..PHOTO_LIMIT_BYTES];
    let photos = prop::collection::btree_map(100..200u8, (0..5u8, size, any::<bool>()), 0..6);
    let facts = prop::collection::vec(visit::any_fact(), 0..5);
    (steps, answers, photos, facts).prop_map(|(steps, answers, photos, facts)| {
        let mut closeout = Closeout::new(VISIT);
        closeout.steps = steps.into_iter().map(|(step, minute)| (step, at(minute))).collect();
        closeout.answers = answers;
        for (n, (shot, size, removed)) in photos {
            closeout.photos.insert(id(n), Photo { removed, ..photo(&format!("s{shot}"), size) });
        }
        facts.into_iter().for_each(|fact| closeout.take(fact));
        closeout
    })
}

proptest! {
    #[test]
    fn doing_everything_that_is_listed_makes_it_ready(mut job in any_job(), mut closeout in any_closeout()) {
        let mut next = 0;
        let findings = check(&job, &closeout);
        for finding in &findings {
            mend(finding, &mut job, &mut closeout, &mut next);
        }
        // A missing step that is recorded now comes after later ones, or ends the work in the middle of a pause: the
        // list is walked once more, once for what was said of times, and once for the tap beneath it. That is all.
        for _ in 0..3 {
            for finding in check(&job, &closeout) {
                let follows = [
                    Rule::StepOutOfOrder,
                    Rule::CorrectionOutOfOrder,
                    Rule::PauseOpen,
                    Rule::NoShowTooEarly,
                ];
                prop_assert!(finding.severity == Severity::Warn || follows.contains(&finding.rule), "{:?}", finding);
                mend(&finding, &mut job, &mut closeout, &mut next);
            }
        }
        prop_assert!(is_ready(&check(&job, &closeout)), "{:?}", check(&job, &closeout));
    }

    #[test]
    fn what_the_policy_does_not_ask_never_stops_it(
        mut job in any_job(), closeout in any_closeout(), more in prop::collection::vec("[a-z]{1,8}", 0..4),
    ) {
        let said = check(&job, &closeout);
        // Answers, photos of shots and records that no policy names.
        let mut richer = closeout.clone();
        for (name, n) in more.iter().zip(200u8..) {
            richer.answers.insert(format!("old-{name}"), Answer::No);
            let facts = RecordFacts { kind: RecordKind::Note, length: 5, step: None };
            richer.records.insert(RecordId::from_bytes([n; 16]), facts);
        }
        prop_assert_eq!(check(&job, &richer), said);
        // A question that is no longer asked.
        if let Some(gone) = job.policy.questions.pop() {
            let field = format!("answers.{}", gone.id);
            prop_assert!(check(&job, &closeout).iter().all(|finding| finding.field != field));
        }
    }

    #[test]
    fn the_verdict_is_the_same_however_often_it_is_asked(job in any_job(), closeout in any_closeout()) {
        prop_assert_eq!(check(&job, &closeout), check(&job.clone(), &closeout.clone()));
    }
}
