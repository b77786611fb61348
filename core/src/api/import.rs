//! Taking jobs in from a file, for sellers whom Amazon does not let use the Services API yet.

use crate::{id::ImportId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a column of the file can be. Only `ServiceJobId` has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    ServiceJobId,
    OrderId,
    Status,
    Title,
    Asin,
    Created,
    Start,
    /// A time of day, where the start column has the date alone.
    StartTime,
    DurationMinutes,
    End,
    Technician,
    BuyerName,
    Phone,
    AddressLine1,
    AddressLine2,
    AddressLine3,
    City,
    StateOrRegion,
    PostalCode,
    Country,
    StoreId,
}

impl ImportField {
    pub const ALL: [Self; 21] = [
        Self::ServiceJobId,
        Self::OrderId,
        Self::Status,
        Self::Title,
        Self::Asin,
        Self::Created,
        Self::Start,
        Self::StartTime,
        Self::DurationMinutes,
        Self::End,
        Self::Technician,
        Self::BuyerName,
        Self::Phone,
        Self::AddressLine1,
        Self::AddressLine2,
        Self::AddressLine3,
        Self::City,
        Self::StateOrRegion,
        Self::PostalCode,
        Self::Country,
        Self::StoreId,
    ];
}

/// The seller's own names of columns, before our guesses: headers are compared without regard to case, spaces and
/// punctuation. `PUT /api/imports/columns`, and the file of `--map`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct ImportColumns(pub BTreeMap<ImportField, Vec<String>>);

/// What an import did, or would do. No personal data: a flaw names its line and field, never the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// `None` of a preview, of which nothing is kept.
    pub import: Option<ImportId>,
    pub at: Timestamp,
    /// Who did it; `None` for the command line.
    pub by: Option<String>,
    /// Lines with a job on them, good or bad.
    pub rows: u32,
    /// Jobs that are new here.
    pub taken_in: u32,
    /// Imported jobs that the file has differently.
    pub changed: u32,
    /// Imported jobs that are here as the file has them.
    pub unchanged: u32,
    /// Jobs that are here as Amazon has them: what Amazon said is kept.
    pub known: u32,
    /// Lines that were not taken.
    pub bad: u32,
    /// Why the reading stopped before the end of the file.
    pub stopped: Option<String>,
    /// How the file was read, such as `UTF-8`.
    pub encoding: String,
    pub separator: String,
    /// Which header of the file is which field.
    pub columns: Vec<ImportColumn>,
    /// Headers that are none of ours.
    pub ignored: Vec<String>,
    /// The first of them; `flaws_left_out` more are counted only.
    pub flaws: Vec<ImportFlaw>,
    pub flaws_left_out: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    pub field: ImportField,
    pub header: String,
}

/// Something wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportFlaw {
    /// As an editor counts them, from 1.
    pub line: u32,
    pub field: Option<ImportField>,
    pub reason: String,
    /// The line was taken all the same, without this.
    pub taken: bool,
}

/// `GET /api/imports`: what was imported, newest first, and the seller's own names of columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Imports {
    pub reports: Vec<ImportReport>,
    pub columns: ImportColumns,
    /// Jobs from files that Amazon has not confirmed yet.
    pub waiting: u32,
    pub server_time: Timestamp,
}
