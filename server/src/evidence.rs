//! What phones seal for the server alone, and the keys it opens with: a pair for each day on which buyers' data expires.
//!
//! HPKE of RFC 9180 in base mode, single shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

mod certificate;
mod destruction;
mod store;

pub use certificate::{Certificate, first_broken};
pub use destruction::{Destruction, destroy_due, key_for};
pub use store::{Destroyed, FILE, KeyStore};

use crate::entropy::Entropy;
use doorstep_core::{
    digest::Sha256,
    evidence::{EvidenceDay, EvidenceKey, INFO, POINT_BYTES, PublicKey, SEALED_HEADER, Sealed, bound_to},
    id::{AppointmentId, DeviceId, EvidenceKeyId, PhotoId},
    photo::PhotoRefusal,
    rescue::{self, CopyRefusal, Item},
};
use hpke::{
    Deserializable as _, HpkeError, Kem, OpModeR, OpModeS, Serializable as _,
    aead::AesGcm256,
    kdf::HkdfSha256,
    kem::DhP256HkdfSha256,
    rand_core::{TryCryptoRng, TryRng},
};
use std::{convert::Infallible, fmt};

type P256 = DhP256HkdfSha256;
/// Of a private half.
const SECRET_BYTES: usize = 32;

/// The pair of one day. It never leaves the process but for its file, and is never printed.
#[derive(Clone)]
pub struct DayKey {
    secret: <P256 as Kem>::PrivateKey,
    public: EvidenceKey,
}

impl fmt::Debug for DayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DayKey({:?})", self.public)
    }
}

impl DayKey {
    /// A new pair for a day.
    pub fn generate(day: EvidenceDay, entropy: &dyn Entropy) -> Self {
        let (secret, _) = P256::derive_keypair(&entropy.bytes::<SECRET_BYTES>());
        Self::of(day, secret)
    }

    /// The pair of a private half.
    ///
    /// # Errors
    /// The bytes are no private key of P-256.
    pub fn from_secret(day: EvidenceDay, secret: &[u8; SECRET_BYTES]) -> Result<Self, HpkeError> {
        Ok(Self::of(day, <P256 as Kem>::PrivateKey::from_bytes(secret)?))
    }

    fn of(day: EvidenceDay, secret: <P256 as Kem>::PrivateKey) -> Self {
        let bytes: [u8; POINT_BYTES] = P256::sk_to_pk(&secret).to_bytes().into();
        let digest = Sha256::of(&bytes);
        let id = EvidenceKeyId::from_bytes(std::array::from_fn(|i| digest.as_bytes()[i]));
        Self { secret, public: EvidenceKey { day, id, public: PublicKey::from_bytes(bytes) } }
    }

    /// What phones are given.
    pub const fn public(&self) -> &EvidenceKey {
        &self.public
    }

    fn secret(&self) -> [u8; SECRET_BYTES] {
        self.secret.to_bytes().into()
    }

    /// The picture inside a sealed envelope.
    ///
    /// # Errors
    /// It was sealed to another key, as another photo or for another visit, or has changed.
    pub fn open(
        &self,
        sealed: &Sealed<'_>,
        photo: PhotoId,
        appointment: AppointmentId,
    ) -> Result<Vec<u8>, PhotoRefusal> {
        let bound = bound_to(sealed.key, photo, appointment);
        self.open_bound(sealed, INFO, &bound).map_err(|_| PhotoRefusal::DoesNotOpen)
    }

    /// What is inside the outer seal of a rescue copy.
    ///
    /// # Errors
    /// It was sealed to another key, for another phone or as another item, or has changed.
    pub fn open_copy(
        &self,
        sealed: &Sealed<'_>,
        device: DeviceId,
        item: &Item,
    ) -> Result<Vec<u8>, CopyRefusal> {
        let bound = rescue::bound_to(sealed.key, device, item);
        self.open_bound(sealed, rescue::INFO, &bound).map_err(|_| CopyRefusal::DoesNotOpen)
    }

    fn open_bound(&self, sealed: &Sealed<'_>, info: &[u8], bound: &[u8]) -> Result<Vec<u8>, HpkeError> {
        let encapsulated = <P256 as Kem>::EncappedKey::from_bytes(sealed.encapsulated)?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, P256>(
            &OpModeR::Base,
            &self.secret,
            &encapsulated,
            info,
            sealed.ciphertext,
            bound,
        )
    }
}

