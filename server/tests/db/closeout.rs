//! A technician who closes out, as far as these tests need one: a session, a document with all that the standard
//! policy wants, and photos.

use super::{
    day::job,
    engines::{Ground, HOUR},
    intake::take_in,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_core::{
    api::Role,
    closeout::{Answer, Step},
    digest::Sha256,
    document::{
        Actor, Document, Put,
        admit::{Incoming, admit},
    },
    id::{AppointmentId, DeviceId, EpochId, PhotoId},
    photo::{MediaType, PhotoFacts, envelope},
    time::{Anchor, Moment, ServerSeen, Timestamp},
    vault::Key,
};
use doorstep_server::{
    app::App,
    closing,
    db::{document::Contact, photo::SafePhoto, session::Session},
    seal::device_key_place,
};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;
use tower::ServiceExt as _;

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) device: DeviceId,
    pub(crate) cookie: String,
}

/// Adds and signs in a user, without the time a password takes.
pub(crate) async fn sign_in(
    ground: &Ground,
    name: &str,
    role: Role,
    technician: &[&str],
    resource: &[&str],
) -> Person {
    let app = &ground.app;
    let user = ground.add(name, role, technician, resource).await;
    let token = app.entropy.bytes::<32>();
    let device = DeviceId::from_bytes(app.entropy.bytes());
    let store_key = Key::from_bytes(app.entropy.bytes());
    let technician = role == Role::Technician;
    let mut tx = app.db.write().await.unwrap();
    let now = app.clock.now();
    if technician {
        let wrapped = app.root_key.wrap(&device_key_place(device), &store_key, &*app.entropy).unwrap();
        tx.insert_device(app.seller, user, device, &wrapped, now).await.unwrap();
    }
    let session = Session {
        user,
        seller: app.seller,
        name: name.to_owned(),
        role,
        device: technician.then_some(device),
        proves: false,
        barred: None,
    };
    tx.insert_session(&Sha256::of(&token), &session, now, now.plus_ms(48 * HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    Person { device, cookie: format!("doorstep_session={}", hex::encode(token)) }
}

/// Visits of technician T1, one job each, in the order of their names.
pub(crate) async fn visits(ground: &Ground, names: &[&str]) -> Vec<AppointmentId> {
    let jobs: Vec<_> = names.iter().map(|name| job(name, 0, "ACTIVE", &["T1"])).collect();
    take_in(ground, &jobs).await;
    let mut tx = ground.app.db.read().await.unwrap();
    let mut found = Vec::new();
    for visit in tx.board_appointments(ground.app.seller, Timestamp(0), Timestamp(i64::MAX)).await.unwrap() {
        let name = tx.visit(ground.app.seller, visit).await.unwrap().unwrap().service_job;
        found.push((name.as_str().to_owned(), visit));
    }
    found.sort();
    found.into_iter().map(|(_, visit)| visit).collect()
}

/// A small picture that differs by its number.
pub(crate) fn picture(number: u8, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(64, 48, |x, y| image::Rgb([number, (x * 4) as u8, (y * 5) as u8]));
    let mut bytes = Vec::new();
    DynamicImage::from(pixels).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

pub(crate) fn photo_id(number: u8) -> PhotoId {
    PhotoId::from_bytes([number; 16])
}

/// Records a whole closeout with these photos, as if a phone had synced it now. It closes once all are safe.
pub(crate) async fn record(app: &App, person: &Person, visit: AppointmentId, photos: &[(PhotoId, &[u8])]) {
    let (now, epoch) = (app.clock.now(), EpochId::from_bytes([3; 8]));
    let sent = 3 * HOUR;
    let moment = |ms: i64| Moment {
        epoch,
        monotonic_ms: ms as u64,
        wall: now.plus_ms(ms - sent),
        seen: Some(ServerSeen {
            server: now.plus_ms(-sent),
            wall: now.plus_ms(-sent),
            monotonic_ms: Some(0),
        }),
    };
    let mut puts = vec![
        Put::Step(Step::Arrived, moment(HOUR)),
        Put::Step(Step::Started, moment(HOUR + 60_000)),
        Put::Step(Step::Finished, moment(2 * HOUR)),
        Put::Answer("work_done".to_owned(), Answer::Yes),
        Put::Answer("tested".to_owned(), Answer::Yes),
        Put::Answer("site_clean".to_owned(), Answer::Yes),
        Put::Answer("damage".to_owned(), Answer::No),
    ];
    for (number, (photo, picture)) in photos.iter().enumerate() {
        let facts = PhotoFacts {
            shot: if number == 0 { "after" } else { "detail" }.to_owned(),
            sha256: Sha256::of(picture),
            size: picture.len() as u32,
            width: 64,
            height: 48,
            media: MediaType::sniff(picture).unwrap(),
            taken: moment(2 * HOUR - 1000),
        };
        puts.push(Put::Photo(*photo, facts));
    }
    put_at(app, person, visit, &puts, sent).await;
}

/// Records this and nothing else, as if a phone had synced it now.
pub(crate) async fn put(app: &App, person: &Person, visit: AppointmentId, puts: &[Put]) {
    put_at(app, person, visit, puts, 0).await;
}

async fn put_at(app: &App, person: &Person, visit: AppointmentId, puts: &[Put], sent: i64) {
    let (now, epoch) = (app.clock.now(), EpochId::from_bytes([3; 8]));
    let mut tx = app.db.write().await.unwrap();
    tx.lock_documents(app.seller, &[visit]).await.unwrap();
    let stored = tx.load_document(app.seller, visit).await.unwrap().unwrap();
    let document = Document::load(&stored.snapshot).unwrap();
    let change = document.clone().edit(Actor { device: person.device, epoch }, puts).unwrap().unwrap();
    let admitted = admit(&document, person.device, &Incoming::Changes(vec![change.bytes])).unwrap();
    let anchor = Anchor::of(now, sent as u64);
    let contact = Contact { device: person.device, received: now, clock: Some((epoch, anchor)) };
    tx.store_admitted(app.seller, visit, &contact, &admitted).await.unwrap();
    closing::settle(app, &mut tx, app.seller, visit, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// A photo that is safe in the database alone, for tests that look at no bytes.
pub(crate) async fn pretend_safe(app: &App, person: &Person, visit: AppointmentId, photo: PhotoId) {
    let mut tx = app.db.write().await.unwrap();
    let safe = SafePhoto {
        photo,
        appointment: visit,
        device: person.device,
        media: MediaType::Jpeg,
        size: 5,
        uploaded_length: 9,
        uploaded_sha256: Sha256::of(b"up"),
        picture_sha256: Sha256::of(b"picture"),
        safe_at: app.clock.now(),
        expires_at: app.clock.now().plus_ms(HOUR),
    };
    assert!(tx.insert_photo(app.seller, &safe).await.unwrap());
    tx.commit().await.unwrap();
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Status, code and field of a refusal.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap().to_owned())
    }
}

pub(crate) async fn ask(
    router: &Router,
    person: &Person,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header("cookie", &person.cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

pub(crate) async fn get(router: &Router, person: &Person, path: &str) -> Reply {
    ask(router, person, Method::GET, path, &[], Body::empty()).await
}

pub(crate) async fn post_json(
    router: &Router,
    person: &Person,
    path: &str,
    body: &impl serde::Serialize,
) -> Reply {
    let json = serde_json::to_vec(body).unwrap();
    let headers = [("content-type", "application/json")];
    ask(router, person, Method::POST, path, &headers, Body::from(json)).await
}

/// One upload as a phone makes it.
pub(crate) struct Sending<'a> {
    pub(crate) router: &'a Router,
    pub(crate) person: &'a Person,
    pub(crate) visit: AppointmentId,
    pub(crate) photo: PhotoId,
    pub(crate) envelope: Vec<u8>,
}

impl<'a> Sending<'a> {
    pub(crate) fn new(
        router: &'a Router,
        person: &'a Person,
        visit: AppointmentId,
        photo: PhotoId,
        picture: &[u8],
    ) -> Self {
        Self { router, person, visit, photo, envelope: envelope(picture) }
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/uploads/{}", self.photo)
    }

    pub(crate) async fn announce(&self) -> Reply {
        let pair = |key: &str, value: String| format!("{key} {}", STANDARD.encode(value));
        let metadata = [
            pair("photo", self.photo.to_string()),
            pair("appointment", self.visit.to_string()),
            pair("sha256", Sha256::of(&self.envelope).to_string()),
        ]
        .join(",");
        let length = self.envelope.len().to_string();
        let headers =
            [("tus-resumable", "1.0.0"), ("upload-length", &length), ("upload-metadata", &metadata)];
        ask(self.router, self.person, Method::POST, "/api/uploads", &headers, Body::empty()).await
    }

    pub(crate) async fn head(&self) -> Reply {
        ask(
            self.router,
            self.person,
            Method::HEAD,
            &self.path(),
            &[("tus-resumable", "1.0.0")],
            Body::empty(),
        )
        .await
    }

    pub(crate) async fn patch(&self, offset: usize, headers: &[(&str, &str)], body: Body) -> Reply {
        let offset = offset.to_string();
        let common = [
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", &offset),
        ];
        let headers: Vec<_> = common.iter().chain(headers).copied().collect();
        ask(self.router, self.person, Method::PATCH, &self.path(), &headers, body).await
    }

    pub(crate) async fn patch_from(&self, offset: usize) -> Reply {
        self.patch(offset, &[], Body::from(self.envelope[offset..].to_vec())).await
    }

    /// All of it at once.
    pub(crate) async fn send(&self) {
        assert_eq!(self.announce().await.status, StatusCode::CREATED);
        let reply = self.patch_from(0).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&reply.body));
    }

    pub(crate) async fn receipt(&self) -> Reply {
        get(self.router, self.person, &format!("/api/photos/{}/receipt", self.photo)).await
    }
}
