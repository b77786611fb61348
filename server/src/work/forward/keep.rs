//! What has to be kept of an answer of Amazon's.

use doorstep_spapi::Destination;

/// What a settled call leaves behind beside its row.
pub(super) enum Keep {
    Destination(Box<Destination>),
    Upload {
        content_sha256: String,
    },
    /// The visit's id at Amazon after its move.
    Moved {
        to: String,
    },
    /// This photo's destination is of no use any more.
    NoDestination,
    /// All of the visit's photos go to new destinations.
    NoDocuments,
}