/// The envelope of a picture, as a phone makes it: for phones that are simulated, and for the golden vectors.
///
/// # Errors
/// The public key is no point of P-256.
pub fn seal(
    key: &EvidenceKey,
    photo: PhotoId,
    appointment: AppointmentId,
    picture: &[u8],
    ephemeral: [u8; SECRET_BYTES],
) -> Result<Vec<u8>, HpkeError> {
    let bound = bound_to(key.id, photo, appointment);
    seal_bound(key, INFO, &bound, picture, ephemeral, SEALED_HEADER)
}

/// The outer seal of a rescue copy, as a phone's host makes it: for phones that are simulated, and for the golden vectors.
///
/// # Errors
/// The public key is no point of P-256.
pub fn seal_copy(
    key: &EvidenceKey,
    device: DeviceId,
    item: &Item,
    inside: &[u8],
    ephemeral: [u8; SECRET_BYTES],
) -> Result<Vec<u8>, HpkeError> {
    let bound = rescue::bound_to(key.id, device, item);
    seal_bound(key, rescue::INFO, &bound, inside, ephemeral, rescue::COPY_HEADER)
}

fn seal_bound(
    key: &EvidenceKey,
    info: &[u8],
    bound: &[u8],
    plain: &[u8],
    ephemeral: [u8; SECRET_BYTES],
    header: [u8; 4],
) -> Result<Vec<u8>, HpkeError> {
    let public = <P256 as Kem>::PublicKey::from_bytes(key.public.as_bytes())?;
    let (encapsulated, ciphertext) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, P256>(
        &OpModeS::Base,
        &public,
        info,
        plain,
        bound,
        &mut Given(ephemeral),
    )?;
    let encapsulated = encapsulated.to_bytes().into();
    Ok(Sealed { key: key.id, encapsulated: &encapsulated, ciphertext: &ciphertext }.write_as(header))
}

/// The bytes that the ephemeral pair is derived from, given by the caller.
struct Given([u8; SECRET_BYTES]);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for (byte, given) in bytes.iter_mut().zip(self.0.iter().cycle()) {
            *byte = *given;
        }
        Ok(())
    }
}

impl TryCryptoRng for Given {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/golden/evidence.v2.json");
    /// The key pair of RFC 9180, appendix A.3.1.
    const SECRET: &str = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    const PUBLIC: &str = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82\
                          6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    const PHOTO: PhotoId = PhotoId::from_bytes([0x33; 16]);
    const VISIT: AppointmentId = AppointmentId::from_bytes([0xa1; 16]);

    fn pair() -> DayKey {
        let mut secret = [0; SECRET_BYTES];
        hex::decode_to_slice(SECRET, &mut secret).unwrap();
        DayKey::from_secret(EvidenceDay(20_747), &secret).unwrap()
    }

    fn opened(
        pair: &DayKey,
        envelope: &[u8],
        photo: PhotoId,
        visit: AppointmentId,
    ) -> Result<Vec<u8>, PhotoRefusal> {
        pair.open(&Sealed::read(envelope)?.ok_or(PhotoRefusal::UnknownEnvelope)?, photo, visit)
    }

    #[test]
    fn the_public_half_is_that_of_the_rfc() {
        assert_eq!(hex::encode(pair().public().public.as_bytes()), PUBLIC);
    }

