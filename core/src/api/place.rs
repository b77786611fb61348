//! Where phones were, for the office.

use crate::{
    closeout::Step,
    id::{FactId, PhotoId},
    pii::Pii,
    record::Position,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// `GET /api/visits/{appointment}/places`: personal data, for whoever deals with the visit, and never on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// In the order in which they came.
    pub places: Vec<Place>,
}

/// Where a phone was, by the browser's location service and not by what a picture says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub of: PlaceOf,
    /// At most two minutes old when it was recorded.
    pub position: Pii<Position>,
    /// Whose phone, by name.
    pub technician: String,
    pub received_at: Timestamp,
}

/// What was recorded there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum PlaceOf {
    Step(Step),
    Photo(PhotoId),
    /// The beginning of a pause.
    Pause(FactId),
}
