//! What happened to a visit, as the board and the history tell it.

use super::{CallKind, GiveUpReason};
use crate::{closeout::Step, id::PhotoId, job::NoticeKind, reason::Wish, session::ParkedKind};
use serde::{Deserialize, Serialize};

/// What happened to a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    JobTakenIn,
    JobChanged,
    /// The job came from a file, or the file has it differently now.
    JobImported,
    /// Amazon gave a job itself that had come from a file.
    JobConfirmed,
    /// Amazon did something to the visit that somebody has to know.
    Noticed {
        notice: NoticeKind,
    },
    /// The job was read again because a person asked, and nothing had changed.
    ReadAgain,
    /// A person asked for the job to be read again, and Amazon did not give it.
    ReadRefused,
    /// A supervisor accepted what was recorded, whatever Amazon did to the visit.
    Accepted,
    /// A technician let go of something that the server had refused.
    GivenUp {
        technician: String,
        item: ParkedKind,
        reason: GiveUpReason,
    },
    /// Two phones recorded different values, and both are kept.
    VersionsDiffer {
        field: String,
    },
    /// Two phones had recorded different values, and a supervisor said which one counts.
    VersionChosen {
        field: String,
    },
    StepRecorded {
        step: Step,
    },
    /// A technician said that a step was at another time.
    StepCorrected {
        step: Step,
    },
    /// A technician said who was there.
    CrewRecorded,
    /// A technician said when to expect them.
    EtaRecorded,
    /// A technician said how the visit ended.
    OutcomeRecorded,
    /// Something else was recorded: a pause, a serial number, a signature, an attempt.
    DetailsRecorded,
    AnswersRecorded,
    NoteRecorded,
    PhotoAnnounced {
        photo: PhotoId,
    },
    PhotoSafe {
        photo: PhotoId,
    },
    /// Evidence came from a phone or a person who is barred; it is kept and does not count.
    EvidenceHeld,
    EvidenceReleased,
    EvidenceRejected,
    ReadyToSend,
    DocumentSent {
        photo: PhotoId,
    },
    FulfilmentSent,
    Completed,
    CallParked {
        call: CallKind,
    },
    /// A person had a parked call tried again.
    CallRetried {
        call: CallKind,
    },
    ChangeRefused,
    LateChange,
    /// A closeout is complete, and only observed.
    CloseoutObserved,
    /// A closeout is complete and kept: the job is closed in Amazon's app.
    CloseoutKept,
    /// An administrator moved a switch that this visit's calls wait for.
    ConnectionChanged,
    /// Calls of this visit are never sent.
    CallsLeft,
    /// A technician asks that the visit is moved or its job cancelled.
    Asked {
        wish: Wish,
    },
    /// The office decided so, whether or not somebody had asked.
    Approved {
        wish: Wish,
    },
    Declined {
        wish: Wish,
    },
    /// Amazon said when a visit of the job could be, or why it does not say.
    SlotsRead,
    /// Amazon has moved the visit because the office said so.
    Rescheduled,
    /// Amazon has cancelled the job because the office said so.
    JobCancelled,
    /// Amazon knows who comes to the visit that was moved.
    TechniciansAssigned,
    /// Amazon knows when the technician expects to be there.
    EtaSent,
    /// The visit is reported to Amazon and the job goes on: another visit is needed.
    VisitReported,
}
