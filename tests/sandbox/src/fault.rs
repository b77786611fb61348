//! Faults: what goes wrong with the next requests of one operation.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::is_within_reach;
use crate::dice::Dice;
use crate::operation::{Access, OPERATIONS, Operation, Shape};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultKind {
    /// 429, no effect.
    Throttle,
    /// 500, no effect.
    FailBefore,
    /// 500 although the effect took place.
    FailAfter,
    /// 500, and the effect takes place `seconds` (30) of the sandbox's time later.
    FailLate,
    /// The connection closes without an answer and without an effect.
    LoseRequest,
    /// The effect takes place and the connection closes without an answer.
    LoseReply,
    /// The connection closes without an answer; the effect takes place `seconds` (30) of the sandbox's time later.
    LoseLate,
    /// Held until released, or for `seconds`; the effect takes place then, even if the caller has given up.
    Hang,
    /// The effect takes place, the answer is held until released, or for `seconds`.
    HangAfter,
    /// The answer comes a byte at a time, one every `seconds` (1); the rest of it at once when released.
    Trickle,
    /// 200 with an error list and no effect.
    OkWithErrors,
    /// The access token is expired from now on.
    ExpiredToken,
    /// The application's client secret counts as expired.
    ExpiredSecret,
    /// The application lacks the role that the operation needs.
    MissingRole,
    /// The upload destination is expired from now on (`uploadDocument` only).
    ExpiredDestination,
    /// What is uploaded is found to be malware when it is attached (`uploadDocument` only).
    Malware,
    /// Somebody else has just taken the slot (adding and rescheduling an appointment only).
    SlotTaken,
    /// Jobs are answered as they were before their last change (reading jobs only).
    StaleRead,
}

impl FaultKind {
    pub(crate) const ALL: [Self; 18] = [
        Self::Throttle,
        Self::FailBefore,
        Self::FailAfter,
        Self::FailLate,
        Self::LoseRequest,
        Self::LoseReply,
        Self::LoseLate,
        Self::Hang,
        Self::HangAfter,
        Self::Trickle,
        Self::OkWithErrors,
        Self::ExpiredToken,
        Self::ExpiredSecret,
        Self::MissingRole,
        Self::ExpiredDestination,
        Self::Malware,
        Self::SlotTaken,
        Self::StaleRead,
    ];

    pub(crate) fn holds(self) -> bool {
        matches!(self, Self::Hang | Self::HangAfter)
    }

    /// Whether the connection closes without an answer.
    pub(crate) fn cuts(self) -> bool {
        matches!(self, Self::LoseRequest | Self::LoseReply | Self::LoseLate)
    }

    pub(crate) fn applies_to(self, operation: &Operation) -> bool {
        match self {
            Self::ExpiredToken | Self::MissingRole | Self::OkWithErrors => operation.shape.is_gateway(),
            Self::ExpiredSecret => operation.shape.is_gateway() || operation.shape == Shape::Login,
            Self::ExpiredDestination | Self::Malware => operation.shape == Shape::Storage,
            Self::FailLate | Self::LoseLate => {
                operation.access == Access::Write && operation.shape != Shape::Login
            }
            Self::SlotTaken => [
                "addAppointmentForServiceJobByServiceJobId",
                "rescheduleAppointmentForServiceJobByServiceJobId",
            ]
            .contains(&operation.name),
            Self::StaleRead => ["getServiceJobs", "getServiceJobByServiceJobId"].contains(&operation.name),
            _ => true,
        }
    }
}

/// One line of the script. Instants and seconds are the sandbox's, without its clock's skew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Amazon's operation id, `token`, `uploadDocument`, or `*` for any behind Amazon's gateway.
    pub operation: String,
    pub kind: FaultKind,
    /// How many requests it befalls. If left out: one, and without end where `probability` or `forSeconds` says
    /// which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many matching requests pass unharmed before.
    #[serde(default)]
    pub skip: u32,
    /// The chance of each matching request, above 0 and up to 1. The script's seed decides the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// It befalls nothing before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The same, counted from when the line is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_seconds: Option<u32>,
    /// How long it goes on from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<u32>,
    /// What the kind makes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

impl Fault {
    pub fn new(operation: &str, kind: FaultKind, times: u32) -> Self {
        Self {
            operation: operation.into(),
            kind,
            times: Some(times),
            skip: 0,
            probability: None,
            at: None,
            after_seconds: None,
            for_seconds: None,
            seconds: None,
        }
    }