    #[test]
    fn what_server_and_phone_have_sealed_opens_for_good() {
        let key = pair().public().clone();
        let all_bytes: Vec<u8> = (0..=255).collect();
        let made: Vec<Value> = [
            ("nothing", &b""[..]),
            ("a few bytes", b"made up"),
            ("all bytes", &all_bytes),
        ]
        .into_iter()
        .enumerate()
        .map(|(i, (name, picture))| {
            let ephemeral = [i as u8 + 1; SECRET_BYTES];
            let envelope = seal(&key, PHOTO, VISIT, picture, ephemeral).unwrap();
            json!({
                "name": name, "sealedBy": "server", "secret": SECRET, "key": key, "photo": PHOTO,
                "appointment": VISIT, "picture": hex::encode(picture), "envelope": hex::encode(envelope),
            })
        })
        .collect();
        let path = std::path::Path::new(GOLDEN);
        if !path.exists() && std::env::var_os("DOORSTEP_GOLDEN").is_some_and(|wish| wish == "write") {
            std::fs::write(path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let golden: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let by =
            |who: &str| golden.iter().filter(|vector| vector["sealedBy"] == who).cloned().collect::<Vec<_>>();
        assert_eq!(by("server"), made);
        assert!(!by("phone").is_empty());
        for vector in &golden {
            let bytes = |field: &str| hex::decode(vector[field].as_str().unwrap()).unwrap();
            assert_eq!(vector["key"], serde_json::to_value(&key).unwrap());
            assert_eq!(opened(&pair(), &bytes("envelope"), PHOTO, VISIT).unwrap(), bytes("picture"));
        }
    }

    #[test]
    fn rescue_copies_of_server_and_phone_open_for_good_as_what_they_are() {
        use doorstep_core::{
            id::RecordId,
            rescue::{Kept, What},
            vault,
        };
        let key = pair().public().clone();
        let (device, store_key) = (DeviceId::from_bytes([0xd1; 16]), vault::Key::from_bytes([0x5e; 32]));
        let all = [
            (Item::Change(VISIT, Sha256::of(b"made up")), What::Change(b"a made-up change".to_vec())),
            (Item::Record(VISIT, RecordId::from_bytes([0x77; 16])), What::Record((0..=255).collect())),
        ];
        let made: Vec<Value> = (1..)
            .zip(&all)
            .map(|(n, (item, what))| {
                let kept = Kept { device, appointment: VISIT, what: what.clone() };
                let inside = kept.seal(&store_key, [n; vault::NONCE_BYTES], item).unwrap();
                let copy = seal_copy(&key, device, item, &inside, [n; SECRET_BYTES]).unwrap();
                json!({
                    "place": item.place(), "sealedBy": "server", "secret": SECRET, "key": key, "device": device,
                    "appointment": VISIT, "storeKey": store_key, "plain": hex::encode(inside),
                    "copy": hex::encode(copy),
                })
            })
            .collect();
        let path =
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/golden/rescue.v1.json"));
        if !path.exists() && std::env::var_os("DOORSTEP_GOLDEN").is_some_and(|wish| wish == "write") {
            std::fs::write(path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let golden: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let by = |who: &str| golden.iter().filter(|one| one["sealedBy"] == who).cloned().collect::<Vec<_>>();
        assert_eq!((by("server"), by("phone").len()), (made, 2));
        for vector in &golden {
            let (item, what) = all.iter().find(|(item, _)| vector["place"] == item.place()).unwrap();
            let copy = hex::decode(vector["copy"].as_str().unwrap()).unwrap();
            let inside = pair().open_copy(&rescue::read(&copy).unwrap(), device, item).unwrap();
            assert_eq!(hex::encode(&inside), vector["plain"].as_str().unwrap());
            assert_eq!(Kept::open(&store_key, device, item, &inside).unwrap().what, *what);
            for other in all.iter().map(|(other, _)| other).filter(|other| *other != item) {
                let opened = pair().open_copy(&rescue::read(&copy).unwrap(), device, other);
                assert_eq!(opened, Err(CopyRefusal::DoesNotOpen));
            }
        }
    }

    #[test]
    fn an_envelope_opens_with_its_key_as_its_photo_of_its_visit_unchanged() {
        let envelope = seal(pair().public(), PHOTO, VISIT, b"made up", [9; SECRET_BYTES]).unwrap();
        assert_eq!(envelope.len() as u64, 7 + doorstep_core::evidence::SEALED_OVERHEAD_BYTES);
        let other = DayKey::generate(EvidenceDay(20_748), &crate::entropy::SystemEntropy);
        let refused = Err(PhotoRefusal::DoesNotOpen);
        assert_eq!(opened(&other, &envelope, PHOTO, VISIT), refused);
        assert_eq!(opened(&pair(), &envelope, PhotoId::from_bytes([0x34; 16]), VISIT), refused);
        assert_eq!(opened(&pair(), &envelope, PHOTO, AppointmentId::from_bytes([0xa2; 16])), refused);
        for i in 4..envelope.len() {
            let mut changed = envelope.clone();
            changed[i] ^= 1;
            assert_eq!(opened(&pair(), &changed, PHOTO, VISIT), refused, "byte {i}");
        }
        assert!(!format!("{:?}", pair()).contains(&SECRET[..8]));
    }
}
