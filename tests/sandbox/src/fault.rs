//! Scripted faults: what goes wrong with the next requests of one operation.

use serde::{Deserialize, Serialize};

use crate::operation::{OPERATIONS, Shape};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultKind {
    /// 429, no effect.
    Throttle,
    /// 500, no effect.
    FailBefore,
    /// 500 although the effect took place.
    FailAfter,
    /// The effect takes place and the connection closes without an answer.
    LoseReply,
    /// Held until released; the effect takes place then, even if the caller has given up: a late effect.
    Hang,
    /// The effect takes place, the answer is held until released.
    HangAfter,
    /// The access token is expired from now on.
    ExpiredToken,
    /// The upload destination is expired from now on (`uploadDocument` only).
    ExpiredDestination,
}

impl FaultKind {
    pub(crate) fn holds(self) -> bool {
        matches!(self, Self::Hang | Self::HangAfter)
    }
}

/// One line of the script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Amazon's operation id, `token`, `uploadDocument`, or `*` for any of the Services API.
    pub operation: String,
    pub kind: FaultKind,
    /// How many requests it befalls.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching requests pass unharmed before.
    #[serde(default)]
    pub skip: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    pub fn new(operation: &str, kind: FaultKind, times: u32) -> Self {
        Self { operation: operation.into(), kind, times, skip: 0 }
    }

    /// Lets `skip` matching requests pass first.
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    fn befalls(&self, operation: &str, shape: Shape) -> bool {
        self.operation == operation || (self.operation == "*" && shape.is_gateway())
    }
}

/// A fault that could never happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitFault {
    #[error("no operation is called {0}")]
    UnknownOperation(String),
    #[error("a fault that happens 0 times")]
    Never,
    #[error("{kind:?} does not apply to {operation}")]
    DoesNotApply { operation: String, kind: FaultKind },
}

/// The script: first matching line first.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<Fault>);

impl Script {
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), UnfitFault> {
        let shape = match fault.operation.as_str() {
            "*" => Shape::Enveloped,
            name => match OPERATIONS.iter().find(|o| o.name == name) {
                Some(operation) => operation.shape,
                None => return Err(UnfitFault::UnknownOperation(fault.operation)),
            },
        };
        let applies = match fault.kind {
            FaultKind::ExpiredToken => shape.is_gateway(),
            FaultKind::ExpiredDestination => shape == Shape::Storage,
            _ => true,
        };
        if !applies {
            return Err(UnfitFault::DoesNotApply { operation: fault.operation, kind: fault.kind });
        }
        if fault.times == 0 {
            return Err(UnfitFault::Never);
        }
        self.0.push(fault);
        Ok(())
    }

    pub(crate) fn pending(&self) -> &[Fault] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What befalls a request of this operation that has just arrived.
    pub(crate) fn strike(&mut self, operation: &str, shape: Shape) -> Option<FaultKind> {
        let at = self.0.iter().position(|f| f.befalls(operation, shape))?;
        let fault = self.0.get_mut(at)?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let kind = fault.kind;
        fault.times -= 1;
        if fault.times == 0 {
            self.0.remove(at);
        }
        Some(kind)
    }
}
