//! What an upload is refused with.

use super::{Refusal, headers::UPLOAD_OFFSET};
use axum::http::{HeaderValue, StatusCode};
use doorstep_core::photo::PhotoRefusal;

fn with_offset(refusal: Refusal, offset: u64) -> Refusal {
    refusal.header(UPLOAD_OFFSET, HeaderValue::from(offset))
}

pub(super) fn offset_differs(offset: u64) -> Refusal {
    let refusal = Refusal::conflict(
        "upload_offset_differs",
        "The upload is at another place",
        "Go on from the Upload-Offset of this answer.",
    );
    with_offset(refusal.field("upload-offset"), offset)
}

pub(super) fn too_long(offset: u64) -> Refusal {
    let refusal = Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "upload_too_long",
        "There is more than was announced",
        "Send what belongs to the photo only.",
    );
    with_offset(refusal, offset)
}

pub(super) fn broken_off(offset: u64) -> Refusal {
    let refusal = Refusal::bad_request(
        "incomplete_body",
        "The request broke off",
        "Go on from the Upload-Offset of this answer.",
    );
    with_offset(refusal, offset)
}

pub(super) fn taken_over(offset: u64) -> Refusal {
    let refusal = Refusal::new(
        StatusCode::LOCKED,
        "upload_taken_over",
        "A newer request goes on with this photo",
        "Leave it to that one.",
    );
    with_offset(refusal, offset)
}

/// 460, as the tus checksum extension has it.
pub(super) fn checksum_differs(title: &str, detail: &str) -> Refusal {
    let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::new(status, "upload_checksum", title, detail)
}

pub(super) fn refused_picture(refusal: PhotoRefusal) -> Refusal {
    let (title, detail) = match refusal {
        PhotoRefusal::Empty => ("The photo is empty", "Take it again."),
        PhotoRefusal::TooLarge => ("The photo has more than 5,242,880 bytes", "Take it again, smaller."),
        PhotoRefusal::NotAPicture => ("The photo is neither JPEG nor PNG", "Take it again."),
        PhotoRefusal::UnknownEnvelope => (
            "The photo comes in a form this server does not know",
            "Reload the app, or wait until the server is updated.",
        ),
        PhotoRefusal::KeyGone => (
            "The key this photo was sealed to is destroyed",
            "Take it again, if there is still something to show.",
        ),
        PhotoRefusal::DoesNotOpen => ("The photo does not open", "Take it again."),
    };
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), title, detail)
}

pub(super) fn expired() -> Refusal {
    Refusal::new(
        StatusCode::GONE,
        "visit_expired",
        "The time to keep this visit's data is over",
        "Nothing more can be added to it. Tell the office.",
    )
}

pub(super) fn absent() -> Refusal {
    Refusal::not_found(
        "no_such_upload",
        "This photo was not announced",
        "Announce it first, with POST /api/uploads.",
    )
}

pub(super) fn is_absent(refusal: &Refusal) -> bool {
    refusal.problem().code == "no_such_upload"
}
