//! Amazon's throttling: one token bucket per operation.

use chrono::{DateTime, Utc};

/// Requests per second and burst, as the model publishes them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) per_second: u32,
    pub(crate) burst: u32,
}

#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled_at: DateTime<Utc>,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: DateTime<Utc>) -> Self {
        Self { tokens: rate.burst.into(), filled_at: now }
    }

    /// Takes a token if there is one. A clock moved back refills nothing and takes nothing away.
    pub(crate) fn take(&mut self, rate: Rate, now: DateTime<Utc>) -> bool {
        let elapsed = (now - self.filled_at).as_seconds_f64().max(0.0);
        self.tokens = (self.tokens + elapsed * f64::from(rate.per_second)).min(rate.burst.into());
        self.filled_at = now;
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }
}
