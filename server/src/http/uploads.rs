//! Photos on their way up, by the tus protocol 1.0 with the extensions creation, checksum and expiration.
//!
//! What differs from common tus servers: the bytes of a broken request are kept, so a bad link sends each byte once;
//! a photo's upload is named by the photo, so asking twice is one upload; and a new request for a photo takes over
//! from an older one that hangs in a dead connection.

mod deliver;
mod finish;
mod found;
mod headers;
mod incoming;
mod lanes;
mod receipt;
mod refusal;

pub(super) use deliver::deliver;
pub(super) use found::may_see;
pub(super) use headers::is_slice;
pub use lanes::{Lanes, Place};
pub use receipt::receipt;

use super::{
    problem::Refusal,
    session::{Sender, Technician},
};
use crate::{app::App, db::upload::Upload};
use anyhow::Context as _;
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chrono::DateTime;
use doorstep_core::{
    digest::Sha256,
    evidence::SEALED_OVERHEAD_BYTES,
    id::{AppointmentId, PhotoId},
    photo::{ENVELOPE_HEADER, PHOTO_LIMIT_BYTES, PhotoRefusal},
    time::Timestamp,
};
use found::{Found, find};
use headers::{Patch, TUS_RESUMABLE, UPLOAD_LENGTH, UPLOAD_OFFSET, VERSION};
use incoming::Incoming;
use refusal::{expired, offset_differs, refused_picture, too_long};

/// The longest envelope: the longest picture, and what sealing adds to it.
pub const LONGEST: u64 = PHOTO_LIMIT_BYTES + SEALED_OVERHEAD_BYTES;

/// How long an unfinished upload is kept after it was last announced, if the visit's own deadline is not sooner. Until it is finished its bytes lie
/// on disk as they came; a phone that needs longer announces the photo again.
const KEPT_MS: i64 = 7 * 86_400_000;

