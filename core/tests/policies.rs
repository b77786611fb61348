//! No policy that can be published lets something hidden keep a technician from leaving.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use doorstep_core::{
    closeout::{self, Answer, Closeout, Condition, Look, Photo, Policy, Question, Rule, Shot, Step},
    digest::Sha256,
    id::{AppointmentId, EpochId, Fingerprint, JobId, PhotoId, ServiceJobId},
    job::{Job, JobStatus, LocationType, ServiceType, Standing, Window},
    photo::{MediaType, PHOTO_LIMIT_BYTES, PhotoFacts},
    time::{Moment, Timestamp},
    vault::Key,
};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const VISIT: AppointmentId = AppointmentId::from_bytes([1; 16]);

fn any_answer() -> impl Strategy<Value = Answer> {
    prop::sample::select(vec![Answer::Yes, Answer::No, Answer::NotApplicable])
}

fn any_answers() -> impl Strategy<Value = Vec<Answer>> {
    prop::collection::vec(any_answer(), 0..3)
}

/// What hangs on one of the questions `q0` to `q6`, of which not all are there.
fn any_condition() -> impl Strategy<Value = Option<Condition>> {
    prop::option::of(
        (0..7usize, any_answers()).prop_map(|(n, is)| Condition { question: format!("q{n}"), is }),
    )
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let question = (any_answers(), any_condition());
    let shot = (0..3u32, any_condition());
    (prop::collection::vec(question, 0..7), prop::collection::vec(shot, 0..4), 0..3u32).prop_map(
        |(questions, shots, minimum_photos)| Policy {
            questions: (0..)
                .zip(questions)
                .map(|(n, (accepts, shown_if))| Question {
                    id: format!("q{n}"),
                    text: format!("Question {n}"),
                    accepts,
                    shown_if,
                    ..Question::default()
                })
                .collect(),
            shots: (0..)
                .zip(shots)
                .map(|(n, (minimum, shown_if))| Shot {
                    id: format!("s{n}"),
                    text: format!("Photo {n}"),
                    minimum,
                    shown_if,
                    ..Shot::default()
                })
                .collect(),
            minimum_photos,
            ..Policy::default()
        },
    )
}

fn job(policy: Policy) -> Job {
    Job {
        appointment: VISIT,
        job: JobId::from_bytes([2; 16]),
        service_job_id: ServiceJobId::new("made-up"),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: String::new(),
        quantity: 1,
        skills: vec![],
        window: Window { start: NOW, end: NOW },
        time_zone: "UTC".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy,
        key: Key::from_bytes([3; 32]),
        standing: Standing::default(),
        evidence: None,
        marketplace: String::new(),
        service_type: ServiceType::Standard,
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
        decisions: vec![],
    }
}

/// The nearest policy that can be published.
fn mended(mut policy: Policy) -> Policy {
    let mut before: Vec<String> = Vec::new();
    let sound = |condition: &Condition, known: &[String]| {
        !condition.is.is_empty() && known.contains(&condition.question)
    };
    for question in &mut policy.questions {
        question.shown_if.take_if(|condition| !sound(condition, &before));
        if question.accepts.is_empty() {
            question.accepts.push(Answer::Yes);
        }
        before.push(question.id.clone());
    }
    for shot in &mut policy.shots {
        shot.shown_if.take_if(|condition| !sound(condition, &before));
    }
    if policy.shots.iter().all(|shot| shot.shown_if.is_some()) {
        policy.minimum_photos = 0;
    }
    policy
}

/// Photos of the shots `s0` to `s4`, of which not all are there, good and bad: dark, empty, too large, alike.
fn any_photos() -> impl Strategy<Value = Vec<(usize, u32, u8)>> {
    let size = prop::sample::select(vec![0, 300_000, PHOTO_LIMIT_BYTES as u32 + 1]);
    prop::collection::vec((0..5usize, size, prop::sample::select(vec![1_u8, 99])), 0..6)
}

fn take(closeout: &mut Closeout, photos: &[(usize, u32, u8)]) {
    let taken = closeout.steps[&Step::Started];
    for (n, (shot, size, luma)) in (0_u8..).zip(photos) {
        let id = PhotoId::from_bytes([n; 16]);
        let facts = PhotoFacts {
            shot: format!("s{shot}"),
            sha256: Sha256::of(&[n % 2]),
            size: *size,
            width: 64,
            height: 48,
            media: MediaType::Jpeg,
            taken,
        };
        closeout.photos.insert(id, Photo { facts, removed: false });
        closeout
            .looks
            .insert(id, Look { luma: *luma, sharpness: *luma, print: Fingerprint::from_bytes([n; 8]) });
    }
}

/// All steps recorded, these questions answered.
fn closeout(answers: &[Answer]) -> Closeout {
    let mut closeout = Closeout::new(VISIT);
    for (n, step) in (0_u64..).zip(Step::ALL) {
        let moment = Moment { epoch: EpochId::from_bytes([0; 8]), monotonic_ms: n, wall: NOW, seen: None };
        closeout.steps.insert(step, moment);
    }
    closeout.answers = (0..).zip(answers).map(|(n, answer)| (format!("q{n}"), *answer)).collect();
    closeout
}

proptest! {
    #[test]
    fn nothing_hidden_is_ever_named(
        policy in any_policy(), answers in prop::collection::vec(any_answer(), 0..7), photos in any_photos(),
    ) {
        let (job, mut closeout) = (job(policy), closeout(&answers));
        take(&mut closeout, &photos);
        let hidden = job.policy.hidden(&closeout.answers);
        for finding in closeout::check(&job, &closeout) {
            prop_assert!(!hidden.contains(&finding.field), "{:?} of {:?}", finding, job.policy);
        }
    }

    #[test]
    fn whoever_answers_what_is_asked_of_a_policy_without_flaws_is_through(
        policy in any_policy(), answers in prop::collection::vec(any_answer(), 0..7),
    ) {
        let policy = mended(policy);
        prop_assert_eq!(policy.flaws(), []);
        let (job, mut closeout) = (job(policy), closeout(&answers));
        let questions = job.policy.questions.len();
        // An answer may bring up the next question: at most as often as there are questions.
        for _ in 0..=questions {
            let asked: Vec<(String, Answer)> = job
                .policy
                .asked(&closeout.answers)
                .filter(|question| !closeout.answers.get(&question.id).is_some_and(|a| question.accepts.contains(a)))
                .map(|question| (question.id.clone(), question.accepts[0]))
                .collect();
            closeout.answers.extend(asked);
        }
        let open = [Rule::AnswerMissing, Rule::AnswerUnacceptable];
        let said = closeout::check(&job, &closeout);
        prop_assert!(said.iter().all(|finding| !open.contains(&finding.rule)), "{:?}", said);
    }
}
