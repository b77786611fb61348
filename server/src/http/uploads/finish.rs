//! The end of an upload: from all bytes on disk to a photo that is safe. Each step can be repeated, so a crash
//! anywhere is mended by whoever asks next.

use super::{
    Lanes, Refusal, file,
    refusal::{absent, checksum_differs, expired, refused_picture},
};
use crate::{
    app::App,
    closing,
    db::{Tx, photo::SafePhoto, quarantine::Aside, upload::Upload},
    evidence::KeyStore,
    photo::Image,
    thumbnail::{self, Undecodable},
};
use anyhow::Context as _;
use axum::http::StatusCode;
use doorstep_core::{
    api::{HeldKind, What},
    digest::Sha256,
    evidence::Sealed as Evidence,
    id::HeldId,
    photo::{MediaType, PhotoRefusal, accept, open_envelope},
    time::Timestamp,
    vault::Key,
};
use std::borrow::Cow;

/// Proves the picture, seals it, puts it on disk, and makes it safe in one transaction with what follows from it.
///
/// # Errors
/// A digest that differs: the upload begins anew. A picture that is none: the upload is over.
pub(super) async fn finish(app: &App, lanes: &Lanes, upload: &Upload) -> Result<(), Refusal> {
    let visit = app.db.read().await?.visit(app.seller, upload.appointment).await?.ok_or_else(expired)?;
    let key = visit.key(&app.root_key)?.ok_or_else(expired)?;
    let envelope = app.blobs.read_upload(&file(upload.photo)).await?.unwrap_or_default();

    let _permit = lanes.decoding.acquire().await.context("nobody closes this semaphore")?;
    let proof = tokio::task::spawn_blocking({
        let (upload, entropy) = (upload.clone(), app.entropy.clone());
        let (evidence, now) = (app.evidence.clone(), app.clock.now());
        move || prove(&upload, &envelope, &key, &evidence, now, &*entropy)
    });
    let sealed = match proof.await.context("proving a picture")?? {
        Proof::Sealed(sealed) => *sealed,
        Proof::Changed => {
            app.blobs.delete_upload(&file(upload.photo)).await?;
            return Err(checksum_differs(
                "The photo changed on the way",
                "Send it again from the beginning.",
            ));
        }
        Proof::Refused(refusal) => {
            let mut tx = app.db.write().await?;
            tx.delete_upload(app.seller, upload.photo).await?;
            tx.commit().await?;
            app.blobs.delete_upload(&file(upload.photo)).await?;
            return Err(*refusal);
        }
    };
    app.blobs.put(&Image::Picture.blob(upload.photo), sealed.picture).await?;
    app.blobs.put(&Image::Thumbnail.blob(upload.photo), sealed.thumbnail).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    // The closeout's last change may come at the same time: whoever is second has to see the other. Before any
    // event, as everywhere.
    tx.lock_documents(app.seller, &[upload.appointment]).await?;
    let safe = SafePhoto {
        photo: upload.photo,
        appointment: upload.appointment,
        device: upload.device,
        media: sealed.media,
        size: sealed.size,
        uploaded_length: upload.length,
        uploaded_sha256: upload.uploaded_sha256,
        picture_sha256: sealed.sha256,
        safe_at: now,
        expires_at: visit.expires_at,
    };
    if tx.insert_photo(app.seller, &safe).await? {
        // The upload's time ran out meanwhile: what expiry has swept does not come back.
        if !tx.delete_upload(app.seller, upload.photo).await? {
            drop(tx);
            app.blobs.delete(&Image::Picture.blob(upload.photo)).await?;
            app.blobs.delete(&Image::Thumbnail.blob(upload.photo)).await?;
            return Err(absent());
        }
        // Of a phone or a person who is barred: it is here, it has its receipt, and it counts once somebody says so.
        if let Some(because) = tx.barred(app.seller, upload.device).await? {
            let aside = Aside {
                item: HeldId::from_bytes(*upload.photo.as_bytes()),
                kind: HeldKind::Photo,
                because,
                appointment: upload.appointment,
                device: upload.device,
                sealed: None,
                expires_at: visit.expires_at,
            };
            tx.hold(app.seller, &aside, now).await?;
            tx.record_event(app.seller, upload.appointment, &What::EvidenceHeld, now).await?;
            tx.phones_changed(app.seller).await?;
            return done(app, tx, upload).await;
        }
        tx.record_event(app.seller, upload.appointment, &What::PhotoSafe { photo: upload.photo }, now)
            .await?;
        match closing::settle(app, &mut tx, app.seller, upload.appointment, now).await {
            // Without the database nothing here is true; any other trouble is the closeout's, not the photo's.
            Err(error) if error.downcast_ref::<sqlx::Error>().is_some() => return Err(error.into()),
            Err(error) => tracing::error!(error = format!("{error:#}"), "a closeout cannot be judged"),
            Ok(()) => {}
        }
    } else {
        tx.delete_upload(app.seller, upload.photo).await?;
    }
    done(app, tx, upload).await
}

