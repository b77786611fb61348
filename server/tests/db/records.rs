//! Notes for the office and places: whoever deals with a visit reads them, as long as its buyer's data is kept.

use super::{
    closeout::{Person, get, photo_id, picture, put, record, sign_in, visits},
    engines::{Ground, on_both_engines},
};
use doorstep_core::{
    api::{Notes, PlaceOf, Places, Role},
    closeout::{RecordFacts, RecordKind, Step},
    document::Put,
    id::{AppointmentId, FactId, RecordId},
    pii::Pii,
    record::{Content, Position, Spot},
    vault::Key,
};
use doorstep_server::{card, db::document::Contact, http};
use image::ImageFormat;

struct Written<'a> {
    ground: &'a Ground,
    robin: Person,
    visit: AppointmentId,
    key: Key,
}

impl<'a> Written<'a> {
    async fn on(ground: &'a Ground) -> Self {
        let app = &ground.app;
        let robin = sign_in(ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let visit = visits(ground, &["one"]).await[0];
        let mut tx = app.db.read().await.unwrap();
        let known = tx.visit(app.seller, visit).await.unwrap().unwrap();
        let key = tx.job_key(&app.root_key, app.seller, known.job).await.unwrap().unwrap();
        drop(tx);
        Self { ground, robin, visit, key }
    }

    /// The record's bytes reach the server.
    async fn send(&self, record: RecordId, sealed: &[u8]) {
        let app = &self.ground.app;
        let contact = Contact { device: self.robin.device, received: app.clock.now(), clock: None };
        let mut tx = app.db.write().await.unwrap();
        assert!(tx.store_record(app.seller, self.visit, &contact, record, sealed).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// The closeout names it.
    async fn name(&self, record: RecordId, kind: RecordKind, step: Option<Step>) {
        let facts = RecordFacts { kind, length: 5, step };
        put(&self.ground.app, &self.robin, self.visit, &[Put::Record(record, facts)]).await;
    }

    fn sealed(&self, record: RecordId, words: &str) -> Vec<u8> {
        Content::Note(Pii::new(words.to_owned())).seal(&self.key, record).unwrap()
    }
}

#[tokio::test]
async fn notes_are_read_with_who_wrote_them_and_only_those_that_the_closeout_names() {
    on_both_engines(async |ground| {
        let written = Written::on(&ground).await;
        let [first, broken, unnamed, last] = [1, 2, 3, 4].map(|number| RecordId::from_bytes([number; 16]));
        for (record, words) in [(first, "The hinge is the wrong one."), (unnamed, "Nobody named this.")] {
            written.send(record, &written.sealed(record, words)).await;
        }
        written.send(broken, b"sealed by nobody").await;
        for record in [first, broken] {
            written.name(record, RecordKind::Note, None).await;
        }
        ground.clock.advance_ms(1_000);
        written.send(last, &written.sealed(last, "It opens to the left.")).await;
        written.name(last, RecordKind::Note, None).await;

        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let path = format!("/api/visits/{}/notes", written.visit);
        let reply = get(&router, &lee, &path).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
        let Notes { notes } = serde_json::from_slice(&reply.body).unwrap();
        let said: Vec<_> =
            notes.iter().map(|note| (note.text.expose().as_str(), &*note.technician)).collect();
        let robin = "Robin Sample";
        assert_eq!(said, [("The hinge is the wrong one.", robin), ("It opens to the left.", robin)]);
        assert!(notes[0].received_at < notes[1].received_at);

        // The board counts them and has no word of them.
        let mut tx = ground.app.db.read().await.unwrap();
        let card = card::load(&ground.app, &mut tx, written.visit).await.unwrap().unwrap();
        assert_eq!(card.notes, 3);
        assert!(!serde_json::to_string(&card).unwrap().contains("hinge"));
        let visit = tx.visit(ground.app.seller, written.visit).await.unwrap().unwrap();
        drop(tx);

        let nowhere =
            get(&router, &lee, &format!("/api/visits/{}/notes", AppointmentId::from_bytes([9; 16]))).await;
        assert_eq!(nowhere.refusal(), (404, "no_such_visit".to_owned()));
        let mut tx = ground.app.db.write().await.unwrap();
        let later = visit.expires_at.plus_ms(1);
        assert!(tx.erase_job(ground.app.seller, visit.job, later).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(get(&router, &lee, &path).await.refusal(), (410, "records_expired".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn places_are_read_with_what_was_recorded_there_and_by_whom() {
    on_both_engines(async |ground| {
        let written = Written::on(&ground).await;
        let taken = photo_id(1);
        let shown = picture(1, ImageFormat::Png);
        record(&ground.app, &written.robin, written.visit, &[(taken, &shown[..])]).await;
        let position = |latitude| Pii::new(Position { latitude, longitude: -122.332_07, accuracy: 12.0 });
        let contents = [
            (Content::Position(position(47.606_21)), Some(Step::Arrived)),
            (Content::PositionOf(Spot::Photo(taken), position(47.606_3)), None),
            // A photo that was never finished, and a pause that nobody began.
            (Content::PositionOf(Spot::Pause(FactId::from_bytes([5; 8])), position(1.0)), None),
            (Content::PositionOf(Spot::Photo(photo_id(2)), position(1.0)), None),
            // Not a place, whatever the document says of it.
            (Content::Note(Pii::new("The hinge is the wrong one.".to_owned())), Some(Step::Started)),
        ];
        for (number, (content, step)) in (1..).zip(&contents) {
            let id = RecordId::from_bytes([number; 16]);
            written.send(id, &content.seal(&written.key, id).unwrap()).await;
            written.name(id, RecordKind::Position, *step).await;
        }

        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let reply = get(&router, &lee, &format!("/api/visits/{}/places", written.visit)).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
        let Places { places } = serde_json::from_slice(&reply.body).unwrap();
        let said: Vec<_> =
            places.iter().map(|place| (place.of, place.position.clone(), &*place.technician)).collect();
        let robin = "Robin Sample";
        assert_eq!(
            said,
            [
                (PlaceOf::Step(Step::Arrived), position(47.606_21), robin),
                (PlaceOf::Photo(taken), position(47.606_3), robin),
            ]
        );

        // The board knows that there are some, and not where.
        let mut tx = ground.app.db.read().await.unwrap();
        let card = card::load(&ground.app, &mut tx, written.visit).await.unwrap().unwrap();
        assert_eq!(card.places, 5);
        assert!(!serde_json::to_string(&card).unwrap().contains("47.6"));
    })
    .await;
}
