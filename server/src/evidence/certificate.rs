//! That a key is destroyed, said so that nobody can say later that it was not.

use doorstep_core::{digest::Sha256, evidence::EvidenceDay, id::EvidenceKeyId, time::Timestamp};

/// One key's destruction. Its hash is over everything in it, the hash of the certificate before included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// From 1, without a gap.
    pub number: i64,
    pub day: EvidenceDay,
    pub key: EvidenceKeyId,
    /// How many jobs had their deadline on that day.
    pub jobs: i64,
    /// SHA-256 of the file of keys before and after; `None` where there was none. Equal when the key was gone already.
    pub store_before: Option<Sha256>,
    pub store_after: Option<Sha256>,
    pub destroyed_at: Timestamp,
    /// Of the certificate before; of nothing for the first.
    pub previous: Sha256,
    pub hash: Sha256,
}

impl Certificate {
    /// The certificate after `last`, with its hash.
    pub fn after(last: Option<&Self>, unsigned: Self) -> Self {
        let mut next = Self {
            number: last.map_or(1, |last| last.number + 1),
            previous: last.map_or_else(|| Sha256::of(b""), |last| last.hash),
            ..unsigned
        };
        next.hash = next.digest();
        next
    }

    fn digest(&self) -> Sha256 {
        let optional = |hash: Option<Sha256>| hash.map_or([0; 32], |hash| *hash.as_bytes());
        Sha256::of(
            &[
                &b"doorstep destruction 1\0"[..],
                &self.number.to_be_bytes(),
                &self.day.0.to_be_bytes(),
                self.key.as_bytes(),
                &self.jobs.to_be_bytes(),
                &optional(self.store_before),
                &optional(self.store_after),
                &self.destroyed_at.0.to_be_bytes(),
                self.previous.as_bytes(),
            ]
            .concat(),
        )
    }
}

/// The number of the first certificate that was changed, added or whose predecessor is missing.
pub fn first_broken(chain: &[Certificate]) -> Option<i64> {
    let mut last: Option<&Certificate> = None;
    for certificate in chain {
        if Certificate::after(last, certificate.clone()) != *certificate {
            return Some(certificate.number);
        }
        last = Some(certificate);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Vec<Certificate> {
        let mut chain: Vec<Certificate> = Vec::new();
        for n in 1..=4_u8 {
            let unsigned = Certificate {
                number: 0,
                day: EvidenceDay(i64::from(n)),
                key: EvidenceKeyId::from_bytes([n; 16]),
                jobs: 3,
                store_before: Some(Sha256::of(&[n])),
                store_after: None,
                destroyed_at: Timestamp(i64::from(n)),
                previous: Sha256::of(b""),
                hash: Sha256::of(b""),
            };
            let next = Certificate::after(chain.last(), unsigned);
            chain.push(next);
        }
        chain
    }

    #[test]
    fn a_certificate_that_was_changed_left_out_or_moved_breaks_the_chain() {
        assert_eq!(first_broken(&chain()), None);
        let mut changed = chain();
        changed[1].jobs = 2;
        assert_eq!(first_broken(&changed), Some(2));
        let mut again = chain();
        again[1] = Certificate::after(again.first(), Certificate { jobs: 2, ..again[1].clone() });
        assert_eq!(first_broken(&again), Some(3));
        let mut shorter = chain();
        shorter.remove(0);
        assert_eq!(first_broken(&shorter), Some(2));
        let mut swapped = chain();
        swapped.swap(2, 3);
        assert_eq!(first_broken(&swapped), Some(4));
    }
}