async fn done(app: &App, tx: Tx, upload: &Upload) -> Result<(), Refusal> {
    tx.commit().await?;
    app.bell.ring();
    // Only now: until the commit the file is what a crash would be mended from.
    if let Err(error) = app.blobs.delete_upload(&file(upload.photo)).await {
        tracing::warn!(%error, "a finished upload's file stays behind");
    }
    Ok(())
}

enum Proof {
    Sealed(Box<Sealed>),
    /// Not the bytes that were announced.
    Changed,
    /// The bytes that were announced are no proof.
    Refused(Box<Refusal>),
}

struct Sealed {
    media: MediaType,
    size: u64,
    sha256: Sha256,
    picture: Vec<u8>,
    thumbnail: Vec<u8>,
}

fn prove(
    upload: &Upload,
    envelope: &[u8],
    key: &Key,
    evidence: &KeyStore,
    now: Timestamp,
    entropy: &dyn crate::entropy::Entropy,
) -> anyhow::Result<Proof> {
    if Sha256::of(envelope) != upload.uploaded_sha256 {
        return Ok(Proof::Changed);
    }
    let opened = open(upload, envelope, evidence, now)?;
    let accepted = opened.and_then(|picture| accept(&picture).map(|media| (picture, media)));
    let (picture, media) = match accepted {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(refuse(refusal)),
    };
    let thumbnail = match thumbnail::of(&picture, media) {
        Ok(thumbnail) => thumbnail,
        Err(undecodable) => return Ok(Proof::Refused(Box::new(cannot_be_shown(undecodable)))),
    };
    Ok(Proof::Sealed(Box::new(Sealed {
        media,
        size: picture.len() as u64,
        sha256: Sha256::of(&picture),
        picture: Image::Picture.seal(key, upload.photo, &picture, entropy)?,
        thumbnail: Image::Thumbnail.seal(key, upload.photo, &thumbnail, entropy)?,
    })))
}

/// The picture in an envelope, sealed or plain. In memory only: on the disk it lies sealed before and after.
fn open<'a>(
    upload: &Upload,
    envelope: &'a [u8],
    evidence: &KeyStore,
    now: Timestamp,
) -> anyhow::Result<Result<Cow<'a, [u8]>, PhotoRefusal>> {
    let sealed = match Evidence::read(envelope) {
        Ok(Some(sealed)) => sealed,
        Ok(None) => return Ok(open_envelope(envelope).map(Cow::Borrowed)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(pair) = evidence.pair(sealed.key, now)? else { return Ok(Err(PhotoRefusal::KeyGone)) };
    Ok(pair.open(&sealed, upload.photo, upload.appointment).map(Cow::Owned))
}

fn refuse(refusal: PhotoRefusal) -> Proof {
    Proof::Refused(Box::new(refused_picture(refusal)))
}

fn cannot_be_shown(undecodable: Undecodable) -> Refusal {
    let (code, title, detail) = match undecodable {
        Undecodable::TooManyPixels => {
            ("photo_too_many_pixels", "The photo has more pixels than a photo has", "Take it again, smaller.")
        }
        Undecodable::Damaged => ("photo_damaged", "The photo is damaged", "Take it again."),
    };
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}
