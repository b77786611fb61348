//! The phone's half of Doorstep as one pure machine: events in, effects out.
//!
//! The host (browser or simulation) performs the effects and reports what came of them as events. Nothing is
//! *saved* before the host reports its write committed, nothing is *safe* before the server's word.

mod day;
mod edit;
mod exchange;
mod lane;
mod load;
mod machine;
mod pace;
mod parked;
mod photos;
mod rescue;
mod store;
mod view;
mod visit;
mod writes;

pub use edit::Edit;
pub use machine::Session;
pub use photos::CaptureRow;
pub use rescue::RescueCopy;
pub use store::Row;

use crate::{
    api::{Day, PhotoReceipt, SwitchPosition},
    closeout::{Closeout, Ending, Finding},
    id::{AppointmentId, DeviceId, EpochId, PhotoId, RecordId, UserId},
    job::Job,
    photo::PhotoFacts,
    pii::Pii,
    time::{Reading, Timestamp},
    vault::Key,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every call brings along: the clocks and 16 fresh random bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Now {
    pub reading: Reading,
    /// 32 hex digits, fresh for every call.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub entropy: RecordId,
}

/// Who holds the session: given by sign-in and kept on the phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    pub device: DeviceId,
    pub store_key: Key,
    /// Fresh and random for every page start: two tabs with one actor would corrupt the merge.
    pub epoch: EpochId,
}

/// A picture the host has made ready and hashed, not stored yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    pub photo: PhotoId,
    pub appointment: AppointmentId,
    pub facts: PhotoFacts,
}

/// What the host reports. Tagged from outside, like all that comes in: an inner tag makes serde keep a copy of
/// every value until it has seen the tag, which cost 17 KB of the phone's first load.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Rows of the store: all of them at the start, later those another tab wrote.
    Loaded {
        rows: Vec<Row>,
    },
    Edited {
        appointment: AppointmentId,
        edit: Edit,
    },
    /// The photo's sealed bytes and its capture row are committed; it joins the closeout now.
    Captured {
        capture: Capture,
    },
    /// A write is committed to disk.
    Written {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        write: u64,
    },
    /// A write failed; nothing of it is on disk. `reason` is for the screen.
    WriteFailed {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        write: u64,
        reason: String,
    },
    /// There may be a network now, or somebody asks to try at once.
    TryNow,
    /// A moment asked for by `Effect::Wake` has come.
    Woken,
    DayFetched {
        day: Day,
    },
    /// The answer to `Effect::Sync`, as it came.
    Synced {
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        #[serde(with = "crate::wire::bytes")]
        body: Vec<u8>,
    },
    /// A request failed: `FetchDay`, `Sync` or `Upload`.
    Failed {
        request: Request,
        failure: Failure,
    },
    UploadProgressed {
        photo: PhotoId,
        /// Bytes of the envelope the server has.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        offset: u64,
    },
    Uploaded {
        receipt: PhotoReceipt,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Day,
    Sync,
    Upload { photo: PhotoId },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No answer of ours arrived: no network, a captive portal, a time-out, a 5xx.
    Unreachable,
    /// The session has ended: sign in again. Nothing on the phone is lost.
    SignedOut,
    /// The server refused, for good. `code` and `detail` are its problem's.
    Refused { code: String, detail: String },
}

/// What the host is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Effect {
    /// One transaction with strict durability: put all rows, delete all keys. Report `Written` or `WriteFailed`.
    Write {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        write: u64,
        put: Vec<Row>,
        /// Rows, with their rescue copies.
        delete: Vec<String>,
        /// To be sealed to their keys and put beside the rows.
        copies: Vec<RescueCopy>,
        /// Rescue copies whose rows stay: the server has what they hold.
        let_go: Vec<String>,
    },
    /// `GET /api/day`.
    FetchDay,
    /// `POST /api/sync` with the body that `Session::exchange` makes when this page's turn has come.
    Sync,
    /// Send the envelope of this photo from where the server stands, then report its receipt.
    Upload { photo: PhotoId, appointment: AppointmentId },
    /// Report `Woken` when the monotonic clock reaches this. Replaces an earlier wish.
    Wake {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        monotonic_ms: u64,
    },
    /// The view has changed.
    Show,
}

