//! What the technician does, as values in the document and records beside it.

use super::{
    Now, Session,
    store::{self, RecordState, StoredRecord},
    writes::Out,
};
use crate::{
    closeout::{
        Acceptance, Answer, Asked, Attempt, AttemptHow, Caption, Closeout, Correction, CorrectionReason, Eta,
        Fact, Look, Outcome, Pause, Presence, RecordFacts, Relation, SecondVisitReason, Serial, SerialSource,
        Step, UnsignedReason,
    },
    document::Put,
    id::{AppointmentId, FactId, PhotoId, RecordId, RequestId, UserId},
    job::Job,
    pii::Pii,
    reason::{ReasonCode, Wish},
    record::{Content, Position, Signature, Spot},
    rescue::{Item, What},
    time::{Moment, Timestamp},
};
use serde::{Deserialize, Serialize};

/// What the technician does to a closeout.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Records a step now. A position, where the phone gave one, becomes a sealed record.
    Step {
        step: Step,
        position: Option<Pii<Position>>,
    },
    Answer {
        question: String,
        answer: Answer,
    },
    /// A note is personal data: its text becomes a sealed record, the document gets its length.
    Note {
        text: Pii<String>,
    },
    RemovePhoto {
        photo: PhotoId,
    },
    /// Where the phone was when it took a photo: a sealed record.
    Place {
        photo: PhotoId,
        position: Pii<Position>,
    },
    /// Says when a step was. The moment of the tap stays.
    Correct {
        step: Step,
        at: Timestamp,
        reason: CorrectionReason,
    },
    Pause {
        position: Option<Pii<Position>>,
    },
    /// Ends the pause.
    GoOn,
    Eta {
        earliest: Timestamp,
        latest: Timestamp,
    },
    Crew {
        user: UserId,
        was_there: bool,
    },
    /// The picture of the signature has joined the closeout before.
    Sign {
        signature: Pii<Signature>,
        relation: Relation,
        photo: PhotoId,
    },
    Unsigned {
        reason: UnsignedReason,
    },
    /// Empty to take it back.
    Serial {
        slot: String,
        text: Pii<String>,
        source: SerialSource,
    },
    Caption {
        photo: PhotoId,
        text: Pii<String>,
    },
    Look {
        photo: PhotoId,
        look: Look,
    },
    Attempt {
        how: AttemptHow,
    },
    NoShow,
    SecondVisit {
        reason: SecondVisitReason,
    },
    /// The visit is served after all.
    Served,
    Ask {
        what: Wish,
        code: ReasonCode,
    },
    Withdraw {
        request: RequestId,
    },
}

impl Session {
    /// Nothing happens to a visit whose document has not come: the screen offers nothing there.
    pub(super) fn edit(&mut self, now: &Now, out: &mut Out, appointment: AppointmentId, edit: Edit) {
        let moment = self.moment(now);
        let Some(visit) = self.visits.get(&appointment) else { return };
        let (Some(job), Some(closeout)) = (visit.job.as_ref(), visit.closeout()) else { return };
        let id = RecordId::from_bytes(out.fresh.bytes());
        let mut record = None;
        let fact = FactId::from_bytes(out.fresh.bytes());
        if let Some(content) = content_of(&edit, fact) {
            match content.seal(&job.key, id) {
                Ok(sealed) => record = Some(StoredRecord { sealed, state: RecordState::Unsent }),
                Err(error) => return self.not_saved = Some(error.to_string()),
            }
        }
        let puts = puts_of(edit, job, &closeout, id, fact, moment);
        // The document first: a record it does not name would never be seen again.
        if !puts.is_empty()
            && self.put(out, appointment, &puts)
            && let Some(stored) = record
        {
            self.keep(out, store::record_key(appointment, id), &stored);
            self.keep_copy(out, Item::Record(appointment, id), What::Record(stored.sealed.clone()));
            if let Some(visit) = self.visits.get_mut(&appointment) {
                visit.records.insert(id, stored);
            }
        }
    }
}

/// What of an edit is sealed; `id` is of the fact it makes.
fn content_of(edit: &Edit, id: FactId) -> Option<Content> {
    Some(match edit {
        Edit::Step { position: Some(position), .. } => Content::Position(position.clone()),
        Edit::Pause { position: Some(position) } => Content::PositionOf(Spot::Pause(id), position.clone()),
        Edit::Place { photo, position } => Content::PositionOf(Spot::Photo(*photo), position.clone()),
        Edit::Note { text } => Content::Note(text.clone()),
        Edit::Sign { signature, .. } => Content::Signature(signature.clone()),
        Edit::Serial { text, .. } => Content::Serial(text.clone()),
        Edit::Caption { text, .. } => Content::Caption(text.clone()),
        _ => return None,
    })
}

