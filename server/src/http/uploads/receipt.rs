//! The receipt of a photo.

use super::{
    Refusal, Sender, file, finish,
    found::{Found, find},
    lanes::Lanes,
    refusal::is_absent,
};
use crate::{app::App, http::extract::PathId};
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use doorstep_core::{api::PhotoReceipt, id::PhotoId};

/// `GET /api/photos/{photo}/receipt`: only this makes a photo *safe*.
///
/// # Errors
/// The photo is not safe yet.
pub async fn receipt(
    State(app): State<App>,
    Extension(lanes): Extension<Lanes>,
    Sender(who): Sender,
    PathId(photo): PathId<PhotoId>,
) -> Result<Response, Refusal> {
    let not_safe = || {
        Refusal::not_found(
            "photo_not_safe",
            "The server does not have this photo yet",
            "Send the rest of it.",
        )
    };
    let found = |found| match found {
        Err(refusal) if is_absent(&refusal) => Err(not_safe()),
        other => other,
    };
    let mut state = found(find(&app, &who, photo).await)?;
    if let Found::UnderWay(upload) = &state
        && app.blobs.upload_len(&file(photo)).await?.is_some_and(|offset| offset >= upload.length)
    {
        // All bytes are here and a crash came before the end: the end is now.
        let _turn = lanes.take(photo).await;
        if let Found::UnderWay(upload) = found(find(&app, &who, photo).await)? {
            finish::finish(&app, &lanes, &upload).await?;
        }
        state = found(find(&app, &who, photo).await)?;
    }
    let Found::Safe(safe) = state else { return Err(not_safe()) };
    let receipt = PhotoReceipt {
        photo,
        uploaded_sha256: safe.uploaded_sha256,
        picture_sha256: safe.picture_sha256,
        safe_at: safe.safe_at,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(receipt)).into_response())
}
