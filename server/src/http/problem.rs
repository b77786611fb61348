//! Refusals: `application/problem+json` (RFC 9457) with a stable code.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use doorstep_core::api::{Barred, Problem};

/// What a handler answers instead of a result.
#[derive(Clone, Debug)]
pub struct Refusal {
    problem: Box<Problem>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// `code` is stable, snake case; `title` says what happened, `detail` what to do next. None of them quotes
    /// what was sent: it may be personal.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        let problem = Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.to_owned(),
            detail: detail.into(),
            field: None,
        };
        Self { problem: Box::new(problem), headers: Vec::new() }
    }

    /// 400: what was sent cannot be understood or is not allowed.
    pub fn bad_request(code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, title, detail)
    }

    /// 401: nobody is signed in.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed_out",
            "You are signed out",
            "Sign in again. Nothing on this phone is lost.",
        )
    }

    /// 403: whoever is signed in may not do this.
    pub fn forbidden(code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, title, detail)
    }

    /// 403: the phone is off the list, or its technician is. It forgets keys and jobs, and may still send evidence.
    pub fn phone_revoked(barred: Barred) -> Self {
        let title = match barred {
            Barred::PhoneRevoked => "The office has taken this phone off its list",
            Barred::UserDisabled => "The office has closed your account",
        };
        Self::forbidden("phone_revoked", title, "What you recorded is kept and still sent. Ask the office.")
    }

    /// 403: the session alone is given no buyer data.
    pub fn unlock_wanted() -> Self {
        Self::forbidden(
            "unlock_wanted",
            "This phone has to be unlocked first",
            "Unlock it with your PIN, or sign in again. What is saved on it stays.",
        )
    }

    /// 403: the route is for another role.
    pub fn not_your_role() -> Self {
        Self::forbidden(
            "not_your_role",
            "This is not part of your role",
            "Sign in with an account that has this role.",
        )
    }

    /// 404. Also for what exists and is not this person's: the answer must not tell.
    pub fn not_found(code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, title, detail)
    }

    /// 409: it does not fit what is there.
    pub fn conflict(code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, title, detail)
    }

    /// 413: the body is larger than this route reads.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "This is more than fits in one request", detail)
    }

    /// 500: our fault. Whoever calls this has logged why.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on the server",
            "Try again in a moment. What is saved on the phone stays there.",
        )
    }

    /// Names the field or header that is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.problem.field = Some(field.into());
        self
    }

    /// Adds a header, such as `Retry-After`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        // sqlx prints the engine's message, which names columns and constraints and no values.
        tracing::error!(%error, "the database refused");
        Self::internal()
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!(error = format!("{error:#}"), "internal error");
        Self::internal()
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "the disk refused");
        Self::internal()
    }
}

/// The address exists, the method does not. axum adds `Allow`.
pub(super) async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "This address does not take this method",
        "The Allow header has those it takes.",
    )
}
