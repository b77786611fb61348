//! What a person can do about a failure: one or two sentences, kept here beside the verdict and used by whoever
//! shows failures to an operator.

use super::{Cause, Effect, Error, LoginFailure};
use crate::answer::Remark;

/// The role and its consequence: a refresh token knows the roles of the day it was made.
const ROLE: &str = "Amazon denies this operation. The application needs the role Professional Services \
    (Restricted) in the developer console, and the endpoint has to be that of the seller's region. After a role \
    was added the seller authorises the application again, which gives a new refresh token.";
const RESTRICTED: &str = "Amazon denies the restricted data token. The application needs a role for all that the \
    token was asked for, and the token's path has to be the request's, to the letter; whether that is the template \
    or the concrete path is a setting. Without a restricted data token, the access token of the login is sent.";
const OTHER_SELLER: &str = "This object belongs to another seller, or this seller may not do this with it. Compare \
    the id with the job in Seller Central, and the refresh token with the seller who has the job.";
const SECRET_EXPIRED: &str = "The client secret has expired: it lives 180 days. Rotate it in the developer console \
    and put the new one into the settings; an old one still works for 7 days after the rotation.";
const TOKEN_EXPIRED: &str = "The access token had run out. The next call fetches another one: send it again.";
const TOKEN_UNKNOWN: &str = "Amazon does not know the access token. Look whether the endpoints of the API and of \
    Login with Amazon belong together, and whether the seller withdrew the authorisation.";

impl Error {
    /// What an operator can do about it, in one to three plain sentences. It quotes nothing of the request or the
    /// answer. None where the failure says all there is to say, such as a field that the model does not allow.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match &self.0.cause {
            Cause::NotAllowed { .. } => return None,
            Cause::Paced { .. } => {
                "This operation has used up its rate for now. Nothing was sent; it may be called again in a moment."
            }
            Cause::Login(LoginFailure::Unreachable(_)) => {
                "Login with Amazon was not reached, so nothing was sent. Look at the network of this machine and at \
                 the address of the login endpoint."
            }
            Cause::Login(LoginFailure::Refused { status, remark }) => login(*status, remark),
            Cause::NoRestrictedToken(error) => match error.cause() {
                Cause::Refused { status: 400 | 403, .. } if !error.is_expired_token() => RESTRICTED,
                _ => return error.advice(),
            },
            Cause::Unreachable(_) => {
                "Amazon was not reached, so nothing was sent. Look at the network of this machine and at the address \
                 of the endpoint."
            }
            Cause::Lost(_) if self.effect() == Effect::Unknown => {
                "No whole answer came back, and Amazon may have done it all the same. Read the job again before \
                 anything is repeated."
            }
            Cause::Lost(_) => "No whole answer came back. It changes nothing at Amazon to ask again.",
            Cause::Unreadable { .. } => {
                "Amazon's answer is not what its model says. Look whether the endpoint is the right one, and give \
                 the request id to Amazon's support."
            }
            Cause::Refused { status, remarks, .. } => self.refusal(*status, remarks),
            Cause::DestinationSpent => {
                "The upload destination has run out: it lasts five minutes. Ask for another one and upload the \
                 document there."
            }
            Cause::Document(_) => {
                "The document could not be read here, so it was not uploaded. Look at the file."
            }
            Cause::UploadRefused { .. } if self.needs_new_destination() => {
                "The store does not take this upload. Ask for another destination and upload the document there; if \
                 that is refused as well, the content type that Amazon signed may be the other of the two, which is \
                 a setting."
            }
            Cause::UploadRefused { status: 408 | 429 | 500.., .. } => {
                "The store is busy. Upload the same document to the same destination in a moment."
            }
            Cause::UploadRefused { .. } => "The store does not take this document. Its code says why.",
        })
    }

    fn refusal(&self, status: u16, remarks: &[Remark]) -> &'static str {
        let said = said(remarks);
        let has_code = |code: &str| remarks.iter().any(|remark| remark.code.eq_ignore_ascii_case(code));
        if said.contains("do not have access to some or all") {
            return RESTRICTED;
        }
        match status {
            200..=299 => {
                "Amazon took the request and refused a part of it, or all. Its words say what; read the object again \
                 before anything is repeated."
            }
            401 | 403 if is_secret_expired(&said) => SECRET_EXPIRED,
            401 | 403 if self.is_expired_token() => TOKEN_EXPIRED,
            401 | 403 if said.contains("revoked, malformed or invalid") => TOKEN_UNKNOWN,
            401 | 403 if said.contains("access token is missing") => {
                "The access token did not arrive: something between here and Amazon drops the header \
                 x-amz-access-token. Look at the proxy."
            }
            403 if has_code("UnauthorizedAction") => OTHER_SELLER,
            401 | 403 if self.0.is_restricted => RESTRICTED,
            401 | 403 => ROLE,
            400 => "Amazon does not accept the request as it is. Its words name the field, mostly.",
            404 => "Amazon does not know what this request names. Compare the ids and the marketplace.",
            408 | 500.. => {
                "The trouble is at Amazon and mostly passes by itself. What changes something is read again before \
                 it is repeated."
            }
            413 => "The request is too long for Amazon. Send it in smaller parts.",
            415 => "Amazon does not take this kind of body. Look whether a proxy changes the content type.",
            422 => {
                "Amazon understood the request, and what it names is not in a state for it, or one of its values is \
                 not allowed here. Read the job again and compare."
            }
            429 => "Amazon asks for a slower pace. Nothing was done; it may be called again in a moment.",
            300..=399 => "Amazon points elsewhere, which this client does not follow. Look at the endpoint.",
            _ => "Amazon refused. Its words say why; give the request id to its support if they do not.",
        }
    }
}

