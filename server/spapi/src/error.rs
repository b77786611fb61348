//! What went wrong, and what to do about it.
//!
//! Three questions matter to a caller, and an [`Error`] answers each of them: what next ([`Error::verdict`]),
//! may the request have worked all the same ([`Error::effect`]), and what did Amazon say
//! ([`Error::remarks`], [`Error::request_id`]). Statuses and transport details stay inside.

use std::fmt;
use std::time::Duration;

use crate::answer::Remark;
use crate::operations::Repeat;

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

/// OAuth errors that pass by themselves; all others want a person.
const PASSING_LOGIN_CODES: &[&str] = &["server_error", "temporarily_unavailable", "slow_down"];
/// Service errors that pass by themselves, under whatever status they arrive.
const PASSING_CODES: &[&str] = &["QuotaExceeded", "InternalFailure", "InternalError", "ServiceUnavailable"];

impl Error {
    pub(crate) fn new(operation: &'static str, repeat: Repeat, cause: Cause) -> Self {
        Self(Box::new(Report { operation, repeat, request_id: None, cause }))
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
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
        self.0.request_id.as_deref()
    }

    /// What Amazon said. The messages are for people; they name ids and may name more, so they are not part
    /// of `Debug` and `Display`.
    pub fn remarks(&self) -> &[Remark] {
        match &self.0.cause {
            Cause::Refused { remarks, .. } => remarks,
            Cause::Login(LoginFailure::Refused { remark, .. }) => std::slice::from_ref(remark),
            _ => &[],
        }
    }

    /// The field that the model does not allow as it is, and why; then nothing was sent.
    pub fn not_allowed(&self) -> Option<(&str, &str)> {
        match &self.0.cause {
            Cause::NotAllowed { field, why } => Some((field, why)),
            _ => None,
        }
    }

    /// Whether a document wants another destination: this one has run out, the store refused it, or
    /// fulfilment data named one that Amazon does not know any more. In the last case Amazon does not say
    /// which of the documents it means.
    pub fn needs_new_destination(&self) -> bool {
        match &self.0.cause {
            Cause::DestinationSpent => true,
            Cause::UploadRefused { status, code } => {
                matches!(status, 401 | 403 | 404)
                    || matches!(code.as_deref(), Some("ExpiredToken" | "RequestExpired"))
            }
            Cause::Refused { status: 422, remarks, .. } => remarks.iter().any(|remark| {
                let text = remark.message.replace('\u{a0}', " ").to_lowercase();
                text.contains("document") && (text.contains("id does not exist") || text.contains("expired"))
            }),
            _ => false,
        }
    }

    /// Whether the request may have changed something at Amazon although it failed.
    pub fn effect(&self) -> Effect {
        let unknown = match &self.0.cause {
            _ if self.0.repeat == Repeat::Read => false,
            Cause::Lost(_) | Cause::Unreadable { .. } => true,
            Cause::Refused { status, .. } | Cause::UploadRefused { status, .. } => {
                // An answer of success that lists errors may have done a part of what was asked.
                matches!(status, 200..=299 | 408 | 500..)
            }
            _ => false,
        };
        if unknown { Effect::Unknown } else { Effect::None }
    }

