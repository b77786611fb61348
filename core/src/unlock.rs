//! What only a phone that is unlocked can say: the key of its store is in its memory then, and the server knows it too.
//!
//! The session's cookie lies on the phone's disk. Alone it fetches no buyer data, and where it is lost a proof brings
//! another. Each proof is a key of its own, so none of them tells the store key or another proof.

use crate::{id::DeviceId, pin::derive, vault::Key};

/// With it an unlocked phone asks for buyer data: the proof, as 64 hex digits.
pub const UNLOCKED_HEADER: &str = "doorstep-unlocked";
/// With it a client that signs in says that it will prove each time that it is unlocked.
pub const PROVES_HEADER: &str = "doorstep-proves";

impl Key {
    /// Of a store key: what shows the server that it is in somebody's hands now.
    #[must_use]
    pub fn proof_of_unlock(&self) -> Self {
        derive(self, "doorstep unlocked")
    }

    /// Of a store key: what brings its phone a new session, for one challenge of the server's.
    #[must_use]
    pub fn proof_for_session(&self, device: DeviceId, challenge: &str) -> Self {
        derive(self, &format!("doorstep resume/{device}/{challenge}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);

    /// Golden bytes: a phone and a server of different versions agree on these.
    #[test]
    fn proofs_stay_as_they_are() {
        let key = Key::from_bytes([0x2a; 32]);
        let hex = |proof: Key| hex::encode(proof.expose());
        assert_eq!(
            hex(key.proof_of_unlock()),
            "ae9b8561b2901bb58241e43f4de2d72064f442a0e2bf3b37747839c9d1d12943"
        );
        assert_eq!(
            hex(key.proof_for_session(DEVICE, "00ff")),
            "7cd9458ee7befa15fd08bb82b8561868862fe88f3fb7e0da333b162b87df2b00"
        );
    }

    #[test]
    fn each_proof_is_of_one_key_one_phone_and_one_challenge() {
        let (one, other) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        assert!(one.proof_of_unlock() != other.proof_of_unlock());
        assert!(one.proof_of_unlock() != one);
        let proof = one.proof_for_session(DEVICE, "00");
        assert!(proof != one.proof_of_unlock());
        assert!(proof != one.proof_for_session(DEVICE, "01"));
        assert!(proof != one.proof_for_session(DeviceId::from_bytes([8; 16]), "00"));
        assert!(proof != other.proof_for_session(DEVICE, "00"));
    }
}