fn login(status: u16, remark: &Remark) -> &'static str {
    if is_secret_expired(&said(std::slice::from_ref(remark))) {
        return SECRET_EXPIRED;
    }
    match remark.code.as_str() {
        "invalid_grant" => {
            "Amazon does not accept the refresh token: the seller withdrew the authorisation, or a newer one took its \
             place. Let the seller authorise the application again and put the new refresh token into the settings."
        }
        "invalid_client" => {
            "Amazon does not know this client id and secret together. Compare both with the developer console; a \
             secret lives 180 days, and 7 more after it was rotated."
        }
        "unauthorized_client" => {
            "The refresh token belongs to another application than the client id. Let the seller authorise this \
             application and put its refresh token into the settings."
        }
        "access_denied" => {
            "The seller, or Amazon, refused the authorisation. Let the seller authorise the application again."
        }
        "invalid_request" | "invalid_scope" | "unsupported_grant_type" => {
            "Login with Amazon does not accept the request for a token. Look whether client id, secret and refresh \
             token are set, whole and without blanks, and at the address of the login endpoint."
        }
        _ if status == 429 || status >= 500 || remark.code == "temporarily_unavailable" => {
            "The trouble is at Login with Amazon and mostly passes by itself. Nothing was sent."
        }
        _ => {
            "Login with Amazon gives no access token, so nothing was sent. Look at the address of its endpoint."
        }
    }
}

fn is_secret_expired(said: &str) -> bool {
    said.contains("secret") && said.contains("expired")
}

fn said(remarks: &[Remark]) -> String {
    let words = remarks.iter().flat_map(|remark| [&*remark.message, remark.details.as_deref().unwrap_or("")]);
    words.collect::<Vec<_>>().join(" ").replace('\u{a0}', " ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Repeat;

    fn remark(code: &str, message: &str, details: &str) -> Remark {
        Remark { code: code.into(), message: message.into(), details: Some(details.into()) }
    }

    fn advice(cause: Cause) -> &'static str {
        Error::new("anything", Repeat::ReadBack, cause).advice().unwrap()
    }

    fn refused(status: u16, code: &str, details: &str) -> &'static str {
        let remarks = vec![remark(code, "Access to requested resource is denied.", details)];
        advice(Cause::Refused { status, remarks, after: None })
    }

    #[test]
    fn a_denied_operation_says_which_role_or_authorisation_is_missing() {
        assert_eq!(refused(403, "Unauthorized", ""), ROLE);
        assert!(ROLE.contains("Professional Services (Restricted)") && ROLE.contains("new refresh token"));
        assert_eq!(refused(403, "UnauthorizedAction", ""), OTHER_SELLER);
        assert_eq!(refused(403, "Unauthorized", "The access token you provided has expired."), TOKEN_EXPIRED);
        assert_eq!(
            refused(403, "Unauthorized", "The access token you provided is revoked, malformed or invalid."),
            TOKEN_UNKNOWN
        );
        assert_eq!(
            refused(403, "Unauthorized", "The LWA secret token you provided has expired"),
            SECRET_EXPIRED
        );
        assert_eq!(advice(Cause::Refused { status: 403, remarks: vec![], after: None }), ROLE);
        let rdt = "Application do not have access to some or all requested resource";
        assert_eq!(refused(400, "InvalidInput", rdt), RESTRICTED);
    }

    #[test]
    fn each_refusal_of_the_login_has_words_of_its_own() {
        let login = |code: &str, words: &str| {
            let remark = Remark { code: code.into(), message: words.into(), details: None };
            advice(Cause::Login(LoginFailure::Refused { status: 400, remark }))
        };
        let codes =
            ["invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_request"];
        for (at, code) in codes.iter().enumerate() {
            assert!(codes[..at].iter().all(|other| login(other, "") != login(code, "")), "{code}");
        }
        assert_eq!(login("invalid_client", "The client secret has expired"), SECRET_EXPIRED);
    }

    #[test]
    fn every_status_has_kind_words_and_only_a_field_of_ours_has_none() {
        for status in 100..=599 {
            let words = refused(status, "Anything", "");
            assert!((20..=400).contains(&words.len()), "{status}");
            for rough in ["error", "oops", "invalid input", "please", "fail"] {
                assert!(!words.to_lowercase().contains(rough), "{status}: {words}");
            }
        }
        let ours = Cause::NotAllowed { field: "pageSize".into(), why: "is 0".into() };
        assert_eq!(Error::new("anything", Repeat::Read, ours).advice(), None);
    }
}
