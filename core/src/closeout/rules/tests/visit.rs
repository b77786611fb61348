//! Cases of what is recorded beyond steps, answers and photos.

use super::{Case, at, case, id, photo};
use crate::{
    closeout::{
        Acceptance, Asked, Attempt, AttemptHow, Closeout, Correction, CorrectionReason, Fact, Look, Need,
        Outcome, Pause, Presence, Relation, Rule, SecondVisitReason, Serial, SerialSource, SerialWanted,
        Step, UnsignedReason,
    },
    decision::{DecisionState, OfficeDecision},
    digest::Sha256,
    id::{FactId, Fingerprint, RecordId, RequestId, UserId},
    job::{CrewMember, Job, NoticeKind, ServiceType},
    reason::{ReasonCode, Wish},
};
use proptest::prelude::*;

pub(super) const ROBIN: UserId = UserId::from_bytes([1; 16]);
const KIM: UserId = UserId::from_bytes([2; 16]);

fn member(user: UserId, linked: bool, assigned: bool) -> CrewMember {
    CrewMember { user, name: "Made Up".to_owned(), linked, assigned }
}

fn fact(n: u8) -> FactId {
    FactId::from_bytes([n; 8])
}

fn correct(closeout: &mut Closeout, step: Step, minute: u64, said_at: u64) {
    let correction =
        Correction { at: at(minute).wall, reason: CorrectionReason::ForgotToTap, made: at(said_at) };
    closeout.corrections.insert(step, correction);
}

pub(super) fn serial(length: u16) -> Serial {
    Serial { record: RecordId::from_bytes([7; 16]), length, source: SerialSource::Typed, at: at(4) }
}

fn wants_serial(job: &mut Job, required: bool) {
    let wanted = SerialWanted {
        id: "unit".to_owned(),
        text: "The unit".to_owned(),
        required,
        ..SerialWanted::default()
    };
    job.policy.serials.push(wanted);
}

/// With its picture, as the photo 3.
fn sign(closeout: &mut Closeout, strokes: u16, ink: u32) {
    closeout.photos.insert(id(3), photo("signature", 9_000));
    closeout.acceptance = Some(Acceptance::Signed {
        record: RecordId::from_bytes([7; 16]),
        strokes,
        ink,
        relation: Relation::Buyer,
        photo: id(3),
        at: at(4),
    });
}

fn look(closeout: &mut Closeout, n: u8, luma: u8, sharpness: u8, print: [u8; 8]) {
    closeout.looks.insert(id(n), Look { luma, sharpness, print: Fingerprint::from_bytes(print) });
}

/// Nobody was there, and all the standard policy wants of that is done: arrived at 2, gave up at `minute`.
pub(super) fn no_show(closeout: &mut Closeout, minute: u64) {
    closeout.steps.retain(|step, _| *step <= Step::Arrived);
    closeout.answers.clear();
    closeout.photos = [(id(9), photo("door", 300_000))].into();
    for n in 0..2 {
        closeout.attempts.insert(fact(n), Attempt { how: AttemptHow::Called, at: at(5) });
    }
    closeout.outcome = Some(Outcome::NoShow { at: at(minute) });
}

pub(super) fn ask(closeout: &mut Closeout, what: Wish, code: ReasonCode, withdrawn: bool) {
    closeout.requests.insert(RequestId::from_bytes([1; 16]), Asked { what, code, at: at(4), withdrawn });
}

/// The office has answered the request, or what nobody had asked, in this minute.
pub(super) fn decide(job: &mut Job, asked: bool, what: Wish, state: DecisionState, minute: u64) {
    let request = asked.then(|| RequestId::from_bytes([1; 16]));
    let decision = OfficeDecision { request, what, state, reason: None, start: None, at: at(minute).wall };
    job.decisions.push(decision);
}

pub(super) fn come_again(closeout: &mut Closeout) {
    closeout.outcome = Some(Outcome::SecondVisit { reason: SecondVisitReason::PartsMissing, at: at(4) });
}

