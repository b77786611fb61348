//! An Amazon that answers one kind of request with whatever bytes it is given, and all others as it should.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use doorstep_spapi::{Clock, Sleep};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::Target;

pub(crate) const DOCUMENT: &[u8] = b"a document";

/// A clock that stands still.
pub(crate) struct Still;

impl Still {
    pub(crate) fn clock() -> Arc<Self> {
        Arc::new(Self)
    }
}

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_712_000, 0).unwrap()
    }

    fn sleep(&self, _: Duration) -> Sleep<'_> {
        Box::pin(std::future::pending())
    }
}

/// The bytes of an answer, from the status line on, and what comes after them.
#[derive(Clone, Debug)]
pub(crate) struct Strange {
    pub(crate) bytes: Arc<Vec<u8>>,
    /// Repeated for as long as the other end reads.
    pub(crate) endless: Option<Arc<Vec<u8>>>,
    /// Whether it could go on for ever without any of it being kept: then the time limit ends it, and how much was
    /// read is of no account.
    pub(crate) takes_time_only: bool,
}

pub(crate) struct Amazon {
    pub(crate) address: String,
    written: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for Amazon {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Amazon {
    pub(crate) async fn start(target: Target, strange: Strange) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let written = Arc::<AtomicUsize>::default();
        let server = tokio::spawn({
            let (address, written) = (address.clone(), written.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, target, strange.clone(), address.clone(), written.clone()));
                }
            }
        });
        Self { address, written, server }
    }

    /// Bytes of strange answers that went out.
    pub(crate) fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }
}

/// One request, one answer, and the connection is closed.
async fn serve(
    mut stream: TcpStream,
    target: Target,
    strange: Strange,
    address: String,
    written: Arc<AtomicUsize>,
) {
    let Some(line) = read(&mut stream).await else { return };
    let asked = match line {
        line if line.contains("/auth/o2/token") => Target::Login,
        line if line.contains("/restrictedDataToken") => Target::RestrictedToken,
        line if line.contains("/store?") => Target::Upload,
        _ => target,
    };
    let proper = match (asked, target) {
        (Target::Login, Target::Login) | (Target::Upload, Target::Upload) => None,
        (Target::Login, _) => Some(r#"{"access_token":"made-up","expires_in":3600}"#.to_owned()),
        // The destination for the upload, which is what is answered strangely.
        (_, Target::Upload) => Some(destination(&address)),
        (_, Target::Login) => Some("{}".to_owned()),
        _ => None,
    };
    // The other end may hang up at any time, which is its right.
    let _gone = match proper {
        Some(body) => {
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).await
        }
        None => misbehave(&mut stream, &strange, &written).await,
    };
    let _gone = stream.shutdown().await;
    // Until the other end has read it all and closes: closing first would take its unread bytes away.
    while stream.read(&mut [0; 1024]).await.is_ok_and(|length| length > 0) {}
}

async fn misbehave(stream: &mut TcpStream, strange: &Strange, written: &AtomicUsize) -> std::io::Result<()> {
    for part in strange.bytes.chunks(64 * 1024) {
        stream.write_all(part).await?;
        written.fetch_add(part.len(), Ordering::Relaxed);
    }
    while let Some(part) = &strange.endless {
        stream.write_all(part).await?;
        written.fetch_add(part.len(), Ordering::Relaxed);
    }
    Ok(())
}

/// Reads a request with its body; the first line of it.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    let end = loop {
        if let Some(at) = request.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer).await {
            Ok(length) if length > 0 => request.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
    };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut left = length.unwrap_or(0usize).saturating_sub(request.len() - end);
    while left > 0 {
        match stream.read(&mut buffer).await {
            Ok(length) if length > 0 => left = left.saturating_sub(length),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&request[..end]).lines().next()?.to_owned())
}

fn destination(address: &str) -> String {
    serde_json::json!({ "payload": {
        "uploadDestinationId": "made-up",
        "url": format!("{address}/store?X-Amz-Expires=300"),
        "encryptionDetails": {
            "standard": "AES",
            "initializationVector": "AAAAAAAAAAAAAAAAAAAAAA==",
            "key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        },
    } })
    .to_string()
}
