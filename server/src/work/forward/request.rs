//! What is to be sent for a claimed call, read from the database within the claim's transaction.

use crate::{
    app::App,
    closing::{self, report},
    db::{
        Tx, amazon_document,
        decision::{StoredDecision, Verdict},
        outbox::{Claim, Task},
        photo::SafePhoto,
    },
    work::expiry::EXPIRED,
};
use anyhow::Context;
use doorstep_core::{
    api::CallKind,
    digest::Sha256,
    id::{PhotoId, ResourceId},
    job::Window,
    time::Timestamp,
    vault::{self, Key},
};
use doorstep_spapi::{
    AmazonAppointmentId, AppointmentResource, AppointmentTimeInput, AssignAppointmentResources,
    ContentSha256, ContentType, Destination, FulfillmentData, FulfillmentDocument, FulfillmentTime,
    RescheduleAppointment, ServiceJobId, TimeRange, UploadDocument,
};

/// One request to Amazon.
#[derive(Debug)]
pub(super) enum Request {
    MakeDestination {
        document: UploadDocument,
    },
    Upload {
        destination: Box<Destination>,
        photo: PhotoId,
        key: Key,
    },
    Fulfil {
        job: ServiceJobId,
        appointment: AmazonAppointmentId,
        data: FulfillmentData,
    },
    Complete {
        job: ServiceJobId,
    },
    ReadStatus {
        job: ServiceJobId,
    },
    Cancel {
        job: ServiceJobId,
        code: String,
    },
    Reschedule {
        job: ServiceJobId,
        from: AmazonAppointmentId,
        to: RescheduleAppointment,
    },
    /// Whether the visit has moved by now.
    ReadMove {
        job: ServiceJobId,
        from: AmazonAppointmentId,
        start: Timestamp,
    },
    Assign {
        job: ServiceJobId,
        appointment: AmazonAppointmentId,
        resources: AssignAppointmentResources,
    },
}

/// What a claim leads to.
#[derive(Debug)]
pub(super) enum Planned {
    Send {
        request: Request,
        /// Of everything that goes out: which object it is sent to, and the body.
        hash: Sha256,
    },
    /// Nothing may be sent; a person has to look.
    Refuse { reason: String },
}

fn refuse(reason: &str) -> Planned {
    Planned::Refuse { reason: reason.to_owned() }
}

/// Plans the request of a claimed call.
///
/// # Errors
/// The database fails. Whatever else is wrong is the call's own and a `Refuse`, so that it stops no other call.
pub(super) async fn plan(app: &App, tx: &mut Tx, claim: &Claim) -> anyhow::Result<Planned> {
    match try_plan(app, tx, claim).await {
        Err(error) if error.downcast_ref::<sqlx::Error>().is_none() => {
            tracing::error!(kind = ?claim.kind, error = format!("{error:#}"), "a call cannot be prepared");
            Ok(refuse("This call cannot be prepared; the server's log says why."))
        }
        planned => planned,
    }
}

