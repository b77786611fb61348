//! What is known of a photo, for whoever may know it.

use super::{Refusal, Technician, refusal::absent};
use crate::{
    app::App,
    db::{Tx, photo::SafePhoto, upload::Upload},
};
use doorstep_core::id::{AppointmentId, PhotoId, UserId};

/// What is known of a photo.
pub(super) enum Found {
    Safe(SafePhoto),
    UnderWay(Upload),
}

/// Looks a photo up for the technician who sends it, or who has the visit now.
pub(super) async fn find(app: &App, who: &Technician, photo: PhotoId) -> Result<Found, Refusal> {
    let mut tx = app.db.read().await?;
    let (found, appointment, sender) = match tx.load_photo(who.seller, photo).await? {
        Some((safe, sender)) => {
            let appointment = safe.appointment;
            (Found::Safe(safe), appointment, sender)
        }
        None => match tx.load_upload(who.seller, photo).await? {
            Some((upload, sender)) => {
                let appointment = upload.appointment;
                (Found::UnderWay(upload), appointment, sender)
            }
            None => return Err(absent()),
        },
    };
    // A visit may be given to somebody else while its photos are on their way: they arrive all the same.
    if may_see(&mut tx, who, appointment, sender).await? { Ok(found) } else { Err(absent()) }
}

/// Whether a photo is a technician's business: sent from their phone, or of a visit that is theirs now.
pub(in crate::http) async fn may_see(
    tx: &mut Tx,
    who: &Technician,
    appointment: AppointmentId,
    sender: UserId,
) -> sqlx::Result<bool> {
    Ok(sender == who.user || tx.is_assigned(who.seller, who.user, appointment).await?)
}
