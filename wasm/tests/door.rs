//! The door between JavaScript and the core: what goes in as plain objects, what comes out, and how it refuses.

#![expect(clippy::unwrap_used, reason = "clippy does not know these functions for tests")]

use doorstep_core::{
    api::{Day, LeaseTerms},
    closeout::{Policy, Step},
    digest::Sha256,
    document::Document,
    id::{AppointmentId, JobId, PhotoId, ServiceJobId},
    job::{Job, JobStatus, LocationType, ServiceType, Standing, Window},
    session::{CaptureRow, Effect, PhotoState, Row, Saved, View},
    time::Timestamp,
    vault::Key,
    wire::{self, DocumentDown, Outcome, SyncReply},
};
use doorstep_wasm::{Phone, accept_picture, associated_data, envelope_header, open, seal};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const VISIT: AppointmentId = AppointmentId::from_bytes([1; 16]);
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture that nobody took";

/// A plain object, as a page would hand it over.
fn js<T: Serialize>(value: &T) -> JsValue {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible().serialize_bytes_as_arrays(false))
        .unwrap()
}

fn rust<T: DeserializeOwned>(value: JsValue) -> T {
    serde_wasm_bindgen::from_value(value).unwrap()
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

/// The code of a refusal that is nothing but code and message.
fn code<T>(result: Result<T, JsValue>) -> String {
    let Err(refusal) = result else { panic!("it was taken") };
    let Refusal { code, message } = rust(refusal);
    assert!(!message.is_empty(), "{code} says nothing");
    code
}

fn holder(epoch: &str) -> Value {
    json!({ "device": "07".repeat(16), "storeKey": "11".repeat(32), "epoch": epoch.repeat(8) })
}

fn day() -> Day {
    let job = Job {
        appointment: VISIT,
        job: JobId::from_bytes([2; 16]),
        service_job_id: ServiceJobId::new("made-up-1"),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: "Assembly".to_owned(),
        quantity: 1,
        skills: vec![],
        window: Window { start: Timestamp(1_790_000_000_000), end: Timestamp(1_790_007_200_000) },
        time_zone: "UTC".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy: Policy::standard(),
        key: Key::from_bytes([3; 32]),
        standing: Standing::default(),
        evidence: None,
        marketplace: String::new(),
        service_type: ServiceType::Standard,
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
        decisions: Vec::new(),
    };
    Day {
        server_time: Timestamp(1_790_000_000_000),
        jobs: vec![job],
        closing: BTreeMap::new(),
        lease: LeaseTerms::default(),
        policies: vec![],
        begun: Default::default(),
    }
}

/// The server's answer to a phone that has no document yet.
fn skeleton() -> Vec<u8> {
    let document = Document::skeleton(VISIT).unwrap();
    let down = DocumentDown { appointment: VISIT, outcome: Outcome::Taken, save: Some(document.save()) };
    let reply = SyncReply {
        server_time: Timestamp(1_790_000_000_500),
        digest: wire::digest_of([(&VISIT, document.heads().as_slice())]),
        list_wanted: false,
        documents: vec![down],
        refused_records: vec![],
    };
    wire::encode(&reply).unwrap()
}

/// A page and the disk under it.
struct Page {
    phone: Phone,
    disk: BTreeMap<String, Vec<u8>>,
    clock: u32,
}

impl Page {
    fn open(epoch: &str, disk: BTreeMap<String, Vec<u8>>) -> Self {
        let rows: Vec<Row> =
            disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let mut page = Self { phone: Phone::new(js(&holder(epoch))).unwrap(), disk, clock: 0 };
        page.give(js(&json!({ "loaded": { "rows": [] } })));
        let event = doorstep_core::session::Event::Loaded { rows };
        page.give(js(&event));
        page
    }

    fn now(&mut self) -> JsValue {
        self.clock += 1;
        let reading =
            json!({ "monotonicMs": self.clock, "wall": 1_790_000_000_000_u64 + u64::from(self.clock) });
        js(
            &json!({ "reading": reading, "entropy": format!("{:032x}", u128::from(self.clock) << 64 | 0xabcd) }),
        )
    }

    /// Gives an event, performs the writes, answers the requests.
    fn give(&mut self, event: JsValue) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let now = self.now();
            let effects: Vec<Effect> = rust(self.phone.handle(now, event).unwrap());
            for effect in effects {
                match effect {
                    Effect::Write { write, put, delete, .. } => {
                        delete.iter().for_each(|key| drop(self.disk.remove(key)));
                        self.disk.extend(put.into_iter().map(|row| (row.key, row.value)));
                        events.push(js(&json!({ "written": { "write": write } })));
                    }
                    Effect::FetchDay => events.push(js(&json!({ "day_fetched": { "day": day() } }))),
                    Effect::Sync => {
                        let now = self.now();
                        let body = self.phone.exchange(now).unwrap();
                        assert_eq!(body[0], wire::VERSION);
                        events.push(js(&doorstep_core::session::Event::Synced { body: skeleton() }));
                    }
                    Effect::Upload { .. } | Effect::Wake { .. } | Effect::Show => {}
                }
            }
        }
    }

    fn view(&mut self) -> View {
        let now = self.now();
        rust(self.phone.view(now).unwrap())
    }
}

