//! What the office decides of a visit that is not simply completed: it is moved, its job is cancelled, or neither.

use crate::{id::RequestId, reason::Wish, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Why the office says no. A list and no text: the phone says it in the technician's language, and nobody writes a
/// buyer's name into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// The visit is to be done as planned.
    AsPlanned,
    /// The office has settled it with the buyer.
    BuyerAgreed,
    /// Amazon does not take it for this job.
    NotPossible,
    /// It wants a word first.
    CallOffice,
}

impl DeclineReason {
    pub const ALL: [Self; 4] = [Self::AsPlanned, Self::BuyerAgreed, Self::NotPossible, Self::CallOffice];

    /// The name it has in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsPlanned => "as_planned",
            Self::BuyerAgreed => "buyer_agreed",
            Self::NotPossible => "not_possible",
            Self::CallOffice => "call_office",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// How far a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    Declined,
    /// Approved, and not at Amazon yet.
    Approved,
    /// Amazon has taken it.
    Done,
    /// Amazon has refused it; the office looks at it.
    Stuck,
    /// Approved, and then left: another decision took its place.
    Dropped,
}

/// A decision of the office, as phone and board show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct OfficeDecision {
    /// What it answers; `None` where nobody in the field had asked.
    pub request: Option<RequestId>,
    pub what: Wish,
    pub state: DecisionState,
    /// Of what was declined.
    pub reason: Option<DeclineReason>,
    /// Of a move: when the visit is to begin.
    pub start: Option<Timestamp>,
    pub at: Timestamp,
}

impl OfficeDecision {
    /// Amazon has moved the visit for it.
    pub fn is_moved(&self) -> bool {
        self.state == DecisionState::Done && self.what == Wish::Reschedule
    }
}
