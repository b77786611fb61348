//! Where this crate learns the time: whoever makes a client hands it a clock.

use chrono::{DateTime, Utc};

/// The present moment. A server has the system's clock behind it, a test one that it moves by hand.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}