async fn try_plan(app: &App, tx: &mut Tx, claim: &Claim) -> anyhow::Result<Planned> {
    let visit = tx.visit(app.seller, claim.appointment).await?.context("a call whose visit is gone")?;
    let job = ServiceJobId::new(visit.service_job.as_str());
    let appointment = AmazonAppointmentId::new(visit.amazon_appointment.as_str());
    match (claim.task, claim.kind) {
        (Task::ReadBack, CallKind::Reschedule) => match decided(app, tx, claim).await? {
            Verdict::Reschedule { start, .. } => {
                let hash = claim.body_hash.unwrap_or_else(|| hash_of(&[job.as_str().as_bytes()]));
                Ok(Planned::Send { request: Request::ReadMove { job, from: appointment, start }, hash })
            }
            _ => Ok(refuse(UNDECIDED)),
        },
        (Task::ReadBack, _) => {
            // The hash of what was sent stays with the row.
            let hash = claim.body_hash.unwrap_or_else(|| hash_of(&[job.as_str().as_bytes()]));
            Ok(Planned::Send { request: Request::ReadStatus { job }, hash })
        }
        (Task::Send, CallKind::Document) => match visit.key(&app.root_key)? {
            Some(key) => plan_document(app, tx, claim, key).await,
            None => Ok(refuse(EXPIRED)),
        },
        // What it was to say went with the buyer's data.
        (Task::Send, CallKind::Fulfilment) if visit.wrapped_key.is_none() => Ok(refuse(EXPIRED)),
        (Task::Send, CallKind::Fulfilment) => plan_fulfilment(app, tx, claim, job, appointment).await,
        (Task::Send, CallKind::Complete) => {
            let hash = hash_of(&[job.as_str().as_bytes()]);
            Ok(Planned::Send { request: Request::Complete { job }, hash })
        }
        (Task::Send, CallKind::Cancel) => match decided(app, tx, claim).await? {
            Verdict::Cancel { code } => {
                let hash = hash_of(&[job.as_str().as_bytes(), code.as_bytes()]);
                Ok(Planned::Send { request: Request::Cancel { job, code }, hash })
            }
            _ => Ok(refuse(UNDECIDED)),
        },
        (Task::Send, CallKind::Reschedule) => match decided(app, tx, claim).await? {
            Verdict::Reschedule { code, start, .. } => {
                if start <= app.clock.now() {
                    return Ok(refuse("The time that was chosen is over. Choose another one."));
                }
                let to = reschedule(code, start);
                let body = serde_json::to_vec(&to)?;
                let hash = hash_of(&[job.as_str().as_bytes(), appointment.as_str().as_bytes(), &body]);
                Ok(Planned::Send { request: Request::Reschedule { job, from: appointment, to }, hash })
            }
            _ => Ok(refuse(UNDECIDED)),
        },
        (Task::Send, CallKind::Eta) => {
            let Some(expected) = closing::expected(tx, app.seller, claim.appointment).await? else {
                return Ok(refuse("Nobody said when somebody would be there."));
            };
            let data = eta_data(expected);
            let hash = hash_of(&[job.as_str().as_bytes(), appointment.as_str().as_bytes(), &data.to_bytes()]);
            Ok(Planned::Send { request: Request::Fulfil { job, appointment, data }, hash })
        }
        (Task::Send, CallKind::Assign) => {
            let decision = stored(app, tx, claim).await?;
            let (Verdict::Reschedule { resources, .. }, Some(moved_to)) =
                (decision.verdict, decision.moved_to)
            else {
                return Ok(refuse(UNDECIDED));
            };
            let appointment = AmazonAppointmentId::new(moved_to);
            let resources = AssignAppointmentResources { resources: resources_of(resources) };
            let body = serde_json::to_vec(&resources)?;
            let hash = hash_of(&[job.as_str().as_bytes(), appointment.as_str().as_bytes(), &body]);
            Ok(Planned::Send { request: Request::Assign { job, appointment, resources }, hash })
        }
    }
}

/// A photo goes to the destination it has while that lasts, always as the same bytes; else it gets another one.
async fn plan_document(app: &App, tx: &mut Tx, claim: &Claim, key: Key) -> anyhow::Result<Planned> {
    let photo = claim.photo.context("a document without a photo")?;
    let Some((row, _)) = tx.load_photo(app.seller, photo).await? else {
        return Ok(refuse("The photo is gone."));
    };
    if let Some(kept) = tx.load_amazon_document(app.seller, photo).await? {
        let plain = vault::open(&key, &amazon_document::place(photo), &kept.sealed)?;
        let destination: Destination = serde_json::from_slice(&plain)?;
        if destination.is_usable_at(app.clock.now().to_utc()) {
            let hash = hash_of(&[destination.id().as_str().as_bytes(), row.picture_sha256.as_bytes()]);
            let destination = Box::new(destination);
            return Ok(Planned::Send { request: Request::Upload { destination, photo, key }, hash });
        }
    }
    if tx.fulfilment_may_be_known(app.seller, claim.appointment).await? {
        return Ok(refuse("Amazon may already know this photo under another upload destination."));
    }
    let document = document_of(&row);
    let hash = hash_of(&[&serde_json::to_vec(&document)?]);
    Ok(Planned::Send { request: Request::MakeDestination { document }, hash })
}

pub(super) fn document_of(photo: &SafePhoto) -> UploadDocument {
    UploadDocument::of_length(ContentType::from(photo.media.amazon()), photo.size)
}