fn puts_of(edit: Edit, job: &Job, closeout: &Closeout, record: RecordId, id: FactId, at: Moment) -> Vec<Put> {
    let content = content_of(&edit, id);
    let record_of = |step| {
        content.as_ref().map(|content| {
            Put::Record(record, RecordFacts { kind: content.kind(), length: content.length(), step })
        })
    };
    let facts = match edit {
        Edit::Step { step, .. } => {
            let position = record_of(Some(step));
            return position.into_iter().chain([step_of(step, job, closeout, at)]).collect();
        }
        Edit::Answer { question, answer } => return vec![Put::Answer(question, answer)],
        Edit::RemovePhoto { photo } => return vec![Put::RemovePhoto(photo)],
        Edit::Note { .. } | Edit::Place { .. } => return record_of(None).into_iter().collect(),
        Edit::Correct { step, at: said, reason } => {
            vec![Fact::Correction(step, Correction { at: said, reason, made: at })]
        }
        Edit::Pause { .. } if open_pauses(closeout).next().is_some() => vec![],
        Edit::Pause { .. } => {
            let pause = Put::Fact(Fact::Pause(id, Pause { began: at, ended: None }));
            return record_of(None).into_iter().chain([pause]).collect();
        }
        Edit::GoOn => {
            let ended = |(id, pause)| Fact::Pause(id, Pause { ended: Some(at), ..pause });
            open_pauses(closeout).map(ended).collect()
        }
        Edit::Eta { earliest, latest } => vec![Fact::Eta(Eta { earliest, latest, at })],
        Edit::Crew { user, was_there } => vec![Fact::Crew(user, Presence { was_there })],
        Edit::Sign { signature, relation, photo } => {
            let strokes = u16::try_from(signature.expose().strokes.len()).unwrap_or(u16::MAX);
            let ink = signature.expose().ink();
            vec![Fact::Acceptance(Acceptance::Signed { record, strokes, ink, relation, photo, at })]
        }
        Edit::Unsigned { reason } => vec![Fact::Acceptance(Acceptance::Unsigned { reason, at })],
        Edit::Serial { slot, text, source } => {
            let length = u16::try_from(text.expose().len()).unwrap_or(u16::MAX);
            vec![Fact::Serial(slot, Serial { record, length, source, at })]
        }
        Edit::Caption { photo, .. } => vec![Fact::Caption(photo, Caption { record })],
        Edit::Look { photo, look } => vec![Fact::Look(photo, look)],
        Edit::Attempt { how } => vec![Fact::Attempt(id, Attempt { how, at })],
        Edit::NoShow => vec![Fact::Outcome(Outcome::NoShow { at })],
        Edit::SecondVisit { reason } => vec![Fact::Outcome(Outcome::SecondVisit { reason, at })],
        Edit::Served => vec![Fact::Outcome(Outcome::Served)],
        Edit::Ask { what, code } => vec![Fact::Request(
            RequestId::from_bytes(*record.as_bytes()),
            Asked { what, code, at, withdrawn: false },
        )],
        Edit::Withdraw { request } => {
            let asked = closeout.requests.get(&request).copied();
            asked
                .map(|asked| Fact::Request(request, Asked { withdrawn: true, ..asked }))
                .into_iter()
                .collect()
        }
    };
    facts.into_iter().map(Put::Fact).collect()
}

/// With two or more on the visit each phone records its own person's steps, so that none undoes another's.
fn step_of(step: Step, job: &Job, closeout: &Closeout, at: Moment) -> Put {
    let present = closeout.present(&job.crew);
    match job.me {
        Some(me) if closeout.takes_facts && present.len() > 1 && present.contains(&me) => {
            Put::Fact(Fact::CrewStep(me, step, at))
        }
        _ => Put::Step(step, at),
    }
}

fn open_pauses(closeout: &Closeout) -> impl Iterator<Item = (FactId, Pause)> {
    closeout.pauses.iter().filter(|(_, pause)| pause.ended.is_none()).map(|(id, pause)| (*id, *pause))
}