/// `OPTIONS /api/uploads`: what this server can.
pub async fn options() -> Response {
    let headers = [
        (TUS_RESUMABLE, VERSION.to_owned()),
        (headers::TUS_VERSION, VERSION.to_owned()),
        (headers::TUS_EXTENSION, "creation,checksum,expiration".to_owned()),
        (headers::TUS_CHECKSUM_ALGORITHM, "sha256".to_owned()),
        (headers::TUS_MAX_SIZE, LONGEST.to_string()),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// `POST /api/uploads`: announces a photo. The same announcement again answers how far the upload is.
///
/// # Errors
/// Headers that do not fit, a visit that is not the technician's, a photo that was announced as something else.
pub async fn create(
    State(app): State<App>,
    Sender(who): Sender,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let announced = headers::announcement(&headers)?;
    let Announced { upload, offset, expires_at, .. } = announce(&app, &who, &announced).await?;
    let headers = [
        (TUS_RESUMABLE, VERSION.to_owned()),
        (header::LOCATION, format!("/api/uploads/{}", upload.photo)),
        (UPLOAD_OFFSET, offset.to_string()),
        (headers::UPLOAD_EXPIRES, http_date(expires_at)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers).into_response())
}

/// An announcement that was taken.
struct Announced {
    upload: Upload,
    /// Bytes that are here.
    offset: u64,
    expires_at: Timestamp,
    is_safe: bool,
}

async fn announce(
    app: &App,
    who: &Technician,
    announced: &headers::Announcement,
) -> Result<Announced, Refusal> {
    if announced.length > LONGEST {
        return Err(refused_picture(PhotoRefusal::TooLarge).field("upload-length"));
    }
    if announced.length <= ENVELOPE_HEADER.len() as u64 {
        return Err(refused_picture(PhotoRefusal::Empty).field("upload-length"));
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let visit = tx.visit(who.seller, announced.appointment).await?;
    let assigned = tx.may_record(who.seller, who.user, announced.appointment).await?;
    let Some(visit) = visit.filter(|_| assigned) else {
        return Err(Refusal::not_found(
            "no_such_visit",
            "This visit is not on your list",
            "Ask the office who it was given to. The photo stays on this phone.",
        )
        .field("upload-metadata"));
    };
    if visit.wrapped_key.is_none() || visit.expires_at <= now {
        return Err(expired());
    }
    let upload = Upload {
        photo: announced.photo,
        appointment: announced.appointment,
        device: who.device,
        length: announced.length,
        uploaded_sha256: announced.sha256,
        created_at: now,
        expires_at: now.plus_ms(KEPT_MS).min(visit.expires_at),
    };
    let (offset, expires_at, is_safe) = match tx.load_photo(who.seller, upload.photo).await? {
        Some((safe, _)) => {
            same(announced, (safe.appointment, safe.uploaded_length, safe.uploaded_sha256))?;
            (upload.length, safe.expires_at, true)
        }
        None => {
            if !tx.insert_upload(who.seller, &upload).await?
                && let Some((known, _)) = tx.load_upload(who.seller, upload.photo).await?
            {
                same(announced, (known.appointment, known.length, known.uploaded_sha256))?;
                tx.prolong_upload(who.seller, upload.photo, upload.expires_at).await?;
            }
            let offset = app.blobs.upload_len(&file(upload.photo)).await?.unwrap_or(0);
            (offset, upload.expires_at, false)
        }
    };
    tx.commit().await?;
    Ok(Announced { upload, offset, expires_at, is_safe })
}

fn same(announced: &headers::Announcement, known: (AppointmentId, u64, Sha256)) -> Result<(), Refusal> {
    if (announced.appointment, announced.length, announced.sha256) == known {
        return Ok(());
    }
    Err(Refusal::conflict(
        "upload_differs",
        "Another photo was announced under this id",
        "Give each photo an id of its own.",
    )
    .field("upload-metadata"))
}

/// `HEAD /api/uploads/{photo}`: how far the upload is. Finishes one that has all its bytes.
///
/// # Errors
/// No such upload, or what finishing refuses.
pub async fn offset(
    place: Place,
    State(app): State<App>,
    Extension(lanes): Extension<Lanes>,
    Sender(who): Sender,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    headers::check_version(&headers)?;
    let photo = place.photo;
    // Whoever asks is about to send: an older request that still holds bytes writes them down first.
    let _turn = place.turn().await;
    let (offset, length) = match find(&app, &who, photo).await? {
        Found::Safe(safe) => (safe.uploaded_length, safe.uploaded_length),
        Found::UnderWay(upload) => {
            let offset = app.blobs.upload_len(&file(photo)).await?.unwrap_or(0);
            if offset >= upload.length {
                finish::finish(&app, &lanes, &upload).await?;
            }
            (offset, upload.length)
        }
    };
    let headers = [
        (TUS_RESUMABLE, VERSION.to_owned()),
        (UPLOAD_OFFSET, offset.to_string()),
        (UPLOAD_LENGTH, length.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// `PATCH /api/uploads/{photo}`: appends. With the last byte the photo becomes safe, before the answer.
///
/// # Errors
/// Headers that do not fit, another offset than the upload has, a checksum that differs, a picture that is none.
pub async fn append(
    place: Place,
    State(app): State<App>,
    Extension(lanes): Extension<Lanes>,
    Sender(who): Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let patch = headers::patch(&headers)?;
    // A connection that dies may take its handler along, and must not take what has arrived.
    let receiving = tokio::spawn(async move { receive(&app, &lanes, &who, place, &patch, body).await });
    receiving.await.context("receiving an upload")?
}

async fn receive(
    app: &App,
    lanes: &Lanes,
    who: &Technician,
    place: Place,
    patch: &Patch,
    body: Body,
) -> Result<Response, Refusal> {
    let photo = place.photo;
    let turn = place.turn().await;
    let upload = match find(app, who, photo).await? {
        Found::Safe(safe) => {
            at_offset(patch.offset, safe.uploaded_length)?;
            return Ok(accepted(safe.uploaded_length));
        }
        Found::UnderWay(upload) => upload,
    };
    let offset = app.blobs.upload_len(&file(photo)).await?.unwrap_or(0);
    at_offset(patch.offset, offset)?;
    let room = upload.length.saturating_sub(offset);
    if patch.length.is_some_and(|length| length > room) {
        return Err(too_long(offset));
    }
    let mut incoming = Incoming { app, photo, turn: &turn, offset, room };
    let offset = match &patch.checksum {
        Some(checksum) => incoming.take_checked(body, checksum).await?,
        None => incoming.take(body).await?,
    };
    if offset >= upload.length {
        finish::finish(app, lanes, &upload).await?;
    }
    Ok(accepted(offset))
}

/// The name of an upload's file.
fn file(photo: PhotoId) -> String {
    photo.to_string()
}

fn accepted(offset: u64) -> Response {
    let headers = [(TUS_RESUMABLE, VERSION.to_owned()), (UPLOAD_OFFSET, offset.to_string())];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// RFC 9110, 5.6.7.
fn http_date(at: Timestamp) -> String {
    let at: DateTime<chrono::Utc> = at.to_utc();
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn at_offset(claimed: u64, offset: u64) -> Result<(), Refusal> {
    if claimed == offset { Ok(()) } else { Err(offset_differs(offset)) }
}
