//! A phone's camera: a picture is on disk, whole, before anything is asked of the network.

use super::Phone;
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, PhotoId},
    photo::{self, PhotoFacts},
    session::Event,
    vault,
};
use doorstep_server::evidence;

impl Phone {
    /// Makes the photo durable; `attach` then lets it join the closeout. Two steps, so that a test can kill the
    /// page between them.
    pub fn store_photo(
        &mut self,
        appointment: AppointmentId,
        shot: &str,
        picture: &[u8],
    ) -> anyhow::Result<doorstep_core::session::Capture> {
        let media = photo::accept(picture)?;
        let id = PhotoId::from_bytes(self.dice.bytes());
        let now = self.now();
        let captured = self
            .session
            .capture(&now, appointment, id, |taken| PhotoFacts {
                shot: shot.to_owned(),
                sha256: Sha256::of(picture),
                size: picture.len() as u32,
                width: 64,
                height: 48,
                media,
                taken,
            })
            .map_err(anyhow::Error::msg)?;
        let place = format!("photo/{id}");
        let sealed = vault::seal(&self.device.store_key, &place, self.dice.bytes(), picture)?;
        self.disk.rows.insert(place, sealed);
        if let Some(key) = self.visit(appointment)?.job.evidence {
            let envelope = evidence::seal(&key, id, appointment, picture, self.dice.bytes())?;
            self.disk.rows.insert(format!("evidence/{id}"), envelope);
            self.keep_photo_copy(appointment, id);
        }
        self.disk.rows.insert(captured.row.key, captured.row.value);
        Ok(captured.capture)
    }

    pub async fn take_photo(
        &mut self,
        appointment: AppointmentId,
        shot: &str,
        picture: &[u8],
    ) -> anyhow::Result<PhotoId> {
        let capture = self.store_photo(appointment, shot, picture)?;
        let photo = capture.photo;
        self.give(Event::Captured { capture }).await?;
        Ok(photo)
    }

    /// From the shutter on, on a page that may die before the photo is on disk, and before it joins the closeout.
    pub async fn try_photo(
        &mut self,
        appointment: AppointmentId,
        shot: &str,
        picture: &[u8],
    ) -> anyhow::Result<()> {
        if self.passes_moment() {
            return self.kill().await;
        }
        let capture = self.store_photo(appointment, shot, picture)?;
        if self.passes_moment() {
            return self.kill().await;
        }
        self.give(Event::Captured { capture }).await
    }
}