pub(super) const TABLE: &[Case] = &[
    case("a time said later", &[], |_, closeout| correct(closeout, Step::Arrived, 1, 9)),
    case(
        "a time said for the future",
        &[(Rule::CorrectionInFuture, "steps.finished", None)],
        |_, closeout| correct(closeout, Step::Finished, 12, 9),
    ),
    case("as far ahead as clocks are", &[], |_, closeout| correct(closeout, Step::Finished, 10, 9)),
    case(
        "said to have started before arriving",
        &[(Rule::CorrectionOutOfOrder, "steps.started", None)],
        |_, closeout| {
            closeout.steps.remove(&Step::OnMyWay);
            correct(closeout, Step::Started, 0, 9);
        },
    ),
    case(
        "said to have arrived after the rest",
        &[
            (Rule::CorrectionOutOfOrder, "steps.started", None),
            (Rule::CorrectionOutOfOrder, "steps.finished", None),
        ],
        |_, closeout| correct(closeout, Step::Arrived, 8, 9),
    ),
    case("a tap out of order that was put right", &[], |_, closeout| {
        closeout.steps.insert(Step::Arrived, at(9));
        correct(closeout, Step::Arrived, 2, 10);
    }),
    case(
        "moved after the work began, by what was said",
        &[(Rule::MovedDuringWork, "job", None)],
        |job, closeout| {
            job.standing.notices.push(super::notice(crate::job::NoticeKind::Moved, 3, None));
            correct(closeout, Step::Started, 2, 9);
        },
    ),
    case("a pause that has ended", &[], |_, closeout| {
        closeout.pauses.insert(fact(1), Pause { began: at(3), ended: Some(at(4)) });
    }),
    case("finished while pausing", &[(Rule::PauseOpen, "pauses", None)], |_, closeout| {
        closeout.pauses.insert(fact(1), Pause { began: at(3), ended: None });
    }),
    case("pausing", &[(Rule::StepMissing, "steps.finished", None)], |_, closeout| {
        closeout.steps.remove(&Step::Finished);
        closeout.pauses.insert(fact(1), Pause { began: at(3), ended: None });
    }),
    case("nobody was there, it was said", &[(Rule::CrewEmpty, "crew", None)], |job, closeout| {
        job.crew = vec![member(ROBIN, true, true)];
        closeout.crew.insert(ROBIN, Presence { was_there: false });
    }),
    case("a colleague came along", &[], |job, closeout| {
        job.crew = vec![member(ROBIN, true, true), member(KIM, true, false)];
        closeout.crew.insert(KIM, Presence { was_there: true });
    }),
    case(
        "somebody Amazon does not know came along",
        &[(Rule::CrewUnlinked, "crew.02020202020202020202020202020202", None)],
        |job, closeout| {
            job.crew = vec![member(ROBIN, true, true), member(KIM, false, false)];
            closeout.crew.insert(KIM, Presence { was_there: true });
        },
    ),
    case("unlinked, and a linked colleague was there instead", &[], |job, closeout| {
        job.technician_linked = false;
        job.crew = vec![member(ROBIN, false, true), member(KIM, true, false)];
        closeout.crew.insert(ROBIN, Presence { was_there: false });
        closeout.crew.insert(KIM, Presence { was_there: true });
    }),
    case("a question that is not asked", &[], |job, closeout| {
        closeout.answers.remove("tested");
        job.policy.questions[1].shown_if = Some(crate::closeout::Condition {
            question: "work_done".to_owned(),
            is: vec![crate::closeout::Answer::No],
        });
    }),
    case("a shot that is not wanted", &[(Rule::TooFewPhotos, "photos", Some(1))], |job, closeout| {
        closeout.photos.remove(&id(2));
        job.policy.shots[1].shown_if = Some(crate::closeout::Condition {
            question: "damage".to_owned(),
            is: vec![crate::closeout::Answer::No],
        });
    }),
    case("a serial number that is missing", &[(Rule::SerialMissing, "serials.unit", None)], |job, _| {
        wants_serial(job, true);
    }),
    case(
        "a serial number that was taken back",
        &[(Rule::SerialMissing, "serials.unit", None)],
        |job, closeout| {
            wants_serial(job, true);
            closeout.serials.insert("unit".to_owned(), serial(0));
        },
    ),
    case("a serial number", &[], |job, closeout| {
        wants_serial(job, true);
        closeout.serials.insert("unit".to_owned(), serial(8));
    }),
    case("a serial number that is welcome", &[], |job, _| wants_serial(job, false)),
    case("not signed", &[(Rule::SignatureMissing, "acceptance", None)], |job, _| {
        job.policy.signature = Need::Required;
    }),
    case("signed", &[], |job, closeout| {
        job.policy.signature = Need::Required;
        sign(closeout, 2, 20_000);
    }),
    case(
        "signed, and the picture taken out",
        &[(Rule::SignatureMissing, "acceptance", None)],
        |job, closeout| {
            job.policy.signature = Need::Required;
            sign(closeout, 2, 20_000);
            closeout.photos.get_mut(&id(3)).unwrap().removed = true;
        },
    ),
    case("a touch by mistake", &[(Rule::SignatureEmpty, "acceptance", None)], |job, closeout| {
        job.policy.signature = Need::Optional;
        sign(closeout, 1, 499);
    }),
    case("an empty pad", &[(Rule::SignatureEmpty, "acceptance", None)], |_, closeout| sign(closeout, 0, 0)),
    case("the buyer does not sign", &[], |job, closeout| {
        job.policy.signature = Need::Required;
        closeout.acceptance = Some(Acceptance::Unsigned { reason: UnsignedReason::CannotSign, at: at(4) });
    }),
    case(
        "the picture of a signature is no proof of work",
        &[(Rule::TooFewPhotos, "photos", Some(1))],
        |job, closeout| {
            job.policy.minimum_photos = 3;
            sign(closeout, 2, 20_000);
        },
    ),
    case("a good look", &[], |_, closeout| {
        look(closeout, 1, 130, 90, [0; 8]);
        look(closeout, 2, 120, 80, [0xff; 8]);
    }),
    case("dark", &[(Rule::PhotoDark, "photos.after", None)], |_, closeout| {
        look(closeout, 1, 29, 3, [0; 8]);
        look(closeout, 2, 30, 10, [0xff; 8]);
    }),
    case("blurred", &[(Rule::PhotoBlurred, "photos.after", None)], |_, closeout| {
        look(closeout, 1, 99, 9, [0; 8])
    }),
    case("twice the same", &[(Rule::PhotoIdentical, "photos.detail", None)], |_, closeout| {
        look(closeout, 1, 99, 99, [0b0000_0111, 0, 0, 0, 0, 0, 0, 0]);
        look(closeout, 2, 99, 99, [0; 8]);
    }),
    case("alike, and not the same", &[], |_, closeout| {
        look(closeout, 1, 99, 99, [0b0000_1111, 0, 0, 0, 0, 0, 0, 0]);
        look(closeout, 2, 99, 99, [0; 8]);
    }),
    case("one picture for two shots", &[(Rule::PhotoIdentical, "photos.detail", None)], |_, closeout| {
        closeout.photos.get_mut(&id(2)).unwrap().facts.sha256 = Sha256::of(b"after");
    }),
    case("nobody was there", &[], |_, closeout| no_show(closeout, 17)),
    case("gave up early", &[(Rule::NoShowTooEarly, "outcome", Some(3))], |_, closeout| no_show(closeout, 14)),
    case("gave up a little early", &[(Rule::NoShowTooEarly, "outcome", Some(1))], |_, closeout| {
        no_show(closeout, 17);
        let Some(Outcome::NoShow { at }) = &mut closeout.outcome else { return };
        at.monotonic_ms -= 1;
    }),
    case("waited since the time that was said", &[], |_, closeout| {
        no_show(closeout, 16);
        correct(closeout, Step::Arrived, 1, 9);
    }),
    case(
        "nobody was there, nor the technician",
        &[(Rule::StepMissing, "steps.arrived", None)],
        |_, closeout| {
            no_show(closeout, 17);
            closeout.steps.clear();
        },
    ),
    case("tried once", &[(Rule::AttemptsMissing, "attempts", Some(1))], |_, closeout| {
        no_show(closeout, 17);
        closeout.attempts.remove(&fact(1));
    }),
    case("no photo of the door", &[(Rule::DoorPhotoMissing, "photos.door", None)], |_, closeout| {
        no_show(closeout, 17);
        closeout.photos.clear();
    }),
    case("terms that want nothing", &[], |job, closeout| {
        no_show(closeout, 3);
        closeout.photos.clear();
        closeout.attempts.clear();
        job.policy.no_show = crate::closeout::NoShowTerms { wait_minutes: 1, attempts: 0, door_photo: false };
    }),
    case("somebody has to come again", &[], |_, closeout| {
        closeout.outcome = Some(Outcome::SecondVisit { reason: SecondVisitReason::PartsMissing, at: at(4) });
        closeout.answers.clear();
        closeout.photos.clear();
    }),
    case("come again before finishing", &[(Rule::StepMissing, "steps.finished", None)], |_, closeout| {
        closeout.outcome = Some(Outcome::SecondVisit { reason: SecondVisitReason::PartsMissing, at: at(4) });
        closeout.steps.remove(&Step::Finished);
    }),
    case("a reason of this marketplace", &[], |job, closeout| {
        job.marketplace = "ATVPDKIKX0DER".to_owned();
        ask(closeout, Wish::Cancel, ReasonCode::S1, false);
    }),
    case(
        "a reason of another marketplace",
        &[(Rule::ReasonInvalid, "requests.01010101010101010101010101010101", None)],
        |job, closeout| {
            job.marketplace = "ATVPDKIKX0DER".to_owned();
            ask(closeout, Wish::Cancel, ReasonCode::S31, false);
        },
    ),
    case(
        "a reason of another kind of service",
        &[(Rule::ReasonInvalid, "requests.01010101010101010101010101010101", None)],
        |job, closeout| {
            job.marketplace = "ATVPDKIKX0DER".to_owned();
            job.service_type = ServiceType::Recurring;
            ask(closeout, Wish::Reschedule, ReasonCode::RS6, false);
        },
    ),
    case("a reason that was taken back", &[], |job, closeout| {
        job.marketplace = "ATVPDKIKX0DER".to_owned();
        ask(closeout, Wish::Cancel, ReasonCode::S31, true);
    }),
    case("a reason of another kind of service that was no hindrance", &[], |job, closeout| {
        job.marketplace = "ATVPDKIKX0DER".to_owned();
        ask(closeout, Wish::Reschedule, ReasonCode::S31, false);
        decide(job, true, Wish::Reschedule, DecisionState::Done, 5);
    }),
    case("dark, of a shot that the answers hide", &[], |job, closeout| {
        look(closeout, 2, 1, 1, [0; 8]);
        job.policy.shots[1].shown_if = Some(crate::closeout::Condition {
            question: "damage".to_owned(),
            is: vec![crate::closeout::Answer::No],
        });
    }),
    case(
        "somebody had to come again, and the visit was moved before it was reported",
        &[(Rule::AnswerMissing, "answers.tested", None)],
        |job, closeout| {
            come_again(closeout);
            closeout.answers.remove("tested");
            decide(job, false, Wish::Reschedule, DecisionState::Done, 5);
            job.standing.notices.push(super::notice(NoticeKind::Moved, 6, Some(7)));
        },
    ),
    case("somebody has to come again, and gets a visit after this one", &[], |job, closeout| {
        come_again(closeout);
        closeout.answers.clear();
        decide(job, false, Wish::Reschedule, DecisionState::Done, 5);
    }),
    case("a marketplace whose reasons nobody knows", &[], |_, closeout| {
        ask(closeout, Wish::Cancel, ReasonCode::S31, false);
    }),
];

