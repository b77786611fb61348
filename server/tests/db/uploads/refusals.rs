//! What is refused, and to whom.

use super::*;

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
            ([b"DPE\x03", &jpeg[..]].concat(), "photo_envelope_unknown"),
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
        sending.envelope = vec![0; 5_242_982];
        assert_eq!(sending.announce().await.refusal(), (422, "photo_too_large".to_owned()));
        assert_eq!(scene.safe_events().await, 0);
        // The same id serves the photo that is taken instead.
        scene.sending(1, &jpeg).send().await;
        assert_eq!(scene.safe_events().await, 1);
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
        crate::db::intake::take_in(&scene.ground, &[crate::db::day::job("one", 0, "ACTIVE", &["T7"])]).await;
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
        crate::db::intake::take_in(&scene.ground, &[crate::db::day::job("one", 0, "ACTIVE", &["T1", "T4"])])
            .await;
        let sending = Sending { person: &again, ..scene.sending(1, &picture(1, ImageFormat::Png)) };
        assert_eq!(sending.announce().await.refusal(), (410, "visit_expired".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_server_says_what_it_can() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
    let router = http::router(ground.app.clone());
    let reply =
        crate::db::closeout::ask(&router, &robin, Method::OPTIONS, "/api/uploads", &[], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.header("tus-version"), "1.0.0");
    assert_eq!(reply.header("tus-extension"), "creation,checksum,expiration");
    assert_eq!(reply.header("tus-max-size"), "5242981");
    let old =
        crate::db::closeout::ask(&router, &robin, Method::POST, "/api/uploads", &[], Body::empty()).await;
    assert_eq!(old.refusal(), (412, "tus_version".to_owned()));
}
