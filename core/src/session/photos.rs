//! The photo lane: a picture becomes durable, joins its closeout, goes up, and is safe on a receipt for its bytes.

use super::{
    Capture, Failure, Now, Row, Session,
    store::{self, Fresh, PhotoOutcome, StoredPhoto},
    visit::LocalVisit,
    writes::Out,
};
use crate::{
    api::PhotoReceipt,
    document::Put,
    id::{AppointmentId, PhotoId},
    photo::PhotoFacts,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// A photo that is about to become durable: put the row and the sealed picture in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct CaptureRow {
    pub capture: Capture,
    pub row: Row,
}

impl Session {
    /// Prepares the row that makes a picture durable together with its capture.
    ///
    /// # Errors
    /// The reason in words, when the row cannot be sealed.
    pub fn capture(
        &self,
        now: &Now,
        appointment: AppointmentId,
        photo: PhotoId,
        facts: impl FnOnce(Moment) -> PhotoFacts,
    ) -> Result<CaptureRow, String> {
        let capture = Capture { photo, appointment, facts: facts(self.moment(now)) };
        let mut fresh = Fresh::of(now);
        let row = store::seal(&self.holder.store_key, &mut fresh, store::capture_key(photo), &capture)?;
        Ok(CaptureRow { capture, row })
    }

    /// A capture joins its closeout; its row goes in the write that keeps the change.
    pub(super) fn attach(&mut self, out: &mut Out, capture: Capture) {
        let closeout = self.visits.get(&capture.appointment).and_then(LocalVisit::closeout);
        let joined = closeout.is_some_and(|closeout| {
            closeout.photos.contains_key(&capture.photo)
                || self.put(out, capture.appointment, &[Put::Photo(capture.photo, capture.facts.clone())])
        });
        if joined {
            self.captures.remove(&capture.photo);
            out.pending.delete(store::capture_key(capture.photo));
        } else {
            // No document yet, or no room in it: the capture row keeps the photo.
            self.captures.insert(capture.photo, capture);
        }
    }

    pub(super) fn take_receipt(&mut self, now: &Now, out: &mut Out, receipt: PhotoReceipt) {
        self.uploading = None;
        self.pace.arrived(now);
        let taken = self.visits.iter().find_map(|(appointment, visit)| {
            visit.closeout()?.photos.get(&receipt.photo).map(|photo| (*appointment, photo.facts.sha256))
        });
        let Some((appointment, sha256)) = taken else { return self.photos.succeeded() };
        if sha256 == receipt.picture_sha256 {
            self.photos.succeeded();
            self.photo_failure = None;
            self.photo_taken = Some(now.reading.wall);
            self.settle_photo(out, appointment, receipt.photo, PhotoOutcome::Safe(receipt));
        } else {
            // A receipt for other bytes is no receipt: the photo stays here and is tried again.
            self.after_photo = Some(receipt.photo);
            self.photos.failed(now);
            self.photo_failure = Some(Failure::Unreachable);
        }
    }

    pub(super) fn settle_photo(
        &mut self,
        out: &mut Out,
        appointment: AppointmentId,
        photo: PhotoId,
        outcome: PhotoOutcome,
    ) {
        let stored = StoredPhoto { appointment, outcome: outcome.clone() };
        self.keep(out, store::photo_state_key(photo), &stored);
        if matches!(outcome, PhotoOutcome::Safe(_)) {
            // What was sent has arrived. The readable copy stays until the visit leaves the phone.
            out.pending.delete(store::evidence_key(photo));
        }
        if let Some(visit) = self.visits.get_mut(&appointment) {
            visit.outcomes.insert(photo, outcome);
        }
        self.drop_finished_visits(out);
    }

    /// The next photo after the one tried last, round and round: one that fails does not hold the others.
    pub(super) fn next_photo(&self) -> Option<(PhotoId, AppointmentId)> {
        let all = || {
            self.visits.iter().flat_map(|(appointment, visit)| {
                visit.photos_to_send(self.holder.device).into_iter().map(|photo| (photo, *appointment))
            })
        };
        all().find(|(photo, _)| self.after_photo != Some(*photo)).or_else(|| all().next())
    }
}
