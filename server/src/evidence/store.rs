//! The file of the private halves, in the data folder and never in the database: readable by its owner alone. Each change
//! writes a fresh file and overwrites the old one before it is unlinked, so that a destroyed key is not left in a name.
//!
//! `doorstep-evidence 1`, and a line for each day: its number and the private half in hex.

use super::{DayKey, SECRET_BYTES};
use crate::entropy::Entropy;
use anyhow::{Context as _, bail, ensure};
use doorstep_core::{
    digest::Sha256,
    evidence::{EvidenceDay, EvidenceKey},
    id::EvidenceKeyId,
    time::Timestamp,
};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The name of the file.
pub const FILE: &str = "evidence.keys";
/// The file before the last change, until it is overwritten.
const OLD: &str = "evidence.keys.old";
/// Locked while one process changes the file.
const LOCK: &str = "evidence.lock";
const FIRST_LINE: &str = "doorstep-evidence 1";

type Keys = BTreeMap<EvidenceDay, DayKey>;

/// The keys of the days to come. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeyStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// What the file held when it was last read.
    keys: Mutex<Keys>,
}

/// What came of destroying the keys of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// The day and the key that was there of it.
    pub keys: Vec<(EvidenceDay, EvidenceKeyId)>,
    /// SHA-256 of the file before and after; of nothing, where there is none.
    pub before: Option<Sha256>,
    pub after: Option<Sha256>,
}

