//! Rescue copies of what waits: made with each row, let go with the server's receipt.

use super::{
    Now, Session,
    store::{self, Fresh, RecordState},
    writes::Out,
};
use crate::{
    evidence::EvidenceKey,
    id::AppointmentId,
    rescue::{Item, Kept, What},
};
use serde::{Deserialize, Serialize};

/// What is to be sealed to the key of a visit's day and kept under `place` until the server has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct RescueCopy {
    pub place: String,
    pub appointment: AppointmentId,
    pub key: EvidenceKey,
    /// The phone's own seal around it. Empty of a photo, whose envelope lies there already.
    #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
    #[serde(with = "crate::wire::bytes")]
    pub plain: Vec<u8>,
}

impl Session {
    /// A copy in the write of this event. Without a key of the day there is none: on the last day of a visit's data, and
    /// of jobs from before there were such keys.
    pub(super) fn keep_copy(&self, out: &mut Out, item: Item, what: What) {
        if let Some(copy) = self.copy(&mut out.fresh, item, what) {
            out.pending.put_copy(copy);
        }
    }

    fn copy(&self, fresh: &mut Fresh, item: Item, what: What) -> Option<RescueCopy> {
        let appointment = item.appointment();
        let key = self.visits.get(&appointment)?.job.as_ref()?.evidence.clone()?;
        let kept = Kept { device: self.holder.device, appointment, what };
        // Sealing fails on nothing a session keeps; the row itself is the record either way.
        let plain = kept.seal(&self.holder.store_key, fresh.nonce(), &item).ok()?;
        Some(RescueCopy { place: item.place(), appointment, key, plain })
    }

    /// The copies that should lie beside the rows of all that waits and are not `there`: rows of an older version, and
    /// those whose key came after them.
    pub fn owed(&self, now: &Now, there: &[String]) -> Vec<RescueCopy> {
        let mut fresh = Fresh::of(now);
        let mut owed = Vec::new();
        for (appointment, visit) in &self.visits {
            let Some(key) = visit.job.as_ref().and_then(|job| job.evidence.clone()) else { continue };
            let mut waiting: Vec<(Item, What)> = Vec::new();
            if let Some(document) = &visit.document {
                let unsent = document.changes_since(&visit.server_heads).into_iter();
                let own = unsent.filter(|change| visit.change_rows.contains_key(&change.hash));
                waiting.extend(
                    own.map(|change| (Item::Change(*appointment, change.hash), What::Change(change.bytes))),
                );
            }
            let records = visit.records.iter().filter(|(_, stored)| stored.state != RecordState::Sent);
            waiting.extend(records.map(|(record, stored)| {
                (Item::Record(*appointment, *record), What::Record(stored.sealed.clone()))
            }));
            let missing = waiting.into_iter().filter(|(item, _)| !there.contains(&item.place()));
            owed.extend(missing.filter_map(|(item, what)| self.copy(&mut fresh, item, what)));
            let photos = visit.photos_to_send(self.holder.device).into_iter().map(store::evidence_key);
            owed.extend(photos.filter(|place| !there.contains(place)).map(|place| RescueCopy {
                place,
                appointment: *appointment,
                key: EvidenceKey::clone(&key),
                plain: Vec::new(),
            }));
        }
        owed
    }
}