/// All that the screens show.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// By start of the window.
    pub visits: Vec<Visit>,
    pub sync: SyncState,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    pub job: Job,
    pub closeout: Closeout,
    pub findings: Vec<Finding>,
    /// No finding stops it.
    pub ready: bool,
    pub notes: Vec<Pii<String>>,
    /// By the slot in the policy.
    pub serials: BTreeMap<String, Pii<String>>,
    pub captions: BTreeMap<PhotoId, Pii<String>>,
    /// Who signed.
    pub signer: Option<Pii<String>>,
    /// Everybody who is at the visit, by what is known.
    pub present: Vec<UserId>,
    pub ending: Ending,
    pub photos: Vec<VisitPhoto>,
    /// True when the server's skeleton has not arrived yet: nothing can be recorded.
    pub waiting_for_document: bool,
    /// The job with its policy and its document are committed to disk: the whole visit needs no network.
    pub opens_offline: bool,
    /// What becomes of the closeout once it is with the server: sent to Amazon, only observed, or kept there because
    /// the job is closed in Amazon's own app.
    pub closing: SwitchPosition,
    pub state: Saved,
    /// The questions and shots of the policy that are not asked by the answers so far, as fields: `answers.damage`.
    pub hidden: Vec<String>,
}

/// How far what was recorded has come. Each says exactly what is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Saved {
    /// Nothing was recorded.
    Untouched,
    /// A write is under way.
    Saving,
    /// The last write of it failed: what is on the screen is only on the screen.
    NotSaved,
    /// Committed on the phone.
    OnPhone,
    /// The server has committed every record and photo of it that this phone made.
    Safe,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct VisitPhoto {
    pub photo: PhotoId,
    pub shot: String,
    pub state: PhotoState,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PhotoState {
    OnPhone,
    /// Another phone took it, and sends it.
    Elsewhere,
    Uploading {
        /// Of the envelope, in percent.
        percent: u8,
    },
    Safe,
    Refused {
        code: String,
        detail: String,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SyncState {
    /// Changes and records only this phone has.
    pub changes_to_send: u32,
    pub photos_to_send: u32,
    /// Those of them that were taken the day before yesterday or earlier: somebody should bring this phone to a network.
    pub photos_overdue: u32,
    /// Photos of this phone that the server has, of the visits shown.
    pub photos_safe: u32,
    /// Steps, answers and notes.
    pub data: LaneState,
    pub photos: LaneState,
    /// How long the photos that wait will take, as far as measured on this page.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub photos_take_ms: Option<u64>,
    /// Requests are under way.
    pub busy: bool,
    /// Milliseconds until the next try, where one is planned.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub next_try_in_ms: Option<u64>,
    /// When the server last answered, by the phone's wall clock.
    pub last_contact: Option<Timestamp>,
    pub signed_out: bool,
    /// The last write that failed, in the host's words, until one succeeds.
    pub not_saved: Option<String>,
    /// How far the phone's clock is off, in minutes, when it is.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub clock_off_minutes: Option<i64>,
    /// What the server refused since this page started: exchanges it kept aside, whose values were written again,
    /// and records it does not take, which stay on the phone.
    pub refused: u32,
    /// What the server does not take, one by one: the only copies are here.
    pub parked: Vec<Parked>,
    /// Rows of the store that do not open. They are left where they are.
    pub unreadable: u32,
}

/// Something that the server refused and that stays on the phone until somebody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Parked {
    pub appointment: AppointmentId,
    /// What it is of. Empty where the job is not on the phone.
    pub title: String,
    pub kind: ParkedKind,
    /// Its place in the store, or how the places of all of it begin.
    pub place: String,
    /// Why, by the server's code.
    pub code: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ParkedKind {
    /// Steps and answers of a visit, all that wait.
    Changes,
    /// A note or a position.
    Record,
    Photo,
}

/// How one of the two lanes stands: words first, then pictures.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LaneState {
    /// The server has all of this lane: nothing waits, nothing was refused, nothing is unreadable.
    pub safe: bool,
    pub activity: Activity,
    /// Milliseconds until the next try, where one is planned.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub next_try_in_ms: Option<u64>,
    /// When the server last took something; of the data lane, where that is not known and nothing waits, when it last
    /// answered. By the phone's wall clock.
    pub last_success: Option<Timestamp>,
    /// When the oldest of what waits was recorded, by the phone's wall clock. `None` where nothing says.
    pub oldest_unsent: Option<Timestamp>,
    /// How the last try failed, until one succeeds.
    pub last_failure: Option<Failure>,
}

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    Resting,
    UnderWay,
    /// After a failure, until the next try.
    Waiting,
}
