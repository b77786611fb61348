//! What the server refused and the phone keeps, one by one.

use super::{
    Parked, ParkedKind, Session,
    store::{self, PhotoOutcome, RecordState},
    visit::LocalVisit,
};
use crate::id::AppointmentId;

impl Session {
    pub(super) fn parked(&self) -> Vec<Parked> {
        self.visits.iter().flat_map(|(appointment, visit)| visit.parked(*appointment)).collect()
    }
}

impl LocalVisit {
    fn parked(&self, appointment: AppointmentId) -> Vec<Parked> {
        let title = self.job.as_ref().map_or_else(String::new, |job| job.title.clone());
        let one = |kind, place, code: &str| Parked {
            appointment,
            title: title.clone(),
            kind,
            place,
            code: code.to_owned(),
        };
        let heads = self.document.as_ref().map_or_else(Vec::new, |document| document.heads());
        let mut parked = Vec::new();
        if self.refused_at.as_ref() == Some(&heads) && !self.change_rows.is_empty() {
            parked.push(one(ParkedKind::Changes, format!("change/{appointment}/"), &self.refused_code));
        }
        for (record, stored) in &self.records {
            if let RecordState::Refused(code) = &stored.state {
                parked.push(one(ParkedKind::Record, store::record_key(appointment, *record), code));
            }
        }
        for (photo, outcome) in &self.outcomes {
            if let PhotoOutcome::Refused { code, .. } = outcome {
                parked.push(one(ParkedKind::Photo, store::evidence_key(*photo), code));
            }
        }
        parked
    }
}
