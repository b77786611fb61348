//! Identifiers. Ours are 16 bytes and look like 32 hex digits everywhere; Amazon's are opaque text of theirs.
//! They are different types, so one can never stand where the other belongs.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// The text is not the hex form of an identifier.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{kind} takes {digits} lower-case hex digits")]
pub struct IdError {
    kind: &'static str,
    digits: usize,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident [$size:literal];)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "string"))]
        pub struct $name([u8; $size]);

        impl $name {
            pub const fn from_bytes(bytes: [u8; $size]) -> Self { Self(bytes) }
            pub const fn as_bytes(&self) -> &[u8; $size] { &self.0 }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = IdError;
            fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError { kind: stringify!($name), digits: $size * 2 })
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $size];
                let refused = IdError { kind: stringify!($name), digits: $size * 2 };
                // One spelling per id: upper case would make two keys of one.
                if text.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(refused);
                }
                hex::decode_to_slice(text, &mut bytes).map_err(|_| refused)?;
                Ok(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&hex::encode(self.0)) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self) }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.serialize_str(&hex::encode(self.0)) } else { self.0.serialize(s) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    String::deserialize(d)?.parse().map_err(D::Error::custom)
                } else {
                    crate::raw::read(d).map(Self)
                }
            }
        }
    )*};
}

ids! {
    /// A seller whose jobs Doorstep handles. Every stored row belongs to one.
    SellerId [16];
    /// Somebody who signs in.
    UserId [16];
    /// A phone, issued at sign-in. The first 16 bytes of every actor this phone writes as.
    DeviceId [16];
    /// Our name for a service job.
    JobId [16];
    /// Our name for a visit. It stays when Amazon gives the same visit a new id.
    AppointmentId [16];
    /// A proof photo, random, made on the phone.
    PhotoId [16];
    /// A sealed record beside the document: position, note, signer.
    RecordId [16];
    /// A key of a day, which evidence is sealed to: the beginning of the SHA-256 of its public half.
    EvidenceKeyId [16];
    /// A call to Amazon in the outbox.
    CallId [16];
    /// A decision of the office about a visit.
    DecisionId [16];
    /// A technician's request to move or cancel, in the visit's document.
    RequestId [16];
    /// Evidence that is held until somebody decides. Of a photo: the photo's own id.
    HeldId [16];
    /// A file of jobs that was taken in.
    ImportId [16];
    /// A pause or an attempt: one of several alike in a closeout. Random, made on the phone.
    FactId [8];
    /// What a picture shows, in 64 bits: pictures of one thing differ in few of them.
    Fingerprint [8];
    /// One page start on one phone. The last 8 bytes of the actor, and the scope of its monotonic clock.
    EpochId [8];
}

macro_rules! amazon_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Amazon's ids are opaque: nothing is checked or normalised.
            pub fn new(text: impl Into<String>) -> Self { Self(text.into()) }
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )*};
}

amazon_ids! {
    /// `serviceJobId`.
    ServiceJobId;
    /// `appointmentId` of Amazon, which changes when a visit is rescheduled.
    AmazonAppointmentId;
    /// `technicianId` in `assignedTechnicians`.
    TechnicianId;
    /// `resourceId` in `appointmentResources`.
    ResourceId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_has_one_spelling() {
        let id = PhotoId::from_bytes([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().to_uppercase().parse::<PhotoId>().is_err());
        assert_eq!(
            "ab".parse::<PhotoId>().unwrap_err().to_string(),
            "PhotoId takes 32 lower-case hex digits"
        );
    }
}
