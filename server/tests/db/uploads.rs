//! Uploads over the router: what arrives stays, what is safe was committed, and nothing else counts as proof.

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
            assert_eq!(created.header("upload-expires"), "Sat, 04 Apr 2026 16:00:00 GMT");
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
async fn a_newer_request_takes_over_from_one_that_hangs() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let (arrived, has_arrived) = tokio::sync::oneshot::channel();
        let first = Bytes::copy_from_slice(&sending.envelope[..40]);
        let hanging =
            stream::once(async { Ok::<_, std::io::Error>(first) }).chain(stream::once(async move {
                arrived.send(()).unwrap();
                std::future::pending().await
            }));
        let hangs = sending.patch(0, &[], Body::from_stream(hanging));
        let goes_on = async {
            has_arrived.await.unwrap();
            assert_eq!(sending.head().await.header("upload-offset"), "40");
            sending.patch_from(40).await
        };
        let (old, new) = tokio::join!(hangs, goes_on);
        assert_eq!(old.refusal(), (423, "upload_taken_over".to_owned()));
        assert_eq!(new.status, StatusCode::NO_CONTENT);
        assert_eq!(scene.safe_events().await, 1);
    })
    .await;
}

#[tokio::test]
async fn many_requests_at_once_make_one_photo() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let replies = futures_util::future::join_all((0..8).map(|_| sending.patch_from(0))).await;
        assert!(replies.iter().all(|reply| [204, 409, 423].contains(&reply.status.as_u16())), "{replies:?}");
        let offset = sending.head().await.header("upload-offset").parse().unwrap();
        assert_eq!(sending.patch_from(offset).await.status, StatusCode::NO_CONTENT);
        assert_eq!(sending.receipt().await.status, StatusCode::OK);
        assert_eq!((scene.safe_events().await, scene.uploads_on_disk()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_proof_is_refused_with_its_reason_and_forgotten() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let jpeg = picture(1, ImageFormat::Jpeg);
        let mut wide = Vec::new();
        let strip = image::DynamicImage::new_luma8(12_001, 1);
        strip.write_to(&mut std::io::Cursor::new(&mut wide), ImageFormat::Png).unwrap();
        let table: Vec<(Vec<u8>, &str)> = vec![
            (envelope(b"GIF89a plainly made up"), "photo_not_jpeg_or_png"),
            (envelope(&jpeg[..jpeg.len() / 3]), "photo_damaged"),
            (envelope(b"\x89PNG\r\n\x1a\nplainly made up"), "photo_damaged"),
            (envelope(&wide), "photo_too_many_pixels"),
            ([b"DPE\x02", &jpeg[..]].concat(), "photo_envelope_unknown"),
            (jpeg.clone(), "photo_envelope_unknown"),
        ];
        for (bytes, code) in table {
            let mut sending = scene.sending(1, b"");
            sending.envelope = bytes;
            assert_eq!(sending.announce().await.status, StatusCode::CREATED, "{code}");
            assert_eq!(sending.patch_from(0).await.refusal(), (422, code.to_owned()));
            assert_eq!(sending.receipt().await.refusal(), (404, "photo_not_safe".to_owned()));
            assert_eq!(sending.head().await.status, StatusCode::NOT_FOUND);
            assert_eq!(scene.uploads_on_disk(), 0);
        }
        let mut sending = scene.sending(1, b"");
        assert_eq!(sending.announce().await.refusal(), (422, "photo_empty".to_owned()));
        sending.envelope = vec![0; 5_242_885];
        assert_eq!(sending.announce().await.refusal(), (422, "photo_too_large".to_owned()));
        assert_eq!(scene.safe_events().await, 0);
        // The same id serves the photo that is taken instead.
        scene.sending(1, &jpeg).send().await;
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

#[tokio::test]
async fn a_technician_sends_and_sees_the_photos_of_own_visits_only() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let kim = sign_in(&scene.ground, "Kim Sample", Role::Technician, &["T2"], &[]).await;
        let lee = sign_in(&scene.ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        let by = |person| Sending { person, ..scene.sending(1, &picture(1, ImageFormat::Png)) };
        assert_eq!(by(&kim).announce().await.refusal(), (404, "no_such_visit".to_owned()));
        assert_eq!(by(&lee).announce().await.refusal(), (403, "not_your_role".to_owned()));
        sending.announce().await;
        assert_eq!(by(&kim).head().await.status, StatusCode::NOT_FOUND);
        assert_eq!(by(&kim).patch_from(0).await.refusal(), (404, "no_such_upload".to_owned()));
        // The visit is given to somebody else: the photo arrives all the same.
        super::intake::take_in(&scene.ground, &[super::day::job("one", 0, "ACTIVE", &["T7"])]).await;
        assert_eq!(sending.patch_from(0).await.status, StatusCode::NO_CONTENT);
        assert_eq!(sending.receipt().await.status, StatusCode::OK);
        assert_eq!(by(&kim).receipt().await.status, StatusCode::NOT_FOUND);
        for image in ["picture", "thumbnail"] {
            let path = format!("/api/photos/{}/{image}", sending.photo);
            assert_eq!(get(&scene.router, &kim, &path).await.refusal(), (404, "no_such_photo".to_owned()));
            assert_eq!(get(&scene.router, &scene.robin, &path).await.status, StatusCode::OK);
            assert_eq!(get(&scene.router, &lee, &path).await.status, StatusCode::OK);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_added_to_a_visit_whose_time_is_over() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.ground.clock.advance_ms(31 * DAY);
        let again = sign_in(&scene.ground, "Sam Sample", Role::Technician, &["T4"], &[]).await;
        super::intake::take_in(&scene.ground, &[super::day::job("one", 0, "ACTIVE", &["T1", "T4"])]).await;
        let sending = Sending { person: &again, ..scene.sending(1, &picture(1, ImageFormat::Png)) };
        assert_eq!(sending.announce().await.refusal(), (410, "visit_expired".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_last_photo_and_the_last_change_close_a_visit_in_whatever_order_they_come() {
    on_both_engines(async |ground| {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let router = http::router(ground.app.clone());
        let names = ["one", "two", "three", "four", "five", "six"];
        for (number, visit) in visits(&ground, &names).await.into_iter().enumerate() {
            let pictures = [picture(1, ImageFormat::Png), picture(2, ImageFormat::Png)];
            let ids = [photo_id(number as u8 * 2), photo_id(number as u8 * 2 + 1)];
            let sending = |n: usize| Sending::new(&router, &robin, visit, ids[n], &pictures[n]);
            sending(0).send().await;
            let (first, second) = (sending(0), sending(1));
            let photos = [(first.photo, &pictures[0][..]), (second.photo, &pictures[1][..])];
            tokio::join!(second.send(), record(&ground.app, &robin, visit, &photos));
            let calls = ground.app.db.read().await.unwrap().calls_of(visit).await.unwrap();
            assert_eq!(calls.len(), 4, "visit {number} is handed over");
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_dies_loses_no_byte_that_arrived() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let server = tokio::spawn(http::serve(scene.ground.app.clone(), listener, stopped));
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;

        // What arrives within one piece is only in the server's memory when the connection dies.
        let mut offset = 0;
        for part in [100, 33] {
            let mut connection = TcpStream::connect(address).await.unwrap();
            let head = format!(
                "PATCH {} HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\ntus-resumable: 1.0.0\r\n\
                 content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\n\
                 content-length: {}\r\n\r\n",
                sending.path(),
                scene.robin.cookie,
                sending.envelope.len() - offset,
            );
            connection.write_all(head.as_bytes()).await.unwrap();
            connection.write_all(&sending.envelope[offset..offset + part]).await.unwrap();
            drop(connection);
            offset += part;
            let uploads = scene.ground.app.blobs.clone();
            while uploads.upload_len(&sending.photo.to_string()).await.unwrap() != Some(offset as u64) {
                tokio::task::yield_now().await;
            }
        }
        stop.send(true).unwrap();
        server.await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_server_says_what_it_can() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
    let router = http::router(ground.app.clone());
    let reply =
        super::closeout::ask(&router, &robin, Method::OPTIONS, "/api/uploads", &[], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.header("tus-version"), "1.0.0");
    assert_eq!(reply.header("tus-extension"), "creation,checksum,expiration");
    assert_eq!(reply.header("tus-max-size"), "5242884");
    let old = super::closeout::ask(&router, &robin, Method::POST, "/api/uploads", &[], Body::empty()).await;
    assert_eq!(old.refusal(), (412, "tus_version".to_owned()));
}
