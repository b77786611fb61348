//! Randomness as an argument. The one place that asks the operating system for it.

use std::fmt::Debug;

/// Where keys, ids, tokens and nonces come from.
pub trait Entropy: Debug + Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

#[derive(Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // A system without randomness can issue no key safely, so nothing may go on.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl dyn Entropy + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
