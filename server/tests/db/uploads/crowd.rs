//! Several requests at once, and connections that die.

use super::*;

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
async fn what_was_on_its_way_is_read_before_a_request_gives_way() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let sending = scene.sending(1, &picture(1, ImageFormat::Png));
        sending.announce().await;
        let (arrived, has_arrived) = tokio::sync::oneshot::channel();
        let (asked, is_asked) = tokio::sync::oneshot::channel();
        let first = Bytes::copy_from_slice(&sending.envelope[..40]);
        let second = Bytes::copy_from_slice(&sending.envelope[40..80]);
        let broken = stream::once(async { Ok::<_, std::io::Error>(first) })
            .chain(stream::once(async move {
                arrived.send(()).unwrap();
                is_asked.await.unwrap();
                Ok(second)
            }))
            .chain(stream::once(async { Err(std::io::Error::other("the link broke")) }));
        let breaks = sending.patch(0, &[], Body::from_stream(broken));
        let goes_on = async {
            has_arrived.await.unwrap();
            let asks = async {
                tokio::task::yield_now().await;
                asked.send(()).unwrap();
            };
            let (head, ()) = tokio::join!(sending.head(), asks);
            assert_eq!(head.header("upload-offset"), "80");
            sending.patch_from(80).await
        };
        let (_, new) = tokio::join!(breaks, goes_on);
        assert_eq!(new.status, StatusCode::NO_CONTENT);
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
            let calls = ground.app.db.read().await.unwrap().calls_of(ground.app.seller, visit).await.unwrap();
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
