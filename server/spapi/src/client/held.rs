//! The token that goes with a request: the login's, or a restricted one where the settings say so.

use std::sync::Arc;

use super::{Client, Parts};
use crate::error::{Cause, Error};
use crate::login::Token;
use crate::operations::Operation;
use crate::redacted::Secret;
use crate::tokens::{RestrictedDataTokenRequest, Slot};

/// A token in use.
pub(super) struct Held {
    pub(super) text: Secret<String>,
    /// Where a restricted data token is kept; the login's own is with the login.
    slot: Option<Arc<Slot>>,
}

impl Held {
    pub(super) fn is_restricted(&self) -> bool {
        self.slot.is_some()
    }
}

impl Client {
    /// The token for a request, fetched if need be.
    pub(super) async fn token(&self, operation: &'static Operation, path: &str) -> Result<Held, Error> {
        let Parts { settings, http, clock, login, tokens, .. } = &*self.parts;
        let Some(resource) = settings.restricted.resource(operation, path) else {
            let text = login.token(http, &**clock).await;
            let text = text.map_err(|failure| operation.failed(Cause::Login(failure)))?;
            return Ok(Held { text, slot: None });
        };
        let slot = tokens.slot(&resource, clock.now());
        let mut kept = slot.lock().await;
        let text = match kept.as_ref().filter(|token| token.is_usable_at(clock.now())) {
            Some(token) => token.text.clone(),
            None => {
                let request = RestrictedDataTokenRequest {
                    target_application: None,
                    restricted_resources: vec![resource],
                };
                let asked_at = clock.now();
                // Boxed, since this is a call of its own; it is never restricted itself.
                let granted = Box::pin(self.create_restricted_data_token(&request)).await;
                let granted =
                    granted.map_err(|error| operation.failed(Cause::NoRestrictedToken(error)))?.value;
                let token = Token::granted(granted.restricted_data_token, granted.expires_in, asked_at);
                kept.insert(token).text.clone()
            }
        };
        drop(kept);
        Ok(Held { text, slot: Some(slot) })
    }

    /// Drops a token that Amazon called expired, unless it has been replaced already.
    pub(super) async fn drop_token(&self, used: &Held) {
        let Some(slot) = &used.slot else { return self.parts.login.drop_token(&used.text).await };
        let mut kept = slot.lock().await;
        if kept.as_ref().is_some_and(|token| token.text == used.text) {
            *kept = None;
        }
    }
}
