//! The root key: every data key in the database is sealed under it, so the database alone opens nothing.

use crate::entropy::Entropy;
use anyhow::{Context, bail};
use doorstep_core::{
    digest::Sha256,
    id::{DeviceId, JobId},
    vault::{self, Key, VaultError},
};
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// The name of the file in the data folder: 32 bytes as hex, readable by its owner alone.
pub const FILE: &str = "root.key";

/// The key above all keys. It never leaves the process and is never printed.
#[derive(Clone, Debug)]
pub struct RootKey(Key);

/// Why a data key could not be wrapped or unwrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("what was wrapped is not a key")]
    NotAKey,
}

impl RootKey {
    pub const fn new(key: Key) -> Self {
        Self(key)
    }

    /// A data key, sealed for `place` in the vault's format.
    ///
    /// # Errors
    /// Never in practice: a key is not too large to seal.
    pub fn wrap(&self, place: &str, key: &Key, entropy: &dyn Entropy) -> Result<Vec<u8>, SealError> {
        Ok(vault::seal(&self.0, place, entropy.bytes(), key.expose())?)
    }

    /// Opens what `wrap` sealed for the same place.
    ///
    /// # Errors
    /// It was sealed under another root key, for another place, or has changed.
    pub fn unwrap(&self, place: &str, wrapped: &[u8]) -> Result<Key, SealError> {
        let bytes = vault::open(&self.0, place, wrapped)?;
        Ok(Key::from_bytes(bytes.try_into().map_err(|_| SealError::NotAKey)?))
    }

    /// Tells bytes apart without giving away what they are: whoever has only the database cannot confirm a guess.
    pub fn fingerprint(&self, bytes: &[u8]) -> Sha256 {
        let inner = Sha256::of(&[self.0.expose(), &b"fingerprint"[..], bytes].concat());
        Sha256::of(&[self.0.expose(), &inner.as_bytes()[..]].concat())
    }

    /// Reads the key file of a data folder; `None` when there is none.
    ///
    /// # Errors
    /// The file cannot be read, is open to others, or holds no key.
    pub fn load(data: &Path) -> anyhow::Result<Option<Self>> {
        let path = data.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path)?.permissions());
        if mode & 0o077 != 0 {
            bail!("{} can be read by others: chmod 600 it, and think about who has seen it", path.display());
        }
        let mut bytes = [0; 32];
        match hex::decode_to_slice(text.trim(), &mut bytes) {
            Ok(()) => Ok(Some(Self(Key::from_bytes(bytes)))),
            Err(_) => bail!("{} does not hold 64 hex digits", path.display()),
        }
    }

    /// Makes a new key and writes its file: whole or not at all, and never over one that is there.
    ///
    /// # Errors
    /// The folder cannot be written, or another process made a key meanwhile.
    pub fn create(data: &Path, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let key = Key::from_bytes(entropy.bytes());
        let unfinished = data.join(format!("{FILE}.{}", hex::encode(entropy.bytes::<8>())));
        let write = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
            file.write_all(hex::encode(key.expose()).as_bytes())?;
            file.sync_all()?;
            // A link, unlike a rename, refuses to replace a key that another process just made.
            fs::hard_link(&unfinished, data.join(FILE))
        };
        let written = write();
        // Leaving the temporary name behind would leave a second copy of the key.
        let removed = fs::remove_file(&unfinished);
        written.and(removed).with_context(|| format!("writing {} in {}", FILE, data.display()))?;
        File::open(data)?.sync_all()?;
        Ok(Self(key))
    }
}

/// What a job is known by after its buyer's data has expired, even when nothing else of it is left.
pub fn tombstone(root: &RootKey, service_job: &str) -> Sha256 {
    root.fingerprint(format!("tombstone/{service_job}").as_bytes())
}

/// Where the job as Amazon sent it is sealed, under the job's key.
pub fn job_place(job: JobId) -> String {
    format!("job/{job}")
}

/// Where a job's data key is wrapped.
pub fn job_key_place(job: JobId) -> String {
    format!("key/job/{job}")
}

/// What a code for a phone is known by.
pub fn code_place(code: &str) -> String {
    format!("code/{code}")
}

/// Where the key of a phone's store is wrapped.
pub fn device_key_place(device: DeviceId) -> String {
    format!("key/device/{device}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_wrapped_key_opens_in_its_place_only() {
        let root = RootKey::new(Key::from_bytes([1; 32]));
        let key = Key::from_bytes([2; 32]);
        let wrapped = root.wrap("job/1", &key, &SystemEntropy).unwrap();
        assert_eq!(root.unwrap("job/1", &wrapped), Ok(key.clone()));
        assert!(root.unwrap("job/2", &wrapped).is_err());
        assert!(RootKey::new(key).unwrap("job/1", &wrapped).is_err());
        assert!(!format!("{root:?}").contains('1'));
    }

    #[test]
    fn the_key_file_is_private_and_made_once() {
        let data = tempfile::tempdir().unwrap();
        assert!(RootKey::load(data.path()).unwrap().is_none());
        let made = RootKey::create(data.path(), &SystemEntropy).unwrap();
        assert!(RootKey::create(data.path(), &SystemEntropy).is_err());
        let read = RootKey::load(data.path()).unwrap().unwrap();
        assert_eq!(made.0, read.0);
        let names: Vec<_> =
            fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [FILE]);
        let path = data.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(RootKey::load(data.path()).unwrap_err().to_string().contains("chmod 600"));
    }
}
