//! Where this crate learns the time: whoever makes a client hands it a clock.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The present moment, and waiting for a later one. A server has the system's clock behind it, a test one that it
/// moves by hand.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// Completes once this much time has passed by this clock. It may complete early: whoever waits looks at the
    /// time again. Dropped, it is forgotten.
    fn sleep(&self, span: Duration) -> Sleep<'_>;
}

/// What [`Clock::sleep`] returns.
pub type Sleep<'clock> = Pin<Box<dyn Future<Output = ()> + Send + 'clock>>;