    /// What to do next.
    pub fn verdict(&self) -> Verdict {
        let give_up = |code: &str| Verdict::GiveUp { code: code.to_owned() };
        let repeat_or_read_back = |after| match self.0.repeat {
            Repeat::ReadBack => Verdict::ReadBack,
            Repeat::Read | Repeat::Safe => Verdict::Retry { after },
        };
        match &self.0.cause {
            Cause::NotAllowed { .. } => give_up("not_allowed"),
            Cause::Paced { after } => Verdict::Retry { after: Some(*after) },
            Cause::Login(LoginFailure::Unreachable(_)) | Cause::Unreachable(_) => {
                Verdict::Retry { after: None }
            }
            Cause::Login(LoginFailure::Refused { status, remark }) => {
                if *status == 429 || *status >= 500 || PASSING_LOGIN_CODES.contains(&remark.code.as_str()) {
                    Verdict::Retry { after: None }
                } else {
                    give_up(&remark.code)
                }
            }
            Cause::Lost(_) => repeat_or_read_back(None),
            // A read that cannot be understood will not be understood a second time.
            Cause::Unreadable { .. } if self.0.repeat == Repeat::Read => give_up("unreadable_answer"),
            Cause::Unreadable { .. } => repeat_or_read_back(None),
            Cause::Refused { status, remarks, after } => {
                let passing = remarks.iter().any(|remark| PASSING_CODES.contains(&remark.code.as_str()));
                match status {
                    429 => Verdict::Retry { after: *after },
                    401 | 403 if self.is_expired_token() => Verdict::Retry { after: None },
                    408 | 500.. => repeat_or_read_back(*after),
                    200..=299 if passing => repeat_or_read_back(*after),
                    // These say that the job is not in a state for this request, which may be the trace of an
                    // earlier one whose answer was lost. Success with errors may have been half a success.
                    200..=299 | 409 | 422 if self.0.repeat == Repeat::ReadBack => Verdict::ReadBack,
                    _ => Verdict::GiveUp {
                        code: code_of(*status, remarks.first().map(|remark| remark.code.as_str())),
                    },
                }
            }
            Cause::DestinationSpent => give_up("destination_expired"),
            Cause::UploadRefused { status, code } => match status {
                408 | 429 | 500.. => Verdict::Retry { after: None },
                _ => Verdict::GiveUp { code: code_of(*status, code.as_deref()) },
            },
        }
    }

    /// The access token ran out before its time; the next call fetches another one.
    pub(crate) fn is_expired_token(&self) -> bool {
        let Cause::Refused { status: 401 | 403, remarks, .. } = &self.0.cause else { return false };
        remarks.iter().any(|remark| {
            let text = format!("{} {}", remark.message, remark.details.as_deref().unwrap_or_default())
                .to_lowercase();
            text.contains("access token") && text.contains("expired")
        })
    }
}

