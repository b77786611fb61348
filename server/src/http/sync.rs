//! `POST /api/sync`: one exchange for all of a phone's documents, committed as one.

use super::{extract::Body, problem::Refusal, session::Technician, unlocked::Unlocked};
use crate::{
    app::App,
    closing,
    db::{
        Tx,
        document::{Contact, StoredDocument},
    },
    policies,
};
use anyhow::Context as _;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use doorstep_core::{
    api::What,
    closeout::{Closeout, Fact, RecordKind},
    document::{
        Document, Hash,
        admit::{self, Admitted, Incoming},
    },
    id::AppointmentId,
    job::NoticeKind,
    time::Anchor,
    wire::{self, DocumentDown, DocumentUp, HeadsDigest, Outcome, SyncReply, SyncRequest, WireError},
};
use std::collections::BTreeMap;

/// The header of a phone that reads documents with facts in them. One that does not say so gets them as they were: it
/// would take a document with a map it does not know for damaged.
const READS_FACTS: &str = "doorstep-reads-facts";

/// A note of 16,000 characters; positions are shorter.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// Takes what a phone has, in one transaction, and answers with what it lacks.
///
/// # Errors
/// The message is not one; everything else is an outcome inside the answer.
pub async fn sync(
    State(app): State<App>,
    Unlocked(who): Unlocked,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Refusal> {
    let request: SyncRequest = wire::decode(&body).map_err(|e| not_a_message(&e))?;
    let received = app.clock.now();
    let contact = Contact {
        device: who.device,
        received,
        clock: Some((request.epoch, Anchor::of(received, request.reading.monotonic_ms))),
    };
    let mut exchange = Exchange { app: &app, who: &who, contact, tx: app.db.write().await? };
    let reply = exchange.run(request, headers.contains_key(READS_FACTS)).await?;
    exchange.tx.commit().await?;
    app.bell.ring();
    let body = wire::encode(&reply).context("encoding the answer")?;
    Ok(([(header::CONTENT_TYPE, wire::CONTENT_TYPE)], body).into_response())
}

/// One contact of a phone, or on behalf of one, within one transaction.
pub(super) struct Exchange<'a> {
    pub(super) app: &'a App,
    /// Whose phone it is.
    pub(super) who: &'a Technician,
    pub(super) contact: Contact,
    pub(super) tx: Tx,
}

