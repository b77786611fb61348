//! The headers of tus 1.0.

use super::Refusal;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, PhotoId},
};
use std::{collections::BTreeMap, str::FromStr};

pub(super) const VERSION: &str = "1.0.0";
pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
pub(super) const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
pub(super) const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// What `POST /api/uploads` says of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Announcement {
    pub(super) length: u64,
    pub(super) photo: PhotoId,
    pub(super) appointment: AppointmentId,
    /// Of the envelope.
    pub(super) sha256: Sha256,
}

/// What `PATCH` says of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) offset: u64,
    /// `Content-Length`, where the connection knows it.
    pub(super) length: Option<u64>,
    pub(super) checksum: Option<Sha256>,
}

/// tus wants every request but OPTIONS to name its version.
pub(super) fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get(TUS_RESUMABLE).is_some_and(|version| version == VERSION) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::PRECONDITION_FAILED,
        "tus_version",
        "This server speaks another version of the upload protocol",
        "Send Tus-Resumable: 1.0.0.",
    )
    .field("tus-resumable")
    .header(TUS_VERSION, HeaderValue::from_static(VERSION)))
}

pub(super) fn announcement(headers: &HeaderMap) -> Result<Announcement, Refusal> {
    check_version(headers)?;
    let metadata = metadata(headers)?;
    Ok(Announcement {
        length: number(headers, UPLOAD_LENGTH)?.ok_or_else(|| missing(UPLOAD_LENGTH.as_str()))?,
        photo: entry(&metadata, "photo")?,
        appointment: entry(&metadata, "appointment")?,
        sha256: entry(&metadata, "sha256")?,
    })
}

/// Whether these are the headers of a photo's bytes.
pub(in crate::http) fn is_slice(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/offset+octet-stream")
}

pub(super) fn patch(headers: &HeaderMap) -> Result<Patch, Refusal> {
    check_version(headers)?;
    if !is_slice(headers) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "upload_content_type",
            "This address takes the bytes of a photo",
            "Send them with the content type application/offset+octet-stream.",
        )
        .field("content-type"));
    }
    Ok(Patch {
        offset: number(headers, UPLOAD_OFFSET)?.ok_or_else(|| missing(UPLOAD_OFFSET.as_str()))?,
        length: number(headers, header::CONTENT_LENGTH)?,
        checksum: checksum(headers)?,
    })
}

/// `sha256 <base64>`; other algorithms are not offered.
fn checksum(headers: &HeaderMap) -> Result<Option<Sha256>, Refusal> {
    let Some(value) = headers.get(UPLOAD_CHECKSUM) else { return Ok(None) };
    let digest = value.to_str().ok().and_then(|text| text.strip_prefix("sha256 "));
    let digest =
        digest.and_then(|text| STANDARD.decode(text.trim()).ok()).and_then(|bytes| bytes.try_into().ok());
    digest.map(|bytes| Some(Sha256::from_bytes(bytes))).ok_or_else(|| wrong(UPLOAD_CHECKSUM.as_str()))
}

/// Comma-separated pairs of a key and a value in base64.
fn metadata(headers: &HeaderMap) -> Result<BTreeMap<String, String>, Refusal> {
    let value = headers.get(UPLOAD_METADATA).ok_or_else(|| missing(UPLOAD_METADATA.as_str()))?;
    let refused = || wrong(UPLOAD_METADATA.as_str());
    let mut metadata = BTreeMap::new();
    for pair in value.to_str().map_err(|_| refused())?.split(',') {
        let (key, value) = pair.trim().split_once(' ').ok_or_else(refused)?;
        let value = STANDARD.decode(value.trim()).map_err(|_| refused())?;
        if metadata.insert(key.to_owned(), String::from_utf8(value).map_err(|_| refused())?).is_some() {
            return Err(refused());
        }
    }
    Ok(metadata)
}

fn entry<T: FromStr>(metadata: &BTreeMap<String, String>, key: &str) -> Result<T, Refusal> {
    let field = format!("{UPLOAD_METADATA}.{key}");
    metadata.get(key).ok_or_else(|| missing(&field))?.parse().map_err(|_| wrong(&field))
}

fn number(headers: &HeaderMap, name: HeaderName) -> Result<Option<u64>, Refusal> {
    let Some(value) = headers.get(&name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| wrong(name.as_str()))
}

fn missing(field: &str) -> Refusal {
    Refusal::bad_request("missing_header", "A header is missing", "Send the header that is named here.")
        .field(field)
}

fn wrong(field: &str) -> Refusal {
    Refusal::bad_request(
        "wrong_header",
        "A header has a value that does not fit",
        "Look at the header that is named here.",
    )
    .field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
        for (name, value) in pairs {
            headers.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        headers
    }

    fn described(photo: &str, appointment: &str, sha256: &str) -> String {
        let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
        [pair("photo", photo), pair("appointment", appointment), pair("sha256", sha256)].join(", ")
    }

    #[test]
    fn an_announcement_is_read_from_its_headers() {
        let described = described(&"ab".repeat(16), &"cd".repeat(16), &"ef".repeat(32));
        let read =
            announcement(&headers(&[("upload-length", "17"), ("upload-metadata", &described)])).unwrap();
        assert_eq!(read.length, 17);
        assert_eq!(read.photo, PhotoId::from_bytes([0xab; 16]));
        assert_eq!(read.appointment, AppointmentId::from_bytes([0xcd; 16]));
        assert_eq!(read.sha256, Sha256::from_bytes([0xef; 32]));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_name() {
        let good = described(&"ab".repeat(16), &"cd".repeat(16), &"ef".repeat(32));
        let short = described("ab", &"cd".repeat(16), &"ef".repeat(32));
        let field = |refused: Refusal| refused.problem().field.clone().unwrap();
        let table: &[(&[(&str, &str)], &str)] = &[
            (&[("upload-metadata", &good)], "upload-length"),
            (&[("upload-length", "-1"), ("upload-metadata", &good)], "upload-length"),
            (&[("upload-length", "+1"), ("upload-metadata", &good)], "upload-length"),
            (&[("upload-length", "99999999999999999999"), ("upload-metadata", &good)], "upload-length"),
            (&[("upload-length", "1")], "upload-metadata"),
            (&[("upload-length", "1"), ("upload-metadata", "photo")], "upload-metadata"),
            (&[("upload-length", "1"), ("upload-metadata", "photo !!!")], "upload-metadata"),
            (&[("upload-length", "1"), ("upload-metadata", "photo YQ==,photo YQ==")], "upload-metadata"),
            (&[("upload-length", "1"), ("upload-metadata", "other YQ==")], "upload-metadata.photo"),
            (&[("upload-length", "1"), ("upload-metadata", &short)], "upload-metadata.photo"),
        ];
        for (pairs, expected) in table {
            assert_eq!(field(announcement(&headers(pairs)).unwrap_err()), *expected);
        }
        let kind = ("content-type", "application/offset+octet-stream");
        assert_eq!(field(patch(&headers(&[("upload-offset", "1")])).unwrap_err()), "content-type");
        assert_eq!(field(patch(&headers(&[kind])).unwrap_err()), "upload-offset");
        for checksum in ["sha1 YQ==", "sha256", "sha256 YQ==", "sha256 !"] {
            let refused =
                patch(&headers(&[kind, ("upload-offset", "1"), ("upload-checksum", checksum)])).unwrap_err();
            assert_eq!(field(refused), "upload-checksum");
        }
        assert_eq!(field(patch(&HeaderMap::new()).unwrap_err()), "tus-resumable");
    }
}