    /// Lets `skip` matching requests pass first.
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// For kinds that take a time.
    pub fn seconds(self, seconds: u32) -> Self {
        Self { seconds: Some(seconds), ..self }
    }

    fn befalls(&self, operation: &Operation) -> bool {
        let named =
            self.operation == operation.name || (self.operation == "*" && operation.shape.is_gateway());
        named && self.kind.applies_to(operation)
    }

    /// Whether the line makes sense.
    pub(crate) fn check(&self) -> Result<(), UnfitFault> {
        let named =
            |o: &Operation| self.operation == o.name || (self.operation == "*" && o.shape.is_gateway());
        if !OPERATIONS.iter().any(named) {
            return Err(UnfitFault::UnknownOperation(self.operation.clone()));
        }
        if !OPERATIONS.iter().any(|o| self.befalls(o)) {
            return Err(UnfitFault::DoesNotApply { operation: self.operation.clone(), kind: self.kind });
        }
        if self.times == Some(0) || self.for_seconds == Some(0) {
            return Err(UnfitFault::Never);
        }
        if self.probability.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
            return Err(UnfitFault::Probability);
        }
        if self.at.is_some() && self.after_seconds.is_some() {
            return Err(UnfitFault::TwoStarts);
        }
        if self.at.is_some_and(|at| !is_within_reach(at)) {
            return Err(UnfitFault::FarOff);
        }
        Ok(())
    }
}

/// A fault that could never happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitFault {
    #[error("no operation is called {0}")]
    UnknownOperation(String),
    #[error("a fault that happens 0 times, or for 0 seconds")]
    Never,
    #[error("{kind:?} does not apply to {operation}")]
    DoesNotApply { operation: String, kind: FaultKind },
    #[error("a probability is above 0 and at most 1")]
    Probability,
    #[error("at and afterSeconds exclude each other")]
    TwoStarts,
    #[error("a time is between the years 1970 and 9000")]
    FarOff,
}

/// What has struck a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    pub(crate) seconds: Option<u32>,
}

impl Strike {
    /// How late a late effect is.
    pub(crate) fn lateness(self) -> TimeDelta {
        TimeDelta::seconds(self.seconds.unwrap_or(30).into())
    }
}

#[derive(Debug)]
struct Line {
    fault: Fault,
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    /// Of its own, so that what strikes does not depend on other lines.
    dice: Dice,
}

/// The faults that may still happen: first matching line first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    lines: Vec<Line>,
    added: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, seed: u64, now: DateTime<Utc>) -> Result<(), UnfitFault> {
        fault.check()?;
        let from = fault.at.unwrap_or(now + TimeDelta::seconds(fault.after_seconds.unwrap_or(0).into()));
        let until = fault.for_seconds.map(|seconds| from + TimeDelta::seconds(seconds.into()));
        let endless = fault.probability.is_some() || fault.for_seconds.is_some();
        let times = fault.times.or((!endless).then_some(1));
        let from =
            if fault.at.is_none() && fault.after_seconds.is_none() { DateTime::<Utc>::MIN_UTC } else { from };
        let dice = Dice::new(seed.wrapping_add(self.added.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        self.lines.push(Line { fault: Fault { times, ..fault }, from, until, dice });
        self.added += 1;
        Ok(())
    }

    pub(crate) fn pending(&self) -> Vec<Fault> {
        self.lines.iter().map(|line| line.fault.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What befalls a request of this operation that has just arrived.
    pub(crate) fn strike(&mut self, operation: &Operation, now: DateTime<Utc>) -> Option<Strike> {
        self.lines.retain(|line| line.until.is_none_or(|until| now < until));
        for at in 0..self.lines.len() {
            let line = self.lines.get_mut(at)?;
            if !line.fault.befalls(operation) || now < line.from {
                continue;
            }
            if line.fault.skip > 0 {
                line.fault.skip -= 1;
                return None;
            }
            if !line.hits() {
                continue;
            }
            let strike = Strike { kind: line.fault.kind, seconds: line.fault.seconds };
            if let Some(times) = &mut line.fault.times {
                *times -= 1;
                if *times == 0 {
                    self.lines.remove(at);
                }
            }
            return Some(strike);
        }
        None
    }
}

impl Line {
    fn hits(&mut self) -> bool {
        const PARTS: u32 = 1_000_000;
        let Some(probability) = self.fault.probability else { return true };
        let drawn = u32::try_from(self.dice.below("strike", PARTS.into())).unwrap_or(PARTS);
        f64::from(drawn) < probability * f64::from(PARTS)
    }
}