/// The whole of what is wanted, always in the same order: nobody outside Amazon knows whether a second body replaces
/// the first or adds to it, so there is only ever one.
async fn plan_fulfilment(
    app: &App,
    tx: &mut Tx,
    claim: &Claim,
    job: ServiceJobId,
    appointment: AmazonAppointmentId,
) -> anyhow::Result<Planned> {
    let repeats = claim.lost_at.is_some();
    let wanted = report::fulfilment(tx, app.seller, claim.appointment, repeats).await?;
    let uploaded = tx.uploaded_documents(app.seller, claim.appointment).await?;
    let mut photos = wanted.photos.clone();
    photos.sort_unstable();
    photos.dedup();
    let mut documents = Vec::with_capacity(photos.len());
    for photo in photos {
        let Some((_, destination, sha256)) = uploaded.iter().find(|(uploaded, _, _)| *uploaded == photo)
        else {
            return Ok(refuse("A photo of this closeout was not uploaded to Amazon."));
        };
        documents.push(FulfillmentDocument {
            upload_destination_id: Some(destination.as_str().into()),
            content_sha256: Some(serde_json::from_value::<ContentSha256>(sha256.as_str().into())?),
        });
    }
    let data = fulfilment_data(&wanted, documents);
    let hash = hash_of(&[job.as_str().as_bytes(), appointment.as_str().as_bytes(), &data.to_bytes()]);
    if repeats && claim.body_hash != Some(hash) {
        return Ok(refuse("Amazon may have an earlier report of this visit that differs from the one now."));
    }
    // Should its reply be lost, it names the same technicians once more.
    report::keep(tx, app.seller, claim.appointment, &wanted).await?;
    Ok(Planned::Send { request: Request::Fulfil { job, appointment, data }, hash })
}

/// Whether the operation replaces what it set before is not documented, so the expected arrival is said again.
pub(super) fn fulfilment_data(
    wanted: &report::Fulfilment,
    documents: Vec<FulfillmentDocument>,
) -> FulfillmentData {
    let resources = resources_of(wanted.resources.clone());
    FulfillmentData {
        estimated_arrival_time: wanted.expected.map(range),
        fulfillment_time: Some(FulfillmentTime {
            start_time: Some(wanted.start.to_utc()),
            end_time: Some(wanted.end.to_utc()),
        }),
        // What there is none of is left out.
        appointment_resources: Some(resources).filter(|resources| !resources.is_empty()),
        fulfillment_documents: Some(documents).filter(|documents| !documents.is_empty()),
    }
}

/// The expected arrival and nothing else.
pub(super) fn eta_data(expected: Window) -> FulfillmentData {
    FulfillmentData { estimated_arrival_time: Some(range(expected)), ..FulfillmentData::default() }
}

fn range(window: Window) -> TimeRange {
    TimeRange { start_time: window.start.to_utc(), end_time: window.end.to_utc() }
}

/// The length is left out: Amazon wants the one that is configured.
pub(super) fn reschedule(code: String, start: Timestamp) -> RescheduleAppointment {
    let appointment_time = AppointmentTimeInput { start_time: start.to_utc(), duration_in_minutes: None };
    RescheduleAppointment { appointment_time, reschedule_reason_code: code }
}

/// Always in the same order.
pub(super) fn resources_of(mut resources: Vec<ResourceId>) -> Vec<AppointmentResource> {
    resources.sort_unstable();
    resources
        .into_iter()
        .map(|resource| AppointmentResource { resource_id: Some(resource.as_str().into()) })
        .collect()
}

/// Of a call whose decision is another than its kind says.
const UNDECIDED: &str = "Nobody decided this.";

async fn stored(app: &App, tx: &mut Tx, claim: &Claim) -> anyhow::Result<StoredDecision> {
    let decision = claim.decision.context("a call that nobody decided")?;
    tx.decision(app.seller, decision).await?.context("a call whose decision is gone")
}

async fn decided(app: &App, tx: &mut Tx, claim: &Claim) -> anyhow::Result<Verdict> {
    Ok(stored(app, tx, claim).await?.verdict)
}

/// Each part is hashed with its length before it, so that no two lists of parts look alike.
fn hash_of(parts: &[&[u8]]) -> Sha256 {
    let framed: Vec<u8> =
        parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat()).collect();
    Sha256::of(&framed)
}
