//! The rows on the phone: what each is called, what is in it, and how it is sealed.
//!
//! Keys are flat and mostly content-addressed, so two tabs never overwrite each other's work:
//!
//! | Key | Value |
//! | --- | --- |
//! | `job/<appointment>` | the job |
//! | `base/<appointment>/<digest>` | a document as of the last exchange, and the heads the server had |
//! | `change/<appointment>/<hash>` | one change made since |
//! | `record/<appointment>/<record>` | a sealed record, and how far it has come |
//! | `capture/<photo>` | a photo on disk that has not joined its closeout yet |
//! | `photo-state/<photo>` | the server's receipt or refusal |
//! | `photo/<photo>` | the picture, sealed by the host in the same format |
//! | `evidence/<photo>` | the envelope that is sent of it, which this phone cannot open; until the receipt |
//! | `seen` | the last server time |
//! | `closing` | what becomes of the closeouts of the day that are not sent to Amazon |

mod older;

use super::{Capture, Now};
use crate::{
    api::{PhotoReceipt, SwitchPosition},
    document::Hash,
    id::{AppointmentId, PhotoId, RecordId},
    job::Job,
    time::{ServerSeen, Timestamp},
    vault::{self, Key, NONCE_BYTES},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Digest as _;
use std::collections::BTreeMap;

/// One record of the phone's store, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Row {
    pub key: String,
    #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
    #[serde(with = "crate::wire::bytes")]
    pub value: Vec<u8>,
}

/// The version of what is inside a row, before it is sealed.
const ROW_VERSION: u8 = 1;
/// Of a job's row: since 2 the job ends in its standing at Amazon, since 3 that in whether the job
/// came from a file, since 4 the job in the key of its evidence, since 5 in who may have been there, and its policy
/// knows conditions, since 6 in what the office decided.
const JOB_ROW_VERSION: u8 = 6;
/// Of a change's row: since 2 the change ends in when it was made.
const CHANGE_ROW_VERSION: u8 = 2;

fn version_of(place: &str) -> u8 {
    match place.split_once('/') {
        Some(("job", _)) => JOB_ROW_VERSION,
        Some(("change", _)) => CHANGE_ROW_VERSION,
        _ => ROW_VERSION,
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredChange {
    pub(super) bytes: Vec<u8>,
    /// By the phone's wall clock. `None` of a row of version 1.
    pub(super) made: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Base {
    pub(super) server_heads: Vec<Hash>,
    pub(super) document: Vec<u8>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredRecord {
    pub(super) sealed: Vec<u8>,
    pub(super) state: RecordState,
}

/// How far a record has come. Append only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum RecordState {
    Unsent,
    /// The server has committed it.
    Sent,
    /// The server does not take it, with the code why: the only copy is here.
    Refused(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum PhotoOutcome {
    Safe(PhotoReceipt),
    Refused { code: String, detail: String },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredPhoto {
    pub(super) appointment: AppointmentId,
    pub(super) outcome: PhotoOutcome,
}

/// An opened row.
#[derive(Clone, Debug)]
pub(super) enum Opened {
    Job(Box<Job>),
    Base(AppointmentId, Base),
    Change(AppointmentId, StoredChange),
    Record(AppointmentId, RecordId, StoredRecord),
    Capture(Capture),
    Photo(PhotoId, StoredPhoto),
    Seen(ServerSeen),
    Closing(BTreeMap<AppointmentId, SwitchPosition>),
}

pub(super) fn job_key(appointment: AppointmentId) -> String {
    format!("job/{appointment}")
}

pub(super) fn base_key(appointment: AppointmentId, base: &Base) -> String {
    format!("base/{appointment}/{}", crate::digest::Sha256::of(&base.document))
}

pub(super) fn change_key(appointment: AppointmentId, hash: &Hash) -> String {
    format!("change/{appointment}/{hash}")
}

pub(super) fn record_key(appointment: AppointmentId, record: RecordId) -> String {
    format!("record/{appointment}/{record}")
}

pub(super) fn capture_key(photo: PhotoId) -> String {
    format!("capture/{photo}")
}

pub(super) fn photo_state_key(photo: PhotoId) -> String {
    format!("photo-state/{photo}")
}

pub(super) fn photo_key(photo: PhotoId) -> String {
    format!("photo/{photo}")
}

pub(super) fn evidence_key(photo: PhotoId) -> String {
    format!("evidence/{photo}")
}

pub(super) const SEEN_KEY: &str = "seen";
pub(super) const CLOSING_KEY: &str = "closing";

/// Fresh values out of the 16 random bytes of one call: ids and nonces that never repeat.
#[derive(Debug)]
pub(super) struct Fresh {
    seed: [u8; 16],
    drawn: u32,
}

impl Fresh {
    pub(super) fn of(now: &Now) -> Self {
        Self { seed: *now.entropy.as_bytes(), drawn: 0 }
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut hasher = sha2::Sha256::new();
        hasher.update(b"doorstep fresh");
        hasher.update(self.seed);
        hasher.update(self.drawn.to_be_bytes());
        hasher.finalize().into()
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let drawn = self.draw();
        std::array::from_fn(|i| drawn[i % 32])
    }

    pub(super) fn nonce(&mut self) -> [u8; NONCE_BYTES] {
        self.bytes()
    }
}

/// Seals a row. Rows are small: sealing fails on nothing a session writes, and if it did the row would be
/// reported as a failed write by the host's empty value check, never stored in clear.
pub(super) fn seal<T: Serialize>(
    key: &Key,
    fresh: &mut Fresh,
    place: String,
    value: &T,
) -> Result<Row, String> {
    let plain = postcard::to_extend(value, vec![version_of(&place)]).map_err(|e| e.to_string())?;
    let value = vault::seal(key, &place, fresh.nonce(), &plain).map_err(|e| e.to_string())?;
    Ok(Row { key: place, value })
}

/// Opens a row; `None` when it is not one of ours, or does not open.
pub(super) fn open(key: &Key, row: &Row) -> Option<Opened> {
    let mut parts = row.key.split('/');
    let kind = parts.next()?;
    let first = parts.next();
    let plain = vault::open(key, &row.key, &row.value).ok()?;
    let (&version, plain) = plain.split_first()?;
    let appointment = || first?.parse::<AppointmentId>().ok();
    if kind == "job" {
        let job = if version == JOB_ROW_VERSION { read(plain) } else { older::read_job(version, plain) };
        return job.map(|job| Opened::Job(Box::new(job)));
    }
    if kind == "change" {
        return Some(Opened::Change(appointment()?, read_change(version, plain)?));
    }
    if version != ROW_VERSION {
        return None;
    }
    Some(match kind {
        "base" => Opened::Base(appointment()?, read(plain)?),
        "record" => Opened::Record(appointment()?, parts.next()?.parse().ok()?, read(plain)?),
        "capture" => Opened::Capture(read(plain)?),
        "photo-state" => Opened::Photo(first?.parse().ok()?, read(plain)?),
        SEEN_KEY => Opened::Seen(read(plain)?),
        CLOSING_KEY => Opened::Closing(read(plain)?),
        _ => return None,
    })
}

/// A change of version 1 is the beginning of one of version 2.
fn read_change(version: u8, plain: &[u8]) -> Option<StoredChange> {
    match version {
        CHANGE_ROW_VERSION => read(plain),
        1 => read(&postcard::to_extend(&None::<Timestamp>, plain.to_vec()).ok()?),
        _ => None,
    }
}

fn read<T: DeserializeOwned>(plain: &[u8]) -> Option<T> {
    postcard::from_bytes(plain).ok()
}
