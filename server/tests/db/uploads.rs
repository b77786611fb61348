//! Uploads over the router: what arrives stays, what is safe was committed, and nothing else counts as proof.

mod crowd;
mod refusals;

use super::{
    closeout::{Person, Sending, get, photo_id, picture, record, sign_in, visits},
    engines::{DAY, Ground, on_both_engines},
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_core::{
    api::{Role, What},
    digest::Sha256,
    id::AppointmentId,
    photo::envelope,
};
use doorstep_server::http;
use futures_util::{StreamExt as _, stream};
use image::ImageFormat;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

struct Scene {
    ground: Ground,
    router: Router,
    robin: Person,
    visit: AppointmentId,
}

impl Scene {
    async fn on(ground: Ground) -> Self {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(&ground, &["one"]).await[0];
        Self { router: http::router(ground.app.clone()), ground, robin, visit }
    }

    fn sending(&self, number: u8, picture: &[u8]) -> Sending<'_> {
        Sending::new(&self.router, &self.robin, self.visit, photo_id(number), picture)
    }

    async fn safe_events(&self) -> usize {
        let mut tx = self.ground.app.db.read().await.unwrap();
        let events = tx.events_after(self.ground.app.seller, 0, 1000).await.unwrap();
        events.iter().filter(|event| matches!(event.what, What::PhotoSafe { .. })).count()
    }

    fn uploads_on_disk(&self) -> usize {
        std::fs::read_dir(self.ground.app.settings.data.join("uploads")).unwrap().count()
    }
}

/// A body that brings these bytes and then breaks off.
fn broken(bytes: &[u8]) -> Body {
    let pieces: Vec<Result<Bytes, std::io::Error>> =
        bytes.chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let end = stream::once(async { Err(std::io::Error::other("the link broke")) });
    Body::from_stream(stream::iter(pieces).chain(end))
}

#[tokio::test]
async fn a_photo_is_safe_with_its_last_byte_and_can_be_looked_at() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        for (number, format, mime) in
            [(1, ImageFormat::Jpeg, "image/jpeg"), (2, ImageFormat::Png, "image/png")]
        {
            let picture = picture(number, format);
            let sending = scene.sending(number, &picture);
            let created = sending.announce().await;
            assert_eq!(created.status, StatusCode::CREATED);
            assert_eq!(created.header("location"), sending.path());
            assert_eq!(created.header("upload-offset"), "0");
            assert_eq!(created.header("tus-resumable"), "1.0.0");
            assert_eq!(created.header("upload-expires"), "Thu, 12 Mar 2026 15:00:00 GMT");
            assert_eq!(sending.receipt().await.refusal(), (404, "photo_not_safe".to_owned()));

            let half = sending.envelope.len() / 2;
            let reply = sending.patch(0, &[], Body::from(sending.envelope[..half].to_vec())).await;
            assert_eq!(
                (reply.status, reply.header("upload-offset")),
                (StatusCode::NO_CONTENT, &*half.to_string())
            );
            let head = sending.head().await;
            assert_eq!(head.header("upload-offset"), half.to_string());
            assert_eq!(head.header("upload-length"), sending.envelope.len().to_string());
            assert_eq!(head.header("cache-control"), "no-store");
            assert_eq!(sending.patch_from(half).await.status, StatusCode::NO_CONTENT);

            let receipt = sending.receipt().await.json();
            assert_eq!(receipt["uploadedSha256"], Sha256::of(&sending.envelope).to_string());
            assert_eq!(receipt["pictureSha256"], Sha256::of(&picture).to_string());
            let shown =
                get(&scene.router, &scene.robin, &format!("/api/photos/{}/picture", sending.photo)).await;
            assert_eq!((shown.header("content-type"), &shown.body), (mime, &picture));
            assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(shown.header("x-content-type-options"), "nosniff");
            let small =
                get(&scene.router, &scene.robin, &format!("/api/photos/{}/thumbnail", sending.photo)).await;
            assert_eq!(small.header("content-type"), "image/jpeg");
            assert!(image::load_from_memory_with_format(&small.body, ImageFormat::Jpeg).is_ok());
        }
        assert_eq!((scene.safe_events().await, scene.uploads_on_disk()), (2, 0));
        let mut blobs = std::fs::read_dir(scene.ground.app.settings.data.join("blobs")).unwrap();
        assert!(
            blobs.all(|blob| std::fs::read(blob.unwrap().path()).unwrap()[0] == 1),
            "every blob is sealed"
        );
    })
    .await;
}

