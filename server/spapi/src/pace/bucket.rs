//! One operation's bucket and the line before it.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::operations::Rate;

/// Slower than this a header is not believed: it would stop the operation for good.
const SLOWEST: f64 = 0.001;
/// Sums of fractions come out this much too small at most; it is a thousandth of a millisecond at 1 a second.
const ROUNDING: f64 = 1e-6;
/// So long after its turn the first in line is passed by.
const ABSENT_AFTER: Duration = Duration::from_secs(1);

/// Counted in tokens: one is leave for one request.
#[derive(Debug)]
pub(super) struct Bucket {
    published: Rate,
    per_second: f64,
    tokens: f64,
    /// What the clock said last.
    seen: DateTime<Utc>,
    /// How much time has passed here. A clock set back adds nothing to it and takes nothing away.
    passed: Duration,
    /// Amazon asked for a pause until then.
    closed_until: Duration,
    line: VecDeque<u64>,
    /// Since when it has been the turn of the first in line.
    called_at: Option<Duration>,
    next_ticket: u64,
    /// Tells those in line that their turns have changed.
    changed: watch::Sender<()>,
}

/// What a caller in line does next.
#[derive(Debug, PartialEq)]
pub(super) enum Turn {
    /// It has left the line and goes.
    Now,
    /// It looks again after this long, or when told.
    In(Duration),
    /// It would take longer than the caller waits.
    TooLate { after: Duration },
}

impl Bucket {
    pub(super) fn full(published: Rate, now: DateTime<Utc>) -> Self {
        let mut bucket = Self {
            published,
            per_second: published.per_second,
            tokens: 0.0,
            seen: now,
            passed: Duration::ZERO,
            closed_until: Duration::ZERO,
            line: VecDeque::new(),
            called_at: None,
            next_ticket: 0,
            changed: watch::Sender::new(()),
        };
        bucket.tokens = bucket.capacity();
        bucket
    }

    /// One request less than the published burst: between this bucket and Amazon's lies a network, and two requests
    /// that left here a moment apart may arrive together. The one kept in hand absorbs that.
    fn capacity(&self) -> f64 {
        if self.published.burst >= 2.0 { self.published.burst - 1.0 } else { self.published.burst }
    }

    pub(super) fn fill(&mut self, now: DateTime<Utc>) {
        let passed = (now - self.seen).to_std().unwrap_or_default();
        self.seen = now;
        self.passed += passed;
        self.tokens = (self.tokens + passed.as_secs_f64() * self.per_second).min(self.capacity());
        let is_called = !self.line.is_empty() && self.span_until(0).is_zero();
        self.called_at = is_called.then(|| self.called_at.unwrap_or(self.passed));
    }

    /// The first in line was called a while ago and does not come: its task is not polled. It keeps its place, and
    /// holds nobody up.
    fn is_first_absent(&self) -> bool {
        self.called_at.is_some_and(|called_at| self.passed.saturating_sub(called_at) > ABSENT_AFTER)
    }

    /// Joins the line. Returns the place, and when the caller's patience ends.
    pub(super) fn join(&mut self, patience: Duration) -> (u64, Duration) {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.line.push_back(ticket);
        (ticket, self.passed.saturating_add(patience))
    }

    /// Asks whether it is the caller's turn; if so it leaves the line with a token.
    pub(super) fn turn(&mut self, ticket: u64, latest: Duration) -> Turn {
        let Some(ahead) = self.line.iter().position(|other| *other == ticket) else {
            return Turn::TooLate { after: self.next_in() };
        };
        let span = self.span_until(if self.is_first_absent() { 0 } else { ahead });
        if span.is_zero() {
            self.line.remove(ahead);
            self.tokens -= 1.0;
            self.called_at = None;
            Turn::Now
        } else if self.passed + span > latest {
            Turn::TooLate { after: span }
        } else {
            Turn::In(span)
        }
    }

    /// Leaves the line, if the caller is still in it.
    pub(super) fn part(&mut self, ticket: u64) {
        let before = self.line.len();
        self.line.retain(|other| *other != ticket);
        if self.line.len() != before {
            self.changed.send_replace(());
        }
    }

    pub(super) fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(super) fn waiting(&self) -> usize {
        self.line.len()
    }

    pub(super) fn next_in(&self) -> Duration {
        self.span_until(self.line.len())
    }

    /// How long until the turn of somebody with so many ahead. Rounded up to a millisecond: asking a moment too
    /// early would only mean asking again.
    fn span_until(&self, ahead: usize) -> Duration {
        let missing = ahead as f64 + 1.0 - self.tokens - ROUNDING;
        let filled = Duration::from_millis((missing / self.per_second * 1000.0).max(0.0).ceil() as u64);
        filled.max(self.closed_until.saturating_sub(self.passed))
    }

    pub(super) fn give_back(&mut self) {
        self.tokens = (self.tokens + 1.0).min(self.capacity());
        self.changed.send_replace(());
    }

    pub(super) fn learn(&mut self, per_second: f64) {
        let believed = per_second.min(self.published.per_second);
        if per_second.is_finite() && per_second >= SLOWEST && believed != self.per_second {
            self.per_second = believed;
            self.changed.send_replace(());
        }
    }

    pub(super) fn throttled(&mut self, after: Option<Duration>) {
        self.tokens = self.tokens.min(0.0);
        self.closed_until = self.passed.saturating_add(after.unwrap_or_default());
        self.changed.send_replace(());
    }
}