/// Anything that can be recorded, at minutes and of people that meet each other.
pub(super) fn any_fact() -> impl Strategy<Value = Fact> {
    let step = prop::sample::select(Step::ALL.to_vec());
    let user = prop::sample::select(vec![ROBIN, KIM]);
    prop_oneof![
        (step.clone(), 0..30u64, 0..30u64).prop_map(|(step, minute, said)| {
            let correction =
                Correction { at: at(minute).wall, reason: CorrectionReason::Other, made: at(said) };
            Fact::Correction(step, correction)
        }),
        (0..3u8, any::<bool>()).prop_map(|(n, ended)| {
            Fact::Pause(fact(n), Pause { began: at(3), ended: ended.then(|| at(4)) })
        }),
        (user, any::<bool>()).prop_map(|(user, was_there)| Fact::Crew(user, Presence { was_there })),
        (0..900u32).prop_map(|ink| {
            let record = RecordId::from_bytes([7; 16]);
            let relation = Relation::Other;
            Fact::Acceptance(Acceptance::Signed {
                record,
                strokes: 1,
                ink,
                relation,
                photo: id(100),
                at: at(4),
            })
        }),
        (0..4u8).prop_map(|n| Fact::Attempt(fact(n), Attempt { how: AttemptHow::Wrote, at: at(4) })),
        (0..40u64).prop_map(|minute| Fact::Outcome(Outcome::NoShow { at: at(minute) })),
        Just(Fact::Outcome(Outcome::SecondVisit { reason: SecondVisitReason::Site, at: at(4) })),
        (0..3u8, any::<bool>()).prop_map(|(n, withdrawn)| {
            let asked = Asked { what: Wish::Cancel, code: ReasonCode::S31, at: at(4), withdrawn };
            Fact::Request(RequestId::from_bytes([n; 16]), asked)
        }),
    ]
}
