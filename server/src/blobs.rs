//! Files beside the database: sealed pictures (`blobs`) and uploads under way (`uploads`), in the data folder.
//! Names are ours: hex digits, lower-case letters, `.` and `-`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// In the name of a blob that is being written; no blob's own name has it.
const UNFINISHED: &str = ".unfinished-";

/// The two folders. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    folders: Arc<Folders>,
}

#[derive(Debug)]
struct Folders {
    blobs: PathBuf,
    uploads: PathBuf,
    /// Tells temporary files of this process apart.
    counter: AtomicU64,
}

impl Blobs {
    /// Makes the folders where they are missing.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn open(data: &Path) -> io::Result<Self> {
        let (blobs, uploads) = (data.join("blobs"), data.join("uploads"));
        fs::create_dir_all(&blobs)?;
        fs::create_dir_all(&uploads)?;
        File::open(data)?.sync_all()?;
        Ok(Self { folders: Arc::new(Folders { blobs, uploads, counter: AtomicU64::new(0) }) })
    }

    /// Removes what a crash left half-written. Only for the one process that serves, before it does.
    ///
    /// # Errors
    /// The data folder cannot be read or written.
    pub fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folders.blobs)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().contains(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Stores a blob. When it returns, the bytes survive a power cut under their name; before, there is nothing
    /// under that name or what was there. Storing the same name again replaces it whole.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        let path = place(&self.folders.blobs, name)?;
        let count = self.folders.counter.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.folders.blobs.join(format!("{name}{UNFINISHED}{}-{count}", std::process::id()));
        let folders = self.folders.clone();
        blocking(move || {
            let write = || -> io::Result<()> {
                let mut file = File::create(&unfinished)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                fs::rename(&unfinished, &path)?;
                // The name is safe only when the folder is.
                File::open(&folders.blobs)?.sync_all()
            };
            write().inspect_err(|_| {
                // What stays behind is not under a blob's name; the error to report is the one of writing.
                let _ = fs::remove_file(&unfinished);
            })
        })
        .await
    }

    /// A blob's bytes; `None` where there is none.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn get(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let path = place(&self.folders.blobs, name)?;
        blocking(move || found(fs::read(path))).await
    }

    /// Removes a blob for good; removing what is not there is fine.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn delete(&self, name: &str) -> io::Result<()> {
        let path = place(&self.folders.blobs, name)?;
        let folders = self.folders.clone();
        blocking(move || {
            found(fs::remove_file(path))?;
            File::open(&folders.blobs)?.sync_all()
        })
        .await
    }

    /// How many bytes of an upload are here; `None` when none was begun.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn upload_len(&self, name: &str) -> io::Result<Option<u64>> {
        let path = place(&self.folders.uploads, name)?;
        blocking(move || Ok(found(fs::metadata(path))?.map(|metadata| metadata.len()))).await
    }

    /// Appends to an upload that has exactly `offset` bytes (0 begins one) and answers the new length, or `None`
    /// when the length is another. Synced, so that a length once answered stays true after a crash.
    ///
    /// # Errors
    /// The disk refuses; the upload then has its old length.
    pub async fn append_upload(&self, name: &str, offset: u64, bytes: Vec<u8>) -> io::Result<Option<u64>> {
        let path = place(&self.folders.uploads, name)?;
        blocking(move || {
            let opened = found(OpenOptions::new().create(offset == 0).append(true).open(path))?;
            let Some(mut file) = opened else { return Ok(None) };
            let end = file.seek(SeekFrom::End(0))?;
            if end != offset {
                return Ok(None);
            }
            let appended = file.write_all(&bytes).and_then(|()| file.sync_data());
            if let Err(error) = appended {
                file.set_len(offset)?;
                return Err(error);
            }
            Ok(Some(file.seek(SeekFrom::End(0))?))
        })
        .await
    }

    /// An upload's bytes so far.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn read_upload(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let path = place(&self.folders.uploads, name)?;
        blocking(move || found(fs::read(path))).await
    }

    /// The names of all uploads that have bytes here.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn uploads(&self) -> io::Result<Vec<String>> {
        let folders = self.folders.clone();
        blocking(move || {
            let entries = fs::read_dir(&folders.uploads)?;
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
        })
        .await
    }

    /// Forgets an upload; forgetting what is not there is fine.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn delete_upload(&self, name: &str) -> io::Result<()> {
        let path = place(&self.folders.uploads, name)?;
        blocking(move || found(fs::remove_file(path)).map(|_| ())).await
    }
}

/// A path for a name that cannot lead out of its folder.
fn place(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let fits = !name.is_empty()
        && !name.contains(UNFINISHED)
        && name.len() <= 100
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if fits {
        Ok(folder.join(name))
    } else {
        Err(io::Error::new(ErrorKind::InvalidInput, "not the name of a blob"))
    }
}

fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_blob_is_there_whole_until_it_is_deleted() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        assert_eq!(blobs.get("ab.picture").await.unwrap(), None);
        blobs.put("ab.picture", b"one".to_vec()).await.unwrap();
        blobs.put("ab.picture", b"two".to_vec()).await.unwrap();
        assert_eq!(Blobs::open(data.path()).unwrap().get("ab.picture").await.unwrap().unwrap(), b"two");
        assert_eq!(fs::read_dir(data.path().join("blobs")).unwrap().count(), 1);
        blobs.delete("ab.picture").await.unwrap();
        blobs.delete("ab.picture").await.unwrap();
        assert_eq!(blobs.get("ab.picture").await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_a_crash_left_half_written_is_swept() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        blobs.put("ab.picture", b"one".to_vec()).await.unwrap();
        fs::write(data.path().join("blobs/cd.picture.unfinished-1-0"), b"half").unwrap();
        blobs.sweep().unwrap();
        assert_eq!(fs::read_dir(data.path().join("blobs")).unwrap().count(), 1);
        assert!(blobs.get("ab.picture").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn an_upload_grows_only_at_its_end() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        assert_eq!(blobs.upload_len("ab").await.unwrap(), None);
        assert_eq!(blobs.append_upload("ab", 3, b"two".to_vec()).await.unwrap(), None);
        assert_eq!(blobs.append_upload("ab", 0, b"one".to_vec()).await.unwrap(), Some(3));
        assert_eq!(blobs.append_upload("ab", 0, b"one".to_vec()).await.unwrap(), None);
        assert_eq!(blobs.append_upload("ab", 3, b"two".to_vec()).await.unwrap(), Some(6));
        assert_eq!(blobs.upload_len("ab").await.unwrap(), Some(6));
        assert_eq!(blobs.read_upload("ab").await.unwrap().unwrap(), b"onetwo");
        blobs.delete_upload("ab").await.unwrap();
        blobs.delete_upload("ab").await.unwrap();
        assert_eq!(blobs.read_upload("ab").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_name_cannot_leave_its_folder() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        for name in ["", "..", ".", "../root.key", "a/b", "A", "a\0"] {
            assert!(blobs.put(name, vec![]).await.is_err(), "{name:?}");
            assert!(blobs.get(name).await.is_err(), "{name:?}");
        }
    }
}