fn code_of(status: u16, code: Option<&str>) -> String {
    code.map_or_else(|| format!("http_{status}"), str::to_owned)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str, details: &str) -> Cause {
        let remark = Remark { code: code.into(), message: "Words.".into(), details: Some(details.into()) };
        Cause::Refused { status, remarks: vec![remark], after: None }
    }

    fn outcome(cause: Cause, repeat: Repeat) -> String {
        let error = Error::new("anything", repeat, cause);
        let verdict = match error.verdict() {
            Verdict::Retry { after: None } => "retry".to_owned(),
            Verdict::Retry { after: Some(after) } => format!("retry after {}", after.as_secs()),
            Verdict::ReadBack => "read back".to_owned(),
            Verdict::GiveUp { code } => format!("give up {code}"),
        };
        match error.effect() {
            Effect::None => verdict,
            Effect::Unknown => format!("{verdict}, unknown"),
        }
    }

    #[test]
    fn every_cause_has_its_verdict_for_each_kind_of_operation() {
        type Make = fn() -> Cause;
        let table: &[(Make, &str, &str, &str)] = &[
            (
                || Cause::NotAllowed { field: "pageSize".into(), why: "is 0".into() },
                "give up not_allowed",
                "give up not_allowed",
                "give up not_allowed",
            ),
            (
                || Cause::Paced { after: Duration::from_secs(2) },
                "retry after 2",
                "retry after 2",
                "retry after 2",
            ),
            (|| Cause::Unreachable("refused".into()), "retry", "retry", "retry"),
            (|| Cause::Lost("timed out".into()), "retry", "retry, unknown", "read back, unknown"),
            (
                || Cause::Unreadable { status: 200, at: "payload".into() },
                "give up unreadable_answer",
                "retry, unknown",
                "read back, unknown",
            ),
            (|| refused(429, "QuotaExceeded", ""), "retry", "retry", "retry"),
            (
                || Cause::Refused { status: 429, remarks: vec![], after: Some(Duration::from_secs(9)) },
                "retry after 9",
                "retry after 9",
                "retry after 9",
            ),
            (|| refused(500, "InternalFailure", ""), "retry", "retry, unknown", "read back, unknown"),
            (|| refused(503, "ServiceUnavailable", ""), "retry", "retry, unknown", "read back, unknown"),
            (|| refused(504, "GatewayTimeout", ""), "retry", "retry, unknown", "read back, unknown"),
            (
                || refused(400, "InvalidInput", ""),
                "give up InvalidInput",
                "give up InvalidInput",
                "give up InvalidInput",
            ),
            (|| refused(404, "NotFound", ""), "give up NotFound", "give up NotFound", "give up NotFound"),
            (
                || refused(422, "InvalidInput", ""),
                "give up InvalidInput",
                "give up InvalidInput",
                "read back",
            ),
            (
                || refused(403, "Unauthorized", "The access token you provided has expired."),
                "retry",
                "retry",
                "retry",
            ),
            (
                || refused(403, "Unauthorized", "The LWA secret token you provided has expired."),
                "give up Unauthorized",
                "give up Unauthorized",
                "give up Unauthorized",
            ),
            (
                || refused(403, "UnauthorizedAction", ""),
                "give up UnauthorizedAction",
                "give up UnauthorizedAction",
                "give up UnauthorizedAction",
            ),
            (
                || Cause::Refused { status: 413, remarks: vec![], after: None },
                "give up http_413",
                "give up http_413",
                "give up http_413",
            ),
            (
                || Cause::Refused { status: 302, remarks: vec![], after: None },
                "give up http_302",
                "give up http_302",
                "give up http_302",
            ),
            (
                || refused(200, "InvalidInput", ""),
                "give up InvalidInput",
                "give up InvalidInput, unknown",
                "read back, unknown",
            ),
            (|| refused(200, "InternalFailure", ""), "retry", "retry, unknown", "read back, unknown"),
        ];
        for (at, (cause, read, safe, read_back)) in table.iter().enumerate() {
            assert_eq!(outcome(cause(), Repeat::Read), *read, "row {at}, a read");
            assert_eq!(outcome(cause(), Repeat::Safe), *safe, "row {at}, a repeatable write");
            assert_eq!(outcome(cause(), Repeat::ReadBack), *read_back, "row {at}, a write to be read back");
        }
    }

    #[test]
    fn login_failures_that_want_a_person_are_told_from_those_that_pass() {
        let login = |status, code: &str| {
            let remark = Remark { code: code.into(), message: String::new(), details: None };
            outcome(Cause::Login(LoginFailure::Refused { status, remark }), Repeat::ReadBack)
        };
        for code in
            ["invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_scope"]
        {
            assert_eq!(login(400, code), format!("give up {code}"));
        }
        assert_eq!(login(400, "temporarily_unavailable"), "retry");
        assert_eq!(login(400, "server_error"), "retry");
        assert_eq!(login(503, "anything"), "retry");
        assert_eq!(login(429, "anything"), "retry");
        assert_eq!(
            outcome(Cause::Login(LoginFailure::Unreachable("slow".into())), Repeat::ReadBack),
            "retry"
        );
    }

    #[test]
    fn a_refused_upload_says_whether_it_wants_another_destination() {
        let upload = |status, code: Option<&str>| {
            let error = Error::new(
                "upload",
                Repeat::Safe,
                Cause::UploadRefused { status, code: code.map(str::to_owned) },
            );
            (error.verdict(), error.needs_new_destination())
        };
        let give_up = |code: &str| Verdict::GiveUp { code: code.to_owned() };
        assert_eq!(upload(403, Some("SignatureDoesNotMatch")), (give_up("SignatureDoesNotMatch"), true));
        assert_eq!(upload(400, Some("ExpiredToken")), (give_up("ExpiredToken"), true));
        assert_eq!(upload(400, Some("EntityTooLarge")), (give_up("EntityTooLarge"), false));
        assert_eq!(upload(503, Some("SlowDown")), (Verdict::Retry { after: None }, false));
    }

    #[test]
    fn a_refused_proof_says_whether_its_destination_is_gone() {
        let renew = |message: &str| {
            let remark = Remark { code: "InvalidInput".into(), message: message.into(), details: None };
            let cause = Cause::Refused { status: 422, remarks: vec![remark], after: None };
            Error::new("setAppointmentFulfillmentData", Repeat::Safe, cause).needs_new_destination()
        };
        assert!(renew("Proof not taken. Reason: Input document\u{a0}id does not exist."));
        assert!(renew("Proof not taken. Reason: Document has expired."));
        assert!(!renew("Proof not taken. Reason: Document is not free of malware."));
        assert!(!renew("No job exist with jobId : J1"));
    }
}
