//! A PIN, and how it and the other secrets become keys.

use crate::vault::{Key, VaultError};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;

/// With ten tries on the phone even six would do; with the phone's files on a bench, eight are 100 times the work.
pub const LEAST_DIGITS: usize = 8;
pub const MOST_DIGITS: usize = 16;
pub const SALT_BYTES: usize = 16;

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it has something in it that is no digit")]
    NotDigits,
    #[error("it has fewer than eight digits")]
    TooShort,
    #[error("it has more than sixteen digits")]
    TooLong,
    #[error("one or two digits repeat")]
    Repeats,
    #[error("its digits follow each other")]
    Run,
}

impl Flaw {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDigits => "not_digits",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Repeats => "repeats",
            Self::Run => "run",
        }
    }
}

/// Whether a PIN may be chosen. These are what is tried first.
///
/// # Errors
/// The first reason against it.
pub fn weigh(pin: &str) -> Result<(), Flaw> {
    let digits = pin.as_bytes();
    let steps = |by: u8| digits.windows(2).all(|two| (two[0] - b'0' + by) % 10 == two[1] - b'0');
    if !digits.iter().all(u8::is_ascii_digit) {
        Err(Flaw::NotDigits)
    } else if digits.len() < LEAST_DIGITS {
        Err(Flaw::TooShort)
    } else if digits.len() > MOST_DIGITS {
        Err(Flaw::TooLong)
    } else if digits.windows(3).all(|three| three[0] == three[2]) {
        Err(Flaw::Repeats)
    } else if steps(1) || steps(9) {
        Err(Flaw::Run)
    } else {
        Ok(())
    }
}

/// What one guess costs. Kept with the salt, so that a later version may ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Cost {
    /// Half as much again as two passes, which take 33 ms in the browser's engine on the machine that measures. A file of
    /// two passes opens as before; the next PIN is stretched by these.
    pub const NOW: Self = Self { memory_kib: 32 * 1024, passes: 3 };
    /// Beyond, a changed file would make the phone run out of memory or of time.
    const MOST: Self = Self { memory_kib: 256 * 1024, passes: 16 };
}

/// Argon2id with one lane over the PIN. The device's own secret goes in as Argon2's key: a copy of the file without it
/// is nothing to guess at.
///
/// # Errors
/// The cost is beyond what a phone can bear, or below what Argon2 takes.
pub fn stretch(
    pin: &str,
    salt: &[u8; SALT_BYTES],
    device_secret: &[u8; 32],
    cost: Cost,
) -> Result<Key, VaultError> {
    if cost.memory_kib > Cost::MOST.memory_kib || cost.passes > Cost::MOST.passes {
        return Err(VaultError::TooLarge);
    }
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| VaultError::TooLarge)?;
    let argon2 = Argon2::new_with_secret(device_secret, Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|_| VaultError::TooLarge)?;
    let mut secret = [0; 32];
    argon2.hash_password_into(pin.as_bytes(), salt, &mut secret).map_err(|_| VaultError::TooLarge)?;
    Ok(Key::from_bytes(secret))
}

/// HKDF-SHA256 without salt: a key for one purpose out of a secret that is random already.
pub fn derive(secret: &Key, purpose: &str) -> Key {
    let mut key = [0; 32];
    let expanded = Hkdf::<Sha256>::new(None, secret.expose()).expand(purpose.as_bytes(), &mut key);
    // HKDF gives up to 8,160 bytes; these are 32.
    expanded.expect("32 bytes are not too many");
    Key::from_bytes(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_not_taken() {
        for (pin, verdict) in [
            ("20483917", Ok(())),
            ("1234567890123457", Ok(())),
            ("2048391", Err(Flaw::TooShort)),
            ("", Err(Flaw::TooShort)),
            ("12345678901234567", Err(Flaw::TooLong)),
            ("2048391x", Err(Flaw::NotDigits)),
            ("2048 3917", Err(Flaw::NotDigits)),
            ("٢٠٤٨٣٩١٧", Err(Flaw::NotDigits)),
            ("77777777", Err(Flaw::Repeats)),
            ("12121212", Err(Flaw::Repeats)),
            ("12345678", Err(Flaw::Run)),
            ("78901234", Err(Flaw::Run)),
            ("87654321", Err(Flaw::Run)),
            ("32109876", Err(Flaw::Run)),
        ] {
            assert_eq!(weigh(pin), verdict, "{pin}");
        }
    }

    #[test]
    fn another_pin_salt_device_or_cost_is_another_key() {
        let small = Cost { memory_kib: 8, passes: 1 };
        let made = |pin, salt, device, cost| stretch(pin, &[salt; 16], &[device; 32], cost).unwrap();
        let one = made("20483917", 1, 2, small);
        assert!(one == made("20483917", 1, 2, small));
        assert!(one != made("20483918", 1, 2, small));
        assert!(one != made("20483917", 2, 2, small));
        assert!(one != made("20483917", 1, 3, small));
        assert!(one != made("20483917", 1, 2, Cost { passes: 2, ..small }));
    }

    #[test]
    fn a_cost_that_no_phone_bears_is_refused() {
        for cost in [
            Cost { memory_kib: u32::MAX, passes: 1 },
            Cost { memory_kib: 8, passes: u32::MAX },
            Cost { memory_kib: 0, passes: 0 },
        ] {
            assert!(stretch("20483917", &[0; 16], &[0; 32], cost).is_err(), "{cost:?}");
        }
    }

    #[test]
    fn a_purpose_has_a_key_of_its_own_that_does_not_tell_the_secret() {
        let key = Key::from_bytes([7; 32]);
        assert!(derive(&key, "one") != derive(&key, "two"));
        assert!(derive(&key, "one") != key);
    }
}
