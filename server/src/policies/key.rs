//! The server's signing key: phones hold it against what they are told that a visit is held to.
//!
//! It is derived from the root key, so there is no second file to lose or to back up, and every process of one server
//! signs alike (decision 19).

use crate::seal::RootKey;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};

/// Never printed; its public half is.
#[derive(Clone)]
pub struct PolicyKey(SigningKey);

impl std::fmt::Debug for PolicyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PolicyKey").field(&self.public()).finish()
    }
}

impl PolicyKey {
    pub fn of(root: &RootKey) -> Self {
        // Nearly every 32 bytes are a key of P-256; the next ones are tried where they are not.
        let keys = (0_u32..).map(|n| root.fingerprint(format!("policy-key/{n}").as_bytes()));
        let mut found = keys.filter_map(|bytes| SigningKey::from_slice(bytes.as_bytes()).ok());
        Self(found.next().expect("one in four billion is no key, and there are four billion to try"))
    }

    /// The public half as an uncompressed point, in hex.
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().to_sec1_point(false))
    }

    /// r and s, in hex.
    pub fn sign(&self, text: &str) -> String {
        let signature: Signature = self.0.sign(text.as_bytes());
        hex::encode(signature.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::vault::Key;
    use p256::ecdsa::{VerifyingKey, signature::Verifier as _};

    #[test]
    fn what_was_signed_verifies_with_the_public_half_and_nothing_else_does() {
        let key = |byte| PolicyKey::of(&RootKey::new(Key::from_bytes([byte; 32])));
        let (ours, other) = (key(1), key(2));
        assert_eq!(ours.public(), key(1).public());
        assert_ne!(ours.public(), other.public());
        let verifies = |public: &str, text: &str, signature: &str| {
            let public = VerifyingKey::from_sec1_bytes(&hex::decode(public).unwrap()).unwrap();
            let signature = Signature::from_slice(&hex::decode(signature).unwrap()).unwrap();
            public.verify(text.as_bytes(), &signature).is_ok()
        };
        let signature = ours.sign("held to this");
        assert!(verifies(&ours.public(), "held to this", &signature));
        assert!(!verifies(&ours.public(), "held to that", &signature));
        assert!(!verifies(&other.public(), "held to this", &signature));
        assert!(!format!("{ours:?}").contains(&hex::encode([1; 32])));
    }
}