#[wasm_bindgen_test]
fn a_day_comes_in_and_what_is_recorded_outlives_the_page() {
    let mut page = Page::open("0a", BTreeMap::new());
    let view = page.view();
    assert_eq!(view.visits.len(), 1);
    assert!(!view.visits[0].waiting_for_document);
    assert_eq!(view.visits[0].state, Saved::Untouched);

    let edit = json!({ "step": { "step": "on_my_way", "position": { "latitude": 47.1, "longitude": 8.6, "accuracy": 12 } } });
    page.give(js(&json!({ "edited": { "appointment": VISIT, "edit": edit } })));
    let edit = json!({ "note": { "text": "Left the spare screws on the shelf." } });
    page.give(js(&json!({ "edited": { "appointment": VISIT, "edit": edit } })));

    let photo = PhotoId::from_bytes([9; 16]);
    let facts = json!({ "shot": "after", "sha256": Sha256::of(JPEG), "size": 400_000, "width": 2048, "height": 1536, "media": "jpeg" });
    let now = page.now();
    let taken = page.phone.capture(now, &VISIT.to_string(), &photo.to_string(), js(&facts)).unwrap();
    let CaptureRow { capture, row } = rust(taken);
    page.disk.insert(row.key, row.value);
    page.give(js(&json!({ "captured": { "capture": capture } })));

    let shown = page.view().visits.remove(0);
    assert_eq!(shown.notes.len(), 1);
    assert!(shown.closeout.steps.contains_key(&Step::OnMyWay));
    assert_eq!(shown.closeout.records.len(), 2);
    assert_eq!(shown.photos.len(), 1);
    // Its upload was asked for at once, and nothing of it has gone.
    assert_eq!(shown.photos[0].state, PhotoState::Uploading { percent: 0 });

    let mut page = Page::open("0b", page.disk);
    let again = page.view().visits.remove(0);
    assert_eq!(again.closeout, shown.closeout);
    assert_eq!(again.findings, shown.findings);
}

/// As JavaScript sees it, not only as serde reads it back.
#[wasm_bindgen_test]
fn bytes_leave_as_uint8arrays_and_everything_else_as_plain_objects() {
    let mut phone = Phone::new(js(&holder("0c"))).unwrap();
    let mut clock = 0;
    let mut effects_of = |event: JsValue| {
        clock += 1;
        let reading = json!({ "monotonicMs": clock, "wall": 1_790_000_000_000_u64 });
        let now = json!({ "reading": reading, "entropy": format!("{clock:032x}") });
        let effects = phone.handle(js(&now), event).unwrap();
        js_sys::Array::from(&effects).to_vec()
    };
    let field = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap();
    let kinds = |effects: &[JsValue]| -> Vec<String> {
        effects.iter().map(|effect| field(effect, "kind").as_string().unwrap()).collect()
    };
    let effects = effects_of(js(&json!({ "loaded": { "rows": [] } })));
    assert_eq!(kinds(&effects), ["fetch_day", "wake", "show"]);
    let effects = effects_of(js(&json!({ "day_fetched": { "day": day() } })));
    assert_eq!(kinds(&effects), ["write", "sync", "wake", "show"]);
    let row = js_sys::Array::from(&field(&effects[0], "put")).get(0);
    assert!(field(&row, "value").is_instance_of::<js_sys::Uint8Array>());
    assert!(field(&effects[0], "write").as_f64().is_some());
    let reading = json!({ "reading": { "monotonicMs": 9, "wall": 9 }, "entropy": "0".repeat(32) });
    assert_eq!(phone.exchange(js(&reading)).unwrap()[0], wire::VERSION);
    let view = phone.view(js(&reading)).unwrap();
    let job = field(&js_sys::Array::from(&field(&view, "visits")).get(0), "job");
    assert_eq!(field(&job, "title").as_string().as_deref(), Some("Assembly"));
    let closeout = field(&js_sys::Array::from(&field(&view, "visits")).get(0), "closeout");
    // A map is an object, which `Object.keys` can list.
    assert!(js_sys::Object::keys(&field(&closeout, "steps").into()).length() == 0);
    assert!(!field(&closeout, "steps").is_instance_of::<js_sys::Map>());
}

