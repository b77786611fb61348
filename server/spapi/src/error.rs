//! What went wrong, and what to do about it.
//!
//! Three questions matter to a caller, and an [`Error`] answers each of them: what next ([`Error::verdict`]),
//! may the request have worked all the same ([`Error::effect`]), and what did Amazon say
//! ([`Error::remarks`], [`Error::request_id`]); [`Error::advice`] is for whoever has to mend it. Statuses and transport details stay inside.

mod advice;
mod verdict;

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Remark;
use crate::operations::Repeat;
use verdict::code_of;

/// What a caller does after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send the same request again, byte for byte, after this long, or after the caller's own back-off when
    /// there is no figure. With [`Effect::Unknown`] not before the fence is over either.
    Retry {
        /// How long Amazon, or the own rate limit, wants to be left alone.
        after: Option<Duration>,
    },
    /// Read the job first; only its state tells whether the request is to be sent again. With
    /// [`Effect::Unknown`] the request itself may still take effect, so the fence comes first; with
    /// [`Effect::None`] reading back makes sense at once.
    ReadBack,
    /// The same request will never work: park it for a person, or build another one.
    GiveUp {
        /// Amazon's code (`InvalidInput`, `invalid_grant`), or one of this crate's in snake case.
        code: String,
    },
}

/// Whether the failed request may have changed something at Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It certainly has not.
    None,
    /// It may have, or may yet.
    Unknown,
}

/// A failed call.
pub struct Error(Box<Report>);

struct Report {
    operation: &'static str,
    repeat: Repeat,
    request_id: Option<String>,
    /// Whether the request went out with a restricted data token.
    is_restricted: bool,
    /// The errors in Amazon's own JSON.
    said: Vec<Value>,
    cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// The model does not allow such a request. Nothing was sent.
    NotAllowed { field: String, why: String },
    /// The operation's own rate is used up. Nothing was sent.
    Paced { after: Duration },
    /// No access token, so nothing was sent.
    Login(LoginFailure),
    /// No restricted data token, so nothing was sent.
    NoRestrictedToken(Error),
    /// No connection, so nothing was sent.
    Unreachable(String),
    /// Sent, and no whole answer came back.
    Lost(String),
    /// An answer whose status says success and whose body is not what the model says.
    Unreadable { status: u16, at: String },
    /// Amazon refused.
    Refused { status: u16, remarks: Vec<Remark>, after: Option<Duration> },
    /// The upload destination has too little time left. Nothing was sent.
    DestinationSpent,
    /// The document could not be read to its end. The store keeps nothing of a part.
    Document(String),
    /// The store behind an upload destination refused.
    UploadRefused { status: u16, code: Option<String> },
}

/// Why there is no access token.
#[derive(Clone, Debug)]
pub(crate) enum LoginFailure {
    /// Login with Amazon was not reached, was too slow or answered nonsense.
    Unreachable(String),
    /// It answered with an OAuth error.
    Refused { status: u16, remark: Remark },
}

impl Error {
    pub(crate) fn new(operation: &'static str, repeat: Repeat, cause: Cause) -> Self {
        Self(Box::new(Report {
            operation,
            repeat,
            request_id: None,
            is_restricted: false,
            said: Vec::new(),
            cause,
        }))
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_restricted_token(mut self) -> Self {
        self.0.is_restricted = true;
        self
    }

    pub(crate) fn with_said(mut self, said: Vec<Value>) -> Self {
        self.0.said = said;
        self
    }

    pub(crate) fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// The operation by Amazon's name; `uploadDocument` for the upload itself.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Amazon's name for the request, to be quoted to its support.
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::NoRestrictedToken(error) => error.request_id(),
            _ => self.0.request_id.as_deref(),
        }
    }

    /// What Amazon said. The messages are for people; they name ids and may name more, so they are not part
    /// of `Debug` and `Display`.
    pub fn remarks(&self) -> &[Remark] {
        match &self.0.cause {
            Cause::Refused { remarks, .. } => remarks,
            Cause::NoRestrictedToken(error) => error.remarks(),
            Cause::Login(LoginFailure::Refused { remark, .. }) => std::slice::from_ref(remark),
            _ => &[],
        }
    }

    /// The errors as they came, with all their fields. They may name whom [`Error::remarks`] may name.
    pub fn said(&self) -> Vec<Value> {
        match &self.0.cause {
            Cause::Login(LoginFailure::Refused { remark, .. }) => {
                vec![json!({ "code": remark.code, "message": remark.message })]
            }
            _ => self.0.said.clone(),
        }
    }

    /// Whether there was an answer, and it was a refusal.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.0.cause,
            Cause::Refused { .. } | Cause::UploadRefused { .. } | Cause::Login(LoginFailure::Refused { .. })
        )
    }

    /// The field that the model does not allow as it is, and why; then nothing was sent.
    pub fn not_allowed(&self) -> Option<(&str, &str)> {
        match &self.0.cause {
            Cause::NotAllowed { field, why } => Some((field, why)),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.0.operation)?;
        match &self.0.cause {
            Cause::NotAllowed { field, why } => write!(out, "{field} {why}; nothing was sent")?,
            Cause::Paced { after } => write!(out, "over the rate, next in {} ms", after.as_millis())?,
            Cause::Login(LoginFailure::Unreachable(why)) => write!(out, "no access token: {why}")?,
            Cause::Login(LoginFailure::Refused { status, remark }) => {
                write!(out, "Login with Amazon refused with {status} {}", remark.code)?;
            }
            Cause::NoRestrictedToken(error) => write!(out, "no restricted data token: {error}")?,
            Cause::Unreachable(why) => write!(out, "not sent: {why}")?,
            Cause::Lost(why) => write!(out, "no answer: {why}")?,
            Cause::Unreadable { status, at } => write!(out, "answer {status} cannot be read at {at}")?,
            Cause::Refused { status, remarks, .. } => {
                write!(out, "refused with {status}")?;
                for remark in remarks {
                    write!(out, " {}", remark.code)?;
                }
            }
            Cause::DestinationSpent => {
                out.write_str("the upload destination has run out; nothing was sent")?
            }
            Cause::Document(why) => write!(out, "the document cannot be read: {why}")?,
            Cause::UploadRefused { status, code } => {
                write!(out, "upload refused with {}", code_of(*status, code.as_deref()))?;
            }
        }
        match &self.0.request_id {
            Some(id) => write!(out, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("request_id", &self.0.request_id)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl std::error::Error for Error {}
