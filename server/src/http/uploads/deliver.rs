//! A photo that came in a bundle and not by tus: the same announcement, the same proof at the end.

use super::{
    Announced, Lanes, Refusal, Technician, announce, file, finish,
    headers::Announcement,
    refusal::{checksum_differs, offset_differs},
};
use crate::app::App;
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, PhotoId},
};

/// Makes a photo safe for whom its phone belongs to. False when it was already.
///
/// # Errors
/// What announcing and finishing refuse.
pub(in crate::http) async fn deliver(
    app: &App,
    lanes: &Lanes,
    who: &Technician,
    (appointment, photo): (AppointmentId, PhotoId),
    envelope: &[u8],
) -> Result<bool, Refusal> {
    let sha256 = Sha256::of(envelope);
    let announced = Announcement { photo, appointment, sha256, length: envelope.len() as u64 };
    // A second time where the first bytes, which came from elsewhere, turn out not to be these.
    for _ in 0..2 {
        let Announced { upload, is_safe, .. } = announce(app, who, &announced).await?;
        if is_safe {
            return Ok(false);
        }
        let _turn = lanes.take(photo).await;
        let offset = app.blobs.upload_len(&file(photo)).await?.unwrap_or(0);
        let rest = usize::try_from(offset).ok().and_then(|offset| envelope.get(offset..));
        if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
            let appended = app.blobs.append_upload(&file(photo), offset, rest.to_vec()).await?;
            appended.ok_or_else(|| offset_differs(offset))?;
        }
        match finish::finish(app, lanes, &upload).await {
            Err(refusal) if refusal.problem().code == "upload_checksum" => {}
            finished => return finished.map(|()| true),
        }
    }
    Err(checksum_differs("The photo changed on the way", "Send it again from the beginning."))
}