#[wasm_bindgen_test]
fn what_is_not_understood_is_refused_by_code_and_the_session_goes_on() {
    assert_eq!(code(Phone::new(JsValue::UNDEFINED)), "not_understood");
    assert_eq!(
        code(Phone::new(js(&json!({ "device": "07", "storeKey": "11", "epoch": "0a" })))),
        "not_understood"
    );
    let mut page = Page::open("0d", BTreeMap::new());
    let now = page.now();
    assert_eq!(code(page.phone.handle(now, js(&json!({ "shouted": {} })))), "not_understood");
    let now = page.now();
    let edit = json!({ "edited": { "appointment": VISIT, "edit": { "step": { "step": "flown", "position": null } } } });
    assert_eq!(code(page.phone.handle(now, js(&edit))), "not_understood");
    assert_eq!(code(page.phone.handle(JsValue::NULL, js(&"woken"))), "not_understood");
    assert_eq!(code(page.phone.view(JsValue::NULL)), "not_understood");
    assert_eq!(code(page.phone.exchange(JsValue::NULL)), "not_understood");
    let now = page.now();
    let photo = "09".repeat(16);
    assert_eq!(code(page.phone.capture(now, "visit", &photo, JsValue::NULL)), "not_understood");
    let now = page.now();
    assert_eq!(code(page.phone.capture(now, &VISIT.to_string(), "photo", JsValue::NULL)), "not_understood");
    let now = page.now();
    assert_eq!(code(page.phone.capture(now, &VISIT.to_string(), &photo, JsValue::NULL)), "not_understood");
    page.give(js(&"woken"));
    assert_eq!(page.view().visits.len(), 1);
}

#[wasm_bindgen_test]
fn a_picture_counts_by_its_first_bytes_and_its_size() {
    assert_eq!(accept_picture(JPEG).unwrap(), "jpeg");
    assert_eq!(accept_picture(b"\x89PNG\r\n\x1a\n...").unwrap(), "png");
    assert_eq!(code(accept_picture(b"")), "photo_empty");
    assert_eq!(code(accept_picture(b"GIF89a")), "photo_not_jpeg_or_png");
    let mut large = vec![0; 5_242_881];
    large[..JPEG.len()].copy_from_slice(JPEG);
    assert_eq!(code(accept_picture(&large)), "photo_too_large");
    assert!(accept_picture(&large[..5_242_880]).is_ok());
    assert_eq!(envelope_header(), b"DPE\x01");
}

#[wasm_bindgen_test]
fn what_is_sealed_opens_with_its_key_in_its_place_only() {
    let key = || JsValue::from_str(&"2a".repeat(32));
    let sealed = seal(key(), "photo/1", &[7; 12], b"made up").unwrap();
    assert_eq!(open(key(), "photo/1", &sealed).unwrap(), b"made up");
    assert_eq!(code(open(key(), "photo/2", &sealed)), "does_not_open");
    assert_eq!(code(open(JsValue::from_str(&"2b".repeat(32)), "photo/1", &sealed)), "does_not_open");
    assert_eq!(code(open(JsValue::from_str("2a"), "photo/1", &sealed)), "not_understood");
    assert_eq!(code(seal(key(), "photo/1", &[7; 11], b"made up")), "not_understood");
    assert_eq!(associated_data("photo/1"), b"doorstep/1\0photo/1");
}
