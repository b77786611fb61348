//! Tokens of the Tokens API, and the operations that ask for one.

use axum::http::Method;
use chrono::{DateTime, Utc};

use crate::operation::Call;
use crate::operation::restricted::covers;

/// Good for its methods and paths only.
#[derive(Debug)]
pub(crate) struct Restricted {
    pub(crate) expires_at: DateTime<Utc>,
    /// A path is specific, or has `{…}` in place of ids.
    pub(crate) resources: Vec<(Method, String)>,
}

impl Restricted {
    pub(crate) fn opens(&self, call: &Call) -> bool {
        self.resources.iter().any(|(method, path)| *method == call.method && covers(path, &call.path))
    }
}
