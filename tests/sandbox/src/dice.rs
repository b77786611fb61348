//! Randomness that a seed decides: every id, key and token repeats from run to run.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Draws by kind, so that one kind of id does not depend on how many of another were drawn.
#[derive(Debug)]
pub(crate) struct Dice {
    seed: u64,
    drawn: BTreeMap<&'static str, u64>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, drawn: BTreeMap::new() }
    }

    pub(crate) fn bytes(&mut self, kind: &'static str) -> [u8; 32] {
        let count = self.drawn.entry(kind).or_default();
        *count += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(kind.as_bytes());
        hash.update(count.to_le_bytes());
        hash.finalize().into()
    }

    pub(crate) fn sixteen(&mut self, kind: &'static str) -> [u8; 16] {
        self.bytes(kind).first_chunk().copied().unwrap_or_default()
    }

    /// A number below `bound` (0 for a bound of 0).
    pub(crate) fn below(&mut self, kind: &'static str, bound: u64) -> u64 {
        let bytes: [u8; 8] = self.bytes(kind).first_chunk().copied().unwrap_or_default();
        u64::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }

    /// Hexadecimal in the 8-4-4-4-12 form.
    pub(crate) fn uuid(&mut self, kind: &'static str) -> String {
        let h = hex::encode(self.sixteen(kind));
        format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
    }
}
