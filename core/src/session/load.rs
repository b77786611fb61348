//! The rows of the store become the state again: all of them at the start, later those another tab wrote.

use super::{
    Row, Session,
    store::{self, Opened, PhotoOutcome, RecordState, StoredChange},
    visit::ChangeRow,
    writes::Out,
};
use crate::{document::Document, time::ServerSeen};
use std::collections::BTreeSet;

impl Session {
    pub(super) fn load(&mut self, out: &mut Out, rows: Vec<Row>) {
        let mut touched = BTreeSet::new();
        for row in rows {
            match store::open(&self.holder.store_key, &row) {
                None if row.key.starts_with("photo/") || row.key.starts_with("evidence/") => {}
                None => self.unreadable += 1,
                Some(Opened::Job(job)) => {
                    self.day.insert(job.appointment);
                    let visit = self.visits.entry(job.appointment).or_default();
                    visit.job = Some(*job);
                    visit.job_kept = true;
                }
                Some(Opened::Base(appointment, base)) => {
                    let visit = self.visits.entry(appointment).or_default();
                    match Document::load(&base.document) {
                        Err(_) => self.unreadable += 1,
                        Ok(mut document) => {
                            visit.base_rows.insert(row.key);
                            visit.document_kept = true;
                            visit.server_heads.extend(base.server_heads);
                            visit.document = Some(match visit.document.take() {
                                None => document,
                                // Two tabs each wrote a base: together they are the document.
                                Some(mut mine) => match mine.merge(&mut document) {
                                    Ok(()) => mine,
                                    Err(_) => {
                                        self.unreadable += 1;
                                        mine
                                    }
                                },
                            });
                            touched.insert(appointment);
                        }
                    }
                }
                Some(Opened::Change(appointment, StoredChange { bytes, made })) => {
                    let visit = self.visits.entry(appointment).or_default();
                    if let Some(hash) = row.key.rsplit('/').next().and_then(|hash| hash.parse().ok()) {
                        visit.change_rows.insert(hash, ChangeRow { key: row.key, made });
                    }
                    visit.early_changes.push(bytes);
                    touched.insert(appointment);
                }
                Some(Opened::Record(appointment, id, record)) => {
                    // What the server has it does not lose: another tab may tell of it late.
                    let records = &mut self.visits.entry(appointment).or_default().records;
                    if records.get(&id).is_none_or(|known| known.state != RecordState::Sent) {
                        records.insert(id, record);
                    }
                }
                Some(Opened::Capture(capture)) => {
                    self.captures.insert(capture.photo, capture);
                }
                Some(Opened::Photo(photo, stored)) => {
                    let visit = self.visits.entry(stored.appointment).or_default();
                    if !matches!(visit.outcomes.get(&photo), Some(PhotoOutcome::Safe(_))) {
                        visit.outcomes.insert(photo, stored.outcome);
                    }
                }
                // Its monotonic time belonged to the page that wrote it.
                Some(Opened::Seen(seen)) if self.seen.is_none() => {
                    self.seen = Some(ServerSeen { monotonic_ms: None, ..seen });
                }
                Some(Opened::Seen(_)) => {}
                Some(Opened::Closing(closing)) => self.closing = closing,
            }
        }
        for appointment in touched {
            let Some(visit) = self.visits.get_mut(&appointment) else { continue };
            self.unreadable += visit.join_early_changes();
            if let Some(document) = &visit.document {
                visit.server_heads = document.heads_under(&visit.server_heads);
            }
        }
        // Photos that were durable when the page died, and had not joined their closeout.
        for capture in self.captures.values().cloned().collect::<Vec<_>>() {
            self.attach(out, capture);
        }
    }
}
