//! What a failure means for what comes next: the one place that looks at statuses.

use super::{Cause, Effect, Error, LoginFailure, Verdict};
use crate::operations::Repeat;

/// OAuth errors that pass by themselves; all others want a person.
const PASSING_LOGIN_CODES: &[&str] = &["server_error", "temporarily_unavailable", "slow_down"];
/// Service errors that pass by themselves, under whatever status they arrive.
const PASSING_CODES: &[&str] = &["QuotaExceeded", "InternalFailure", "InternalError", "ServiceUnavailable"];

impl Error {
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

    /// Whether Amazon answered a read with the word that there is no such thing: 404, or 422 as it says of jobs.
    pub fn says_absent(&self) -> bool {
        let Cause::Refused { status, remarks, .. } = &self.0.cause else { return false };
        let says = |remark: &crate::answer::Remark| {
            let text = remark.message.replace('\u{a0}', " ").to_lowercase();
            text.contains("not exist") || text.contains("no job exist") || text.contains("not found")
        };
        self.0.repeat == Repeat::Read && (*status == 404 || (*status == 422 && remarks.iter().any(says)))
    }

    /// Whether the trouble is with who asks and not with what was asked: a token, a secret, a role, another seller's
    /// object. Then [`Error::advice`] tells more than Amazon's words do.
    pub fn is_about_authorisation(&self) -> bool {
        matches!(
            &self.0.cause,
            Cause::Login(LoginFailure::Refused { .. })
                | Cause::Refused { status: 401 | 403, .. }
                | Cause::NoRestrictedToken(_)
        )
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
            Cause::NoRestrictedToken(error) => error.verdict(),
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
            Cause::Document(_) => give_up("unreadable_document"),
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

pub(super) fn code_of(status: u16, code: Option<&str>) -> String {
    code.map_or_else(|| format!("http_{status}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Remark;
    use std::time::Duration;

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
    fn only_the_answer_to_a_read_says_that_there_is_no_such_job() {
        let says = |status, message: &str, repeat| {
            let remark = Remark { code: "InvalidInput".into(), message: message.into(), details: None };
            let cause = Cause::Refused { status, remarks: vec![remark], after: None };
            Error::new("anything", repeat, cause).says_absent()
        };
        assert!(says(404, "", Repeat::Read));
        assert!(says(422, "No job\u{a0}exist with the given id", Repeat::Read));
        assert!(says(422, "Job does not exist", Repeat::Read));
        assert!(!says(422, "The marketplace is wrong", Repeat::Read));
        assert!(!says(403, "Job does not exist", Repeat::Read));
        assert!(!says(422, "Input document id does not exist", Repeat::Safe));
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