#[tokio::test]
async fn the_bytes_of_a_broken_request_are_kept() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let mut offset = 0;
        for part in [10, 1, 80] {
            let reply = sending.patch(offset, &[], broken(&sending.envelope[offset..offset + part])).await;
            offset += part;
            assert_eq!(reply.refusal(), (400, "incomplete_body".to_owned()));
            assert_eq!(reply.header("upload-offset"), offset.to_string());
            assert_eq!(sending.head().await.header("upload-offset"), offset.to_string());
        }
        assert_eq!(sending.patch_from(offset).await.status, StatusCode::NO_CONTENT);
        assert_eq!(sending.receipt().await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn bytes_count_only_at_the_end_of_what_is_there() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        sending.patch(0, &[], Body::from(sending.envelope[..20].to_vec())).await;
        for wrong in [0, 19, 21, 5_000_000] {
            let reply = sending.patch(wrong, &[], Body::from("more")).await;
            assert_eq!(reply.refusal(), (409, "upload_offset_differs".to_owned()));
            assert_eq!(reply.header("upload-offset"), "20");
        }
        let beyond = vec![0; sending.envelope.len() - 19];
        assert_eq!(
            sending.patch(20, &[], Body::from(beyond)).await.refusal(),
            (413, "upload_too_long".to_owned())
        );
        assert_eq!(sending.head().await.header("upload-offset"), "20");
        assert_eq!(sending.patch_from(20).await.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn a_checksum_is_proved_before_its_bytes_count() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let part = &sending.envelope[..50];
        let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::of(bytes).as_bytes()));
        let wrong = sending.patch(0, &[("upload-checksum", &sum(b"other"))], Body::from(part.to_vec())).await;
        assert_eq!(wrong.refusal(), (460, "upload_checksum".to_owned()));
        // A part of what the checksum is for proves nothing.
        let reply = sending.patch(0, &[("upload-checksum", &sum(part))], broken(&part[..40])).await;
        assert_eq!(reply.refusal(), (400, "incomplete_body".to_owned()));
        assert_eq!(sending.head().await.header("upload-offset"), "0");
        let right = sending.patch(0, &[("upload-checksum", &sum(part))], Body::from(part.to_vec())).await;
        assert_eq!((right.status, right.header("upload-offset")), (StatusCode::NO_CONTENT, "50"));
    })
    .await;
}

#[tokio::test]
async fn an_upload_whose_digest_differs_begins_anew() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let mut changed = sending.envelope.clone();
        changed[60] ^= 1;
        assert_eq!(
            sending.patch(0, &[], Body::from(changed)).await.refusal(),
            (460, "upload_checksum".to_owned())
        );
        assert_eq!(sending.head().await.header("upload-offset"), "0");
        assert_eq!(sending.patch_from(0).await.status, StatusCode::NO_CONTENT);
        assert_eq!(scene.safe_events().await, 1);
    })
    .await;
}

#[tokio::test]
async fn asking_twice_is_one_upload_and_a_safe_photo_is_not_sent_again() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let (one, other) = (picture(1, ImageFormat::Png), picture(2, ImageFormat::Png));
        let sending = scene.sending(1, &one);
        sending.announce().await;
        sending.patch(0, &[], Body::from(sending.envelope[..30].to_vec())).await;
        let again = sending.announce().await;
        assert_eq!((again.status, again.header("upload-offset")), (StatusCode::CREATED, "30"));
        let differs = (409, "upload_differs".to_owned());
        assert_eq!(scene.sending(1, &other).announce().await.refusal(), differs);

        sending.patch_from(30).await;
        let whole = sending.envelope.len().to_string();
        for reply in [
            sending.announce().await,
            sending.head().await,
            sending.patch(sending.envelope.len(), &[], Body::empty()).await,
        ] {
            assert!(reply.status.is_success());
            assert_eq!(reply.header("upload-offset"), whole);
        }
        assert_eq!(sending.patch_from(0).await.header("upload-offset"), whole);
        assert_eq!(scene.sending(1, &other).announce().await.refusal(), differs);

        // A photo belongs to the visit that named it first.
        let second = visits(&scene.ground, &["one", "two"]).await[1];
        let moved = Sending::new(&scene.router, &scene.robin, second, photo_id(1), &one);
        assert_eq!(moved.announce().await.refusal(), differs);
        assert_eq!(scene.safe_events().await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_a_crash_left_whole_is_finished_by_whoever_asks() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        for (number, by_receipt) in [(1, true), (2, false)] {
            let sending = scene.sending(number, &picture(number, ImageFormat::Png));
            sending.announce().await;
            // The server died after the last byte was on disk and before the photo was in the database.
            let name = sending.photo.to_string();
            scene.ground.app.blobs.append_upload(&name, 0, sending.envelope.clone()).await.unwrap();
            if !by_receipt {
                assert_eq!(sending.head().await.header("upload-offset"), sending.envelope.len().to_string());
            }
            assert_eq!(sending.receipt().await.status, StatusCode::OK);
        }
        assert_eq!((scene.safe_events().await, scene.uploads_on_disk()), (2, 0));
    })
    .await;
}