impl Exchange<'_> {
    async fn run(&mut self, mut request: SyncRequest, reads_facts: bool) -> anyhow::Result<SyncReply> {
        let day = self.day().await?;
        let mut lacking = Vec::new();
        if reads_facts {
            let mut visits = day.clone();
            visits.extend(request.documents.iter().map(|up| up.appointment));
            lacking = self.tx.without_facts(self.who.seller, &visits).await?;
        }
        self.take_locks(&mut request, &mut lacking).await?;
        self.tx.hear_from_device(self.who.seller, self.who.device, self.contact.received).await?;
        for appointment in lacking {
            self.tx.extend_document(self.who.seller, appointment, self.contact.received).await?;
        }
        let before = self.tx.heads_of(self.who.seller, &day).await?;
        let same_before = request.digest == digest(&before);

        let mut refused_records = Vec::new();
        let mut documents = Vec::new();
        for up in &request.documents {
            for record in &up.records {
                if let Some(code) = self.take_record(up.appointment, record).await? {
                    refused_records.push((record.record, code.to_owned()));
                }
            }
            if let Some(incoming) = &up.incoming {
                documents.push(self.take_document(up, incoming).await?);
            }
        }
        let after = self.tx.heads_of(self.who.seller, &day).await?;
        if let Some(known) = &request.known {
            let known: BTreeMap<AppointmentId, HeadsDigest> =
                known.iter().map(|known| (known.appointment, known.heads)).collect();
            for (appointment, heads) in &before {
                let answered = documents.iter().any(|down| down.appointment == *appointment);
                if !answered && known.get(appointment) != Some(&HeadsDigest::of(heads)) {
                    documents.push(DocumentDown {
                        appointment: *appointment,
                        outcome: Outcome::Taken,
                        save: self.saved(*appointment).await?,
                    });
                }
            }
        }
        Ok(SyncReply {
            server_time: self.contact.received,
            digest: digest(&after),
            list_wanted: !same_before && request.known.is_none(),
            documents,
            refused_records,
        })
    }

    /// Locks all documents of the technician's that the exchange changes, and puts its parts in order. Whoever
    /// writes locks documents first, by id, and the seller's row with the first event after them: two exchanges,
    /// or an exchange and a photo that becomes safe, wait for each other and never both.
    async fn take_locks(
        &mut self,
        request: &mut SyncRequest,
        lacking: &mut Vec<AppointmentId>,
    ) -> anyhow::Result<()> {
        request.documents.sort_by_key(|up| up.appointment);
        request.documents.iter_mut().for_each(|up| up.records.sort_by_key(|record| record.record));
        let visits = request.documents.iter().map(|up| up.appointment).chain(lacking.iter().copied());
        let own = self.lock_own(visits.collect::<Vec<_>>().into_iter()).await?;
        lacking.retain(|appointment| own.contains(appointment));
        Ok(())
    }

    /// Locks those of these visits' documents that the technician may write.
    pub(super) async fn lock_own(
        &mut self,
        appointments: impl Iterator<Item = AppointmentId> + Send,
    ) -> anyhow::Result<Vec<AppointmentId>> {
        let mut own = Vec::new();
        for appointment in appointments {
            if self.tx.may_record(self.who.seller, self.who.user, appointment).await? {
                own.push(appointment);
            }
        }
        self.tx.lock_documents(self.who.seller, &own).await?;
        Ok(own)
    }

    /// The visits of the technician that a phone holds now, in order.
    async fn day(&mut self) -> anyhow::Result<Vec<AppointmentId>> {
        let (from, to) = self.app.settings.day_around(self.contact.received);
        let mut day = self.tx.day_of(self.who.seller, self.who.user, from, to).await?;
        day.sort();
        Ok(day)
    }

    pub(super) async fn take_document(
        &mut self,
        up: &DocumentUp,
        incoming: &Incoming,
    ) -> anyhow::Result<DocumentDown> {
        let (seller, appointment) = (self.who.seller, up.appointment);
        let refused =
            |code: &str, save| DocumentDown { appointment, outcome: Outcome::Refused(code.to_owned()), save };
        if !self.tx.may_record(seller, self.who.user, appointment).await? {
            let is_new = self.keep_aside(appointment, incoming, "not_yours").await?;
            // Work of somebody the visit was taken from: a person has to see that it is there.
            if is_new && self.tx.visit(seller, appointment).await?.is_some() {
                self.tx
                    .record_event(seller, appointment, &What::ChangeRefused, self.contact.received)
                    .await?;
            }
            return Ok(refused("not_yours", None));
        }
        let Some(stored) = self.tx.load_document(seller, appointment).await? else {
            self.keep_aside(appointment, incoming, "no_document").await?;
            return Ok(refused("no_document", None));
        };
        let document = Document::load(&stored.snapshot).context("loading a document")?;
        // Decoding hostile bytes may take a while: not on a thread that serves others.
        let (device, copy, theirs) = (self.contact.device, document.clone(), incoming.clone());
        let admitted = tokio::task::spawn_blocking(move || admit::admit(&copy, device, &theirs)).await?;
        match admitted {
            Err(refusal) => {
                tracing::warn!(%appointment, device = %device, code = refusal.code(), %refusal, "changes refused");
                if self.keep_aside(appointment, incoming, refusal.code()).await? {
                    self.tx
                        .record_event(seller, appointment, &What::ChangeRefused, self.contact.received)
                        .await?;
                }
                Ok(refused(refusal.code(), Some(stored.snapshot)))
            }
            Ok(admitted) => {
                self.commit_document(appointment, &stored, &document, &admitted).await?;
                let phone_had_all = up.known == HeadsDigest::of(&stored.heads);
                let save = (!phone_had_all).then_some(admitted.saved);
                Ok(DocumentDown { appointment, outcome: Outcome::Taken, save })
            }
        }
    }

    async fn commit_document(
        &mut self,
        appointment: AppointmentId,
        stored: &StoredDocument,
        before: &Document,
        admitted: &Admitted,
    ) -> anyhow::Result<()> {
        if admitted.new.is_empty() {
            return Ok(());
        }
        let seller = self.who.seller;
        self.tx.store_admitted(seller, appointment, &self.contact, admitted).await?;
        let (device, received) = (self.contact.device, self.contact.received);
        policies::hold(self.app, &mut self.tx, device, &admitted.closeout, received).await?;
        for what in news(&before.read().context("reading a document")?, &admitted.closeout) {
            self.tx.record_event(seller, appointment, &what, self.contact.received).await?;
        }
        // Whoever had the visit before may still bring what was recorded; a supervisor is told once.
        if !self.tx.is_assigned(seller, self.who.user, appointment).await?
            && self
                .tx
                .give_notice(seller, appointment, NoticeKind::Reassigned, None, self.contact.received)
                .await?
        {
            let what = What::Noticed { notice: NoticeKind::Reassigned };
            self.tx.record_event(seller, appointment, &what, self.contact.received).await?;
        }
        if stored.closed_at.is_some() {
            self.tx.record_event(seller, appointment, &What::LateChange, self.contact.received).await?;
        }
        closing::settle(self.app, &mut self.tx, seller, appointment, self.contact.received).await
    }

    pub(super) async fn take_record(
        &mut self,
        appointment: AppointmentId,
        up: &wire::RecordUp,
    ) -> anyhow::Result<Option<&'static str>> {
        let seller = self.who.seller;
        if up.body.len() > MAX_RECORD_BYTES {
            return Ok(Some("record_too_large"));
        }
        if !self.tx.may_record(seller, self.who.user, appointment).await? {
            self.tx.keep_refused(seller, appointment, &self.contact, &up.sealed(), "not_yours").await?;
            return Ok(Some("not_yours"));
        }
        let kept = self.tx.store_record(seller, appointment, &self.contact, up.record, &up.sealed()).await?;
        Ok((!kept).then_some("no_document"))
    }

    async fn keep_aside(
        &mut self,
        appointment: AppointmentId,
        incoming: &Incoming,
        code: &str,
    ) -> anyhow::Result<bool> {
        let bytes = wire::encode(incoming)?;
        Ok(self.tx.keep_refused(self.who.seller, appointment, &self.contact, &bytes, code).await?)
    }

    async fn saved(&mut self, appointment: AppointmentId) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.tx.load_document(self.who.seller, appointment).await?.map(|stored| stored.snapshot))
    }
}

