//! A phone's network, as the browser's host uses it: requests that may be lost, and uploads that may break.

use super::Phone;
use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_core::{
    api::{PhotoReceipt, Problem},
    digest::Sha256,
    id::{AppointmentId, PhotoId},
    photo,
    session::Failure,
    unlock::UNLOCKED_HEADER,
    vault, wire,
};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};

impl Phone {
    /// The tus exchange, as the browser's host does it: create, ask where the server stands, append, fetch the
    /// receipt.
    pub(super) async fn upload(
        &mut self,
        photo: PhotoId,
        appointment: AppointmentId,
    ) -> anyhow::Result<Result<PhotoReceipt, Failure>> {
        let (place, evidence) = (format!("photo/{photo}"), format!("evidence/{photo}"));
        let envelope = match (self.disk.rows.get(&evidence), self.disk.rows.get(&place)) {
            (Some(evidence), _) => evidence.clone(),
            (None, Some(sealed)) => photo::envelope(&vault::open(&self.device.store_key, &place, sealed)?),
            (None, None) => return self.receipt(photo).await,
        };
        let coded = |text: String| STANDARD.encode(text);
        let metadata = format!(
            "photo {},appointment {},sha256 {}",
            coded(photo.to_string()),
            coded(appointment.to_string()),
            coded(Sha256::of(&envelope).to_string())
        );
        let create = self.tus(Method::POST, "/api/uploads").header("upload-length", envelope.len());
        if let Err(failure) = self.send("create", create.header("upload-metadata", metadata)).await? {
            return Ok(Err(failure));
        }
        let path = format!("/api/uploads/{photo}");
        let head = self.tus(Method::HEAD, &path);
        let offset: usize = match self.send("head", head).await? {
            Err(failure) => return Ok(Err(failure)),
            Ok(answer) => answer.headers().get("upload-offset").context("an offset")?.to_str()?.parse()?,
        };
        if offset < envelope.len() {
            let rest = envelope[offset..].to_vec();
            let patch = self
                .tus(Method::PATCH, &path)
                .header("upload-offset", offset)
                .header(header::CONTENT_TYPE, "application/offset+octet-stream");
            let breaks = self.faults.break_uploads > 0 || self.by_chance(self.faults.bad_link);
            let sent = if breaks {
                self.faults.break_uploads = self.faults.break_uploads.saturating_sub(1);
                // Half of it, and then the link is gone.
                let half = rest[..rest.len() / 2].to_vec();
                let broken = futures_util::stream::iter([Ok(half), Err(std::io::Error::other("link lost"))]);
                self.send("patch", patch.body(reqwest::Body::wrap_stream(broken))).await?
            } else {
                self.send("patch", patch.body(rest)).await?
            };
            if let Err(failure) = sent {
                return Ok(Err(failure));
            }
        }
        self.receipt(photo).await
    }

    /// Sent before, and not kept here: the server's word, if it has it.
    async fn receipt(&mut self, photo: PhotoId) -> anyhow::Result<Result<PhotoReceipt, Failure>> {
        let receipt = self.request(Method::GET, &format!("/api/photos/{photo}/receipt"));
        Ok(match self.send("receipt", receipt).await? {
            Ok(answer) => Ok(answer.json().await?),
            Err(failure) => Err(failure),
        })
    }

    /// What carries a sync body to the server.
    pub fn sync_request(&self, body: Vec<u8>) -> RequestBuilder {
        let request = self.unlocked(Method::POST, "/api/sync").body(body);
        // As today's host does: this phone reads documents with facts.
        let request =
            if self.faults.reads_no_facts { request } else { request.header("doorstep-reads-facts", "1") };
        request.header(header::CONTENT_TYPE, wire::CONTENT_TYPE)
    }

    pub(super) fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("tus-resumable", "1.0.0")
    }

    /// With the proof that the phone is unlocked, as for everything that has a buyer in it.
    pub(super) fn unlocked(&self, method: Method, path: &str) -> RequestBuilder {
        let proof = hex::encode(self.device.store_key.proof_of_unlock().expose());
        self.request(method, path).header(UNLOCKED_HEADER, proof)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie)
    }

    /// Sends through the network as it is now.
    pub(super) async fn send(
        &mut self,
        kind: &'static str,
        request: RequestBuilder,
    ) -> anyhow::Result<Result<Response, Failure>> {
        if self.faults.offline {
            return Ok(Err(Failure::Unreachable));
        }
        if self.passes_moment() {
            return Ok(Err(Failure::Unreachable));
        }
        *self.sent.entry(kind).or_default() += 1;
        if self.faults.lose_requests > 0 {
            self.faults.lose_requests -= 1;
            return Ok(Err(Failure::Unreachable));
        }
        if self.by_chance(self.faults.bad_link) {
            return Ok(Err(Failure::Unreachable));
        }
        let Ok(answer) = request.send().await else { return Ok(Err(Failure::Unreachable)) };
        if self.faults.lose_answers > 0 {
            self.faults.lose_answers -= 1;
            return Ok(Err(Failure::Unreachable));
        }
        if self.by_chance(self.faults.bad_link) || self.passes_moment() {
            return Ok(Err(Failure::Unreachable));
        }
        Ok(match answer.status() {
            status if status.is_success() => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(Failure::SignedOut),
            status if status.is_server_error() => Err(Failure::Unreachable),
            StatusCode::CONFLICT | StatusCode::LOCKED | StatusCode::NOT_FOUND => Err(Failure::Unreachable),
            _ => {
                let Problem { code, detail, .. } = answer.json().await?;
                Err(Failure::Refused { code, detail })
            }
        })
    }
}

pub(crate) fn cookie_of(answer: &Response) -> anyhow::Result<String> {
    if !answer.status().is_success() {
        bail!("sign-in was answered {}", answer.status());
    }
    let cookie = answer.headers().get(header::SET_COOKIE).context("a cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}
