//! The requests of calls that wait for a switch, as they would be sent. Built by what builds those that are sent, and
//! sent by nobody.

use super::request::{document_of, eta_data, fulfilment_data, reschedule, resources_of};
use crate::{
    app::App,
    closing::{self, report},
    connection::operation_of,
    db::{Tx, decision::Verdict, outbox::Ready},
};
use anyhow::Context as _;
use doorstep_core::{
    api::{CallKind, ObservedRequest, ObservedUpload},
    id::AppointmentId,
};
use doorstep_spapi::{
    AmazonAppointmentId, AssignAppointmentResources, ContentSha256, FulfillmentDocument, ServiceJobId,
};

/// What waits of a visit, in the order in which it would be sent. Without the token, and without the key that only
/// Amazon's answer brings.
///
/// # Errors
/// The database's, or a document that does not read.
pub async fn requests(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
) -> anyhow::Result<Vec<ObservedRequest>> {
    let ready = tx.held_calls(app.seller, appointment).await?;
    if ready.is_empty() {
        return Ok(Vec::new());
    }
    let visit = tx.visit(app.seller, appointment).await?.context("a call whose visit is gone")?;
    let job = ServiceJobId::new(visit.service_job.as_str());
    let at = AmazonAppointmentId::new(visit.amazon_appointment.as_str());
    let mut requests = Vec::with_capacity(ready.len());
    for call in ready {
        let operation = operation_of(call.kind);
        let parameters = [("serviceJobId", job.as_str()), ("appointmentId", at.as_str())];
        let (path, refused) = match operation.path_with(&parameters) {
            Ok(path) => (path, None),
            Err(refused) => (operation.path.to_owned(), Some(refused.to_string())),
        };
        let mut request = ObservedRequest {
            call: call.id,
            kind: call.kind,
            appointment,
            service_job_id: visit.service_job.clone(),
            operation: operation.name.to_owned(),
            position: call.position,
            method: operation.method.to_string(),
            path,
            query: String::new(),
            body: None,
            upload: None,
            refused,
        };
        match call.kind {
            CallKind::Document => describe_document(app, tx, &call, &mut request).await?,
            CallKind::Fulfilment => request.body = Some(fulfilment(app, tx, appointment).await?),
            CallKind::Complete => {}
            CallKind::Eta => {
                let expected = closing::expected(tx, app.seller, appointment).await?;
                let body = expected.map(|expected| eta_data(expected).to_bytes());
                request.body = body.map(String::from_utf8).transpose()?;
            }
            CallKind::Reschedule | CallKind::Assign | CallKind::Cancel => {
                describe_decided(app, tx, &call, &mut request).await?;
            }
        }
        requests.push(request);
    }
    Ok(requests)
}

async fn describe_document(
    app: &App,
    tx: &mut Tx,
    call: &Ready,
    request: &mut ObservedRequest,
) -> anyhow::Result<()> {
    let photo = call.photo.context("a document without a photo")?;
    let Some((row, _)) = tx.load_photo(app.seller, photo).await? else {
        request.refused = Some("The photo is gone.".to_owned());
        return Ok(());
    };
    request.body = Some(serde_json::to_string(&document_of(&row))?);
    request.upload = Some(ObservedUpload {
        photo,
        content_type: row.media.amazon().to_owned(),
        size: row.size,
        sha256: row.picture_sha256,
    });
    Ok(())
}

/// What somebody decided, as Amazon is told.
async fn describe_decided(
    app: &App,
    tx: &mut Tx,
    call: &Ready,
    request: &mut ObservedRequest,
) -> anyhow::Result<()> {
    let decision = call.decision.context("a call that nobody decided")?;
    let stored = tx.decision(app.seller, decision).await?.context("a call whose decision is gone")?;
    match (call.kind, stored.verdict) {
        (CallKind::Reschedule, Verdict::Reschedule { code, start, .. }) => {
            request.body = Some(serde_json::to_string(&reschedule(code, start))?);
        }
        (CallKind::Assign, Verdict::Reschedule { resources, .. }) => {
            let resources = AssignAppointmentResources { resources: resources_of(resources) };
            request.body = Some(serde_json::to_string(&resources)?);
        }
        (_, Verdict::Cancel { code }) => request.query = format!("cancellationReasonCode={code}"),
        _ => request.refused = Some("Nobody decided this.".to_owned()),
    }
    Ok(())
}

/// With the destinations that are known, and a placeholder for those that only Amazon's answer will tell.
async fn fulfilment(app: &App, tx: &mut Tx, appointment: AppointmentId) -> anyhow::Result<String> {
    let wanted = report::fulfilment(tx, app.seller, appointment, false).await?;
    let uploaded = tx.uploaded_documents(app.seller, appointment).await?;
    let mut photos = wanted.photos.clone();
    photos.sort_unstable();
    photos.dedup();
    let mut documents = Vec::with_capacity(photos.len());
    for (number, photo) in photos.into_iter().enumerate() {
        let known = uploaded.iter().find(|(uploaded, _, _)| *uploaded == photo);
        let (destination, sha256) = match known {
            Some((_, destination, sha256)) => (destination.clone(), sha256.clone()),
            None => (
                format!("‹destination of photo {}›", number + 1),
                format!("‹hash of photo {}, encrypted›", number + 1),
            ),
        };
        documents.push(FulfillmentDocument {
            upload_destination_id: Some(destination.as_str().into()),
            content_sha256: Some(serde_json::from_value::<ContentSha256>(sha256.into())?),
        });
    }
    let data = fulfilment_data(&wanted, documents);
    Ok(String::from_utf8(data.to_bytes())?)
}