fn digest(heads: &BTreeMap<AppointmentId, Vec<Hash>>) -> doorstep_core::digest::Sha256 {
    wire::digest_of(heads.iter().map(|(appointment, heads)| (appointment, heads.as_slice())))
}

/// What a supervisor is told of the difference between two states of a closeout.
fn news(before: &Closeout, after: &Closeout) -> Vec<What> {
    let mut news = Vec::new();
    for (step, moment) in &after.steps {
        if before.steps.get(step) != Some(moment) {
            news.push(What::StepRecorded { step: *step });
        }
    }
    // The value that came may not be the one that counts: nothing else would say that it is there.
    for field in after.conflicts.iter().filter(|field| !before.conflicts.contains(field)) {
        news.push(What::VersionsDiffer { field: field.clone() });
    }
    let known = before.facts();
    let mut others = false;
    for fact in after.facts().into_iter().filter(|fact| !known.contains(fact)) {
        match fact {
            Fact::Correction(step, _) => news.push(What::StepCorrected { step }),
            Fact::Crew(..) => news.push(What::CrewRecorded),
            Fact::Eta(_) => news.push(What::EtaRecorded),
            Fact::Outcome(_) => news.push(What::OutcomeRecorded),
            Fact::Request(_, asked) if !asked.withdrawn => news.push(What::Asked { wish: asked.what }),
            // A person's own step: where it is the visit's as well, that was said above.
            _ => others = true,
        }
    }
    if others {
        news.push(What::DetailsRecorded);
    }
    if before.answers != after.answers {
        news.push(What::AnswersRecorded);
    }
    let notes = |closeout: &Closeout| {
        closeout.records.values().filter(|facts| facts.kind == RecordKind::Note).count()
    };
    if notes(before) != notes(after) {
        news.push(What::NoteRecorded);
    }
    for photo in after.photos.keys().filter(|photo| !before.photos.contains_key(photo)) {
        news.push(What::PhotoAnnounced { photo: *photo });
    }
    news
}

fn not_a_message(error: &WireError) -> Refusal {
    match error {
        WireError::UnknownVersion(_) => Refusal::bad_request(
            "sync_version_unknown",
            "This app is newer or older than the server",
            "Load the app again. What is saved on the phone stays there.",
        ),
        WireError::TooLarge => Refusal::too_large("Send fewer changes at once."),
        WireError::Damaged(_) => Refusal::bad_request(
            "sync_damaged",
            "The message does not read",
            "Send it again as docs/PROTOCOL.md describes it.",
        ),
    }
    .field("body")
}
