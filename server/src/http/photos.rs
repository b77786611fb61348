//! `GET /api/photos/{photo}/picture` and `…/thumbnail`.

use super::{
    extract::PathId, problem::Refusal, session::TechnicianOrSupervisor, unlocked::UnlockedOrSupervisor,
    uploads,
};
use crate::{app::App, photo::Image};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    id::{PhotoId, SellerId},
    photo::MediaType,
};

/// The picture as it was taken.
///
/// # Errors
/// There is none that this person may see, or it has expired.
pub async fn picture(
    State(app): State<App>,
    UnlockedOrSupervisor(who): UnlockedOrSupervisor,
    PathId(photo): PathId<PhotoId>,
) -> Result<impl IntoResponse, Refusal> {
    show(&app, &who, photo, Image::Picture).await
}

/// A small JPEG of it.
///
/// # Errors
/// As `picture`.
pub async fn thumbnail(
    State(app): State<App>,
    UnlockedOrSupervisor(who): UnlockedOrSupervisor,
    PathId(photo): PathId<PhotoId>,
) -> Result<impl IntoResponse, Refusal> {
    show(&app, &who, photo, Image::Thumbnail).await
}

async fn show(
    app: &App,
    who: &TechnicianOrSupervisor,
    photo: PhotoId,
    image: Image,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let absent = || Refusal::not_found("no_such_photo", "There is no such photo", "Reload the page.");
    let mut tx = app.db.read().await?;
    let (safe, sender) = tx.load_photo(seller(who), photo).await?.ok_or_else(absent)?;
    if let TechnicianOrSupervisor::Technician(technician) = who
        && !uploads::may_see(&mut tx, technician, safe.appointment, sender).await?
    {
        return Err(absent());
    }
    let visit = tx.visit(seller(who), safe.appointment).await?.ok_or_else(absent)?;
    drop(tx);
    let Some(key) = visit.key(&app.root_key)? else {
        return Err(Refusal::new(
            StatusCode::GONE,
            "photo_expired",
            "The photo is gone with the buyer's data",
            "It was kept as long as Amazon allows.",
        ));
    };
    let bytes = image.open(&app.blobs, &key, photo).await?;
    let mime = match image {
        Image::Picture => safe.media.mime(),
        Image::Thumbnail => MediaType::Jpeg.mime(),
    };
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Opened by itself it is a picture and nothing else, whatever its bytes claim.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, bytes))
}

fn seller(who: &TechnicianOrSupervisor) -> SellerId {
    match who {
        TechnicianOrSupervisor::Technician(technician) => technician.seller,
        TechnicianOrSupervisor::Supervisor(supervisor) => supervisor.seller,
    }
}