impl KeyStore {
    /// Opens the store of a data folder. What a crash left of an older file is overwritten first.
    ///
    /// # Errors
    /// The folder cannot be written, or the file is open to others or not a file of keys.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let store = Self(Arc::new(Inner { folder: folder.to_owned(), keys: Mutex::default() }));
        let _lock = store.lock()?;
        store.bury_old().context("overwriting old evidence keys")?;
        let (keys, _) = store.read()?;
        *store.keys() = keys;
        Ok(store)
    }

    /// The key that evidence of this deadline is sealed to, made where there is none, and whether it was made now. `None`
    /// when its day has come.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn public(
        &self,
        deadline: Timestamp,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Option<(EvidenceKey, bool)>> {
        let day = EvidenceDay::of(deadline);
        if day.has_come(now) {
            return Ok(None);
        }
        if let Some(key) = self.keys().get(&day) {
            return Ok(Some((key.public().clone(), false)));
        }
        let _lock = self.lock()?;
        // Another process may have made it meanwhile.
        let (mut keys, text) = self.read()?;
        if let Some(key) = keys.get(&day).map(|key| key.public().clone()) {
            *self.keys() = keys;
            return Ok(Some((key, false)));
        }
        let key = DayKey::generate(day, entropy);
        let public = key.public().clone();
        keys.insert(day, key);
        self.replace(keys, &text, entropy)?;
        Ok(Some((public, true)))
    }

    /// The pair of a key id; `None` once its day has come.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn pair(&self, id: EvidenceKeyId, now: Timestamp) -> anyhow::Result<Option<DayKey>> {
        let find = |keys: &Keys| keys.values().find(|key| key.public().id == id).cloned();
        let mut found = find(&self.keys());
        if found.is_none() {
            let _lock = self.lock()?;
            let (keys, _) = self.read()?;
            found = find(&keys);
            *self.keys() = keys;
        }
        Ok(found.filter(|key| !key.public().day.has_come(now)))
    }

    /// Destroys the keys of every day that has come, and of those in `gone` whatever the clock says.
    ///
    /// # Errors
    /// The file cannot be read or written. Then nothing is destroyed, or it is and the next call finds nothing.
    pub fn destroy(
        &self,
        now: Timestamp,
        gone: &[EvidenceDay],
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Destroyed> {
        let _lock = self.lock()?;
        let (mut keys, text) = self.read()?;
        let over: Vec<EvidenceDay> =
            keys.keys().filter(|day| day.has_come(now) || gone.contains(day)).copied().collect();
        let before = text.as_deref().map(|text| Sha256::of(text.as_bytes()));
        let destroyed = over
            .iter()
            .filter_map(|day| keys.remove(day))
            .map(|key| (key.public().day, key.public().id))
            .collect();
        let mut after = before;
        if over.is_empty() {
            *self.keys() = keys;
        } else {
            after = Some(self.replace(keys, &text, entropy)?);
        }
        Ok(Destroyed { keys: destroyed, before, after })
    }

    /// The days of which the file, as it lies on the disk now, has a key.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn days(&self) -> anyhow::Result<Vec<EvidenceDay>> {
        Ok(self.read()?.0.into_keys().collect())
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.folder.join(name)
    }

    /// Held until the file is dropped.
    fn lock(&self) -> anyhow::Result<File> {
        let path = self.path(LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        file.lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(file)
    }

    fn read(&self) -> anyhow::Result<(Keys, Option<String>)> {
        let path = self.path(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Keys::new(), None)),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let mode = fs::metadata(&path)?.permissions().mode();
        ensure!(
            mode & 0o077 == 0,
            "{} can be read by others: chmod 600 it, and think about who has seen it",
            path.display()
        );
        let keys = parse(&text).with_context(|| format!("reading {}", path.display()))?;
        Ok((keys, Some(text)))
    }

    /// Writes a fresh file and overwrites the one it replaces. A crash in between leaves the old one under a name of its
    /// own, which whoever comes next overwrites.
    fn replace(&self, keys: Keys, old: &Option<String>, entropy: &dyn Entropy) -> anyhow::Result<Sha256> {
        self.bury_old().context("overwriting old evidence keys")?;
        let text = print(&keys);
        let fresh = self.path(&format!("{FILE}.{}", hex::encode(entropy.bytes::<8>())));
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            if old.is_some() {
                fs::hard_link(self.path(FILE), self.path(OLD))?;
            }
            fs::rename(&fresh, self.path(FILE))?;
            File::open(&self.0.folder)?.sync_all()
        };
        if let Err(error) = write() {
            // It may be there in part, with keys in it. The error to report is the first.
            let _ = overwrite(&fresh);
            return Err(error).with_context(|| format!("writing {FILE}"));
        }
        self.bury_old().context("overwriting old evidence keys")?;
        *self.keys() = keys;
        Ok(Sha256::of(text.as_bytes()))
    }

    fn bury_old(&self) -> io::Result<()> {
        let (old, live) = (self.path(OLD), self.path(FILE));
        match (fs::metadata(&old), fs::metadata(&live)) {
            // A crash came before the fresh file took the name: what is here is the file that counts, under two names.
            (Ok(old_file), Ok(file)) if (old_file.dev(), old_file.ino()) == (file.dev(), file.ino()) => {
                fs::remove_file(&old)?;
            }
            _ => overwrite(&old)?,
        }
        for entry in fs::read_dir(&self.0.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let unfinished =
                name.to_str().and_then(|name| name.strip_prefix(FILE)).is_some_and(|rest| rest.len() == 17);
            if unfinished {
                overwrite(&entry.path())?;
            }
        }
        File::open(&self.0.folder)?.sync_all()
    }
}

/// Overwrites a file and removes it; one that is not there is fine.
fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    fs::remove_file(path)
}

fn print(keys: &Keys) -> String {
    let mut text = format!("{FIRST_LINE}\n");
    for (day, key) in keys {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{} {}", day.0, hex::encode(key.secret()));
    }
    text
}

fn parse(text: &str) -> anyhow::Result<Keys> {
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        bail!("not a file of evidence keys of this version");
    }
    lines
        .enumerate()
        .map(|(i, line)| {
            let key = || -> Option<DayKey> {
                let (day, secret) = line.split_once(' ')?;
                let mut bytes = [0; SECRET_BYTES];
                hex::decode_to_slice(secret, &mut bytes).ok()?;
                DayKey::from_secret(EvidenceDay(day.parse().ok()?), &bytes).ok()
            };
            // Never the line itself: it holds a key.
            let key = key().with_context(|| format!("line {} is damaged", i + 2))?;
            Ok((key.public().day, key))
        })
        .collect()
}

#[cfg(test)]
mod tests;
