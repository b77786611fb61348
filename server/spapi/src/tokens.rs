//! The Tokens API (2021-03-01): restricted data tokens, sent instead of the login's access token.
//!
//! No official list counts the Services API among the restricted operations, though the page about its role says
//! otherwise; so no operation asks for one unless [`Restricted`] names it. Amazon's sandbox endpoints take restricted
//! data tokens made by the production endpoint of the region, so that is where they are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as Lock, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::error::Error;
use crate::lenient;
use crate::login::Token;
use crate::operations::{Operation, Rate, Repeat, no_misfits};
use crate::redacted::Secret;

/// `createRestrictedDataToken`. A token that is never used has no effect.
pub const CREATE_RESTRICTED_DATA_TOKEN: Operation = Operation {
    name: "createRestrictedDataToken",
    method: Method::POST,
    path: "/tokens/2021-03-01/restrictedDataToken",
    rate: Rate { per_second: 1.0, burst: 10.0 },
    repeat: Repeat::Safe,
    // It is none of the Services API: its body is made and checked here.
    parameters: &[],
    body: None,
    misfits: no_misfits,
};

/// The most resources that one token is for.
const MOST_RESOURCES: usize = 50;
/// Concrete paths name jobs, so there is no end of them.
const MOST_KEPT: usize = 500;

/// Which operations send a restricted data token. None by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restricted {
    /// By Amazon's names.
    pub operations: BTreeSet<String>,
    /// What the token is asked for.
    pub path: RestrictedPath,
}

/// What path a restricted data token is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestrictedPath {
    /// The model's, with its parameters in braces: one token for all jobs.
    #[default]
    Template,
    /// That of the request: one token for each job.
    Concrete,
}

/// `method` of a restricted resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "HTTP's methods")]
pub enum RestrictedMethod {
    Get,
    Put,
    Post,
    Delete,
}

/// One thing that a restricted data token is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedResource {
    /// The HTTP method.
    pub method: RestrictedMethod,
    /// The path, concrete or with parameters in braces.
    pub path: String,
    /// Kinds of personal data; the Orders API alone knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_elements: Vec<String>,
}

/// The body of `createRestrictedDataToken`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedDataTokenRequest {
    /// The application that access is delegated to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_application: Option<String>,
    /// What the token is for: 1 to 50.
    pub restricted_resources: Vec<RestrictedResource>,
}

/// A restricted data token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedDataToken {
    /// The token.
    pub restricted_data_token: Secret<String>,
    /// How long it lasts, in seconds.
    #[serde(deserialize_with = "lenient::integer")]
    pub expires_in: u32,
}

impl Client {
    /// `createRestrictedDataToken`: a token for the resources named. It lasts an hour.
    pub async fn create_restricted_data_token(
        &self,
        request: &RestrictedDataTokenRequest,
    ) -> Result<Answer<RestrictedDataToken>, Error> {
        let operation = &CREATE_RESTRICTED_DATA_TOKEN;
        let resources = &request.restricted_resources;
        if !(1..=MOST_RESOURCES).contains(&resources.len()) {
            let why = format!("has {} entries, not 1 to {MOST_RESOURCES}", resources.len());
            return Err(operation.not_allowed("restrictedResources", why));
        }
        if let Some(at) = resources.iter().position(|resource| !resource.path.starts_with('/')) {
            return Err(operation
                .not_allowed(&format!("restrictedResources[{at}].path"), "does not begin with a slash"));
        }
        let body = serde_json::to_vec(request).expect("a struct of strings and lists is always JSON");
        let path = operation.path.to_owned();
        let answer = self.call(Request { operation, path, query: String::new(), body: Some(body) }).await?;
        self.value_of(operation, answer, lenient::typed)
    }
}

/// The tokens by what they are for.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Lock<BTreeMap<(RestrictedMethod, String), Arc<Slot>>>);

/// The place of one token. Whoever finds it empty fills it while the others wait.
pub(crate) type Slot = Mutex<Option<Token>>;

impl Tokens {
    pub(crate) fn slot(&self, resource: &RestrictedResource, now: DateTime<Utc>) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST_KEPT {
            slots.retain(|_, slot| match slot.try_lock() {
                Ok(token) => token.as_ref().is_some_and(|token| token.is_usable_at(now)),
                Err(_) => true,
            });
        }
        if slots.len() >= MOST_KEPT {
            slots.clear();
        }
        slots.entry((resource.method, resource.path.clone())).or_default().clone()
    }
}

impl Restricted {
    /// What the token of a request is for, if the request wants one.
    pub(crate) fn resource(&self, operation: &Operation, path: &str) -> Option<RestrictedResource> {
        if !self.operations.contains(operation.name) {
            return None;
        }
        let method = match operation.method.as_str() {
            "GET" => RestrictedMethod::Get,
            "PUT" => RestrictedMethod::Put,
            "POST" => RestrictedMethod::Post,
            "DELETE" => RestrictedMethod::Delete,
            _ => return None,
        };
        let path = match self.path {
            RestrictedPath::Template => operation.path,
            RestrictedPath::Concrete => path,
        };
        Some(RestrictedResource { method, path: path.to_owned(), data_elements: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_the_models() {
        let request = RestrictedDataTokenRequest {
            target_application: None,
            restricted_resources: vec![RestrictedResource {
                method: RestrictedMethod::Get,
                path: "/service/v1/serviceJobs/{serviceJobId}".into(),
                data_elements: vec![],
            }],
        };
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"restrictedResources":[{"method":"GET","path":"/service/v1/serviceJobs/{serviceJobId}"}]}"#
        );
    }

    #[test]
    fn tokens_of_countless_paths_take_a_bounded_room() {
        let (tokens, now) = (Tokens::default(), DateTime::UNIX_EPOCH);
        for at in 0..3 * MOST_KEPT {
            let path = format!("/service/v1/serviceJobs/{at}");
            let resource = RestrictedResource { method: RestrictedMethod::Get, path, data_elements: vec![] };
            let slot = tokens.slot(&resource, now);
            *slot.try_lock().unwrap() = Some(Token::granted("made-up".into(), 3600, now));
        }
        assert!(tokens.0.lock().unwrap().len() <= MOST_KEPT);
    }
}
