//! How fast photos go up, as measured: for saying how long the page is worth keeping open.

use super::Now;

/// After so long a measurement counts half: the link of ten minutes ago says little about this one.
const MEMORY_MS: u64 = 30_000;

/// Bytes that arrived, and how long that took with all round trips around them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    bytes: u64,
    ms: u64,
    mark: Option<Mark>,
}

/// How far the upload under way was measured.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at_ms: u64,
    /// `None` until the server has said where it stands: what it had before says nothing about the link.
    offset: Option<u64>,
}

impl Pace {
    pub(super) fn started(&mut self, now: &Now) {
        self.mark = Some(Mark { at_ms: now.reading.monotonic_ms, offset: None });
    }

    pub(super) fn progressed(&mut self, now: &Now, offset: u64) {
        let Some(mark) = self.mark else { return };
        let arrived = mark.offset.map_or(0, |before| offset.saturating_sub(before));
        self.add(now, mark, arrived);
        self.mark = Some(Mark { at_ms: now.reading.monotonic_ms, offset: Some(offset) });
    }

    pub(super) fn arrived(&mut self, now: &Now) {
        if let Some(mark) = self.mark.take() {
            self.add(now, mark, 0);
        }
    }

    /// How long a failure took says nothing about a link that works.
    pub(super) fn failed(&mut self) {
        self.mark = None;
    }

    /// `None` before anything was measured.
    pub(super) fn takes_ms(&self, bytes: u64) -> Option<u64> {
        (self.bytes > 0).then(|| bytes.saturating_mul(self.ms) / self.bytes)
    }

    fn add(&mut self, now: &Now, mark: Mark, bytes: u64) {
        if self.ms > MEMORY_MS {
            self.bytes /= 2;
            self.ms /= 2;
        }
        self.bytes += bytes;
        self.ms += now.reading.monotonic_ms.saturating_sub(mark.at_ms);
    }
}
