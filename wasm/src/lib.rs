//! doorstep-core for the browser. Conversions only: whatever decides something is in the core.

mod keys;
mod plain;

pub use keys::*;

use doorstep_core::{
    id::{AppointmentId, PhotoId},
    photo::{self, MediaType, PhotoFacts},
    reason,
    session::{Event, Holder, Now, Session},
    vault::{self, Key},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

/// A failure as it crosses to JavaScript.
#[derive(Debug, Serialize)]
struct Refusal<'a> {
    code: &'a str,
    message: String,
}

fn refusal(code: &str, message: impl ToString) -> JsValue {
    let refusal = Refusal { code, message: message.to_string() };
    plain::to_js(&refusal).unwrap_or_else(|_| JsValue::from_str(code))
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    plain::from_js(&value).map_err(|e| refusal("not_understood", e))
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    plain::to_js(value).map_err(|e| refusal("not_expressible", e))
}

/// Runs as the module loads. A panic ends the instance, and all the browser would say is "unreachable": this says
/// where. Not with what: a panic's message may quote personal data.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "nowhere".to_owned(), ToString::to_string);
        web_sys::console::error_1(&JsValue::from_str(&format!("the core stopped at {place}")));
    }));
}

/// The phone's session.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Phone(Session);

/// What the host knows of a picture it is about to store.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Picture {
    shot: String,
    sha256: doorstep_core::digest::Sha256,
    size: u32,
    width: u32,
    height: u32,
    media: MediaType,
}

#[wasm_bindgen]
impl Phone {
    /// Starts an epoch for this page.
    #[wasm_bindgen(constructor)]
    pub fn new(holder: JsValue) -> Result<Self, JsValue> {
        let holder: Holder = from_js(holder)?;
        Ok(Self(Session::new(holder)))
    }

    pub fn handle(&mut self, now: JsValue, event: JsValue) -> Result<JsValue, JsValue> {
        let (now, event): (Now, Event) = (from_js(now)?, from_js(event)?);
        to_js(&self.0.handle(&now, event))
    }

    pub fn view(&self, now: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.0.view(&from_js(now)?))
    }

    /// The body of the exchange, made when its turn has come.
    pub fn exchange(&mut self, now: JsValue) -> Result<Vec<u8>, JsValue> {
        self.0.exchange(&from_js(now)?).map_err(|e| refusal("not_written", e))
    }

    /// Rescue copies that should be in the outbox and are not `there`.
    pub fn owed(&self, now: JsValue, there: JsValue) -> Result<JsValue, JsValue> {
        let there: Vec<String> = from_js(there)?;
        to_js(&self.0.owed(&from_js(now)?, &there))
    }

    /// The row that makes a picture durable together with its capture.
    pub fn capture(
        &self,
        now: JsValue,
        appointment: &str,
        photo: &str,
        picture: JsValue,
    ) -> Result<JsValue, JsValue> {
        let now: Now = from_js(now)?;
        let appointment: AppointmentId = appointment.parse().map_err(|e| refusal("not_understood", e))?;
        let photo: PhotoId = photo.parse().map_err(|e| refusal("not_understood", e))?;
        let picture: Picture = from_js(picture)?;
        let row = self.0.capture(&now, appointment, photo, |taken| PhotoFacts {
            shot: picture.shot,
            sha256: picture.sha256,
            size: picture.size,
            width: picture.width,
            height: picture.height,
            media: picture.media,
            taken,
        });
        to_js(&row.map_err(|e| refusal("not_sealed", e))?)
    }
}

/// `jpeg` or `png`, if the bytes may count as proof.
#[wasm_bindgen(js_name = acceptPicture)]
pub fn accept_picture(picture: &[u8]) -> Result<String, JsValue> {
    match photo::accept(picture).map_err(|e| refusal(e.code(), e))? {
        MediaType::Jpeg => Ok("jpeg".to_owned()),
        MediaType::Png => Ok("png".to_owned()),
    }
}

/// The reason codes that hold for a job: of its marketplace, its kind of service and what is asked.
#[wasm_bindgen(js_name = validReasons)]
pub fn valid_reasons(marketplace: &str, service_type: JsValue, wish: JsValue) -> Result<JsValue, JsValue> {
    to_js(&reason::valid(marketplace, from_js(service_type)?, from_js(wish)?))
}

/// What precedes a picture's bytes on its way up.
#[wasm_bindgen(js_name = envelopeHeader)]
pub fn envelope_header() -> Vec<u8> {
    photo::ENVELOPE_HEADER.to_vec()
}

/// What WebCrypto binds a sealed photo to.
#[wasm_bindgen(js_name = associatedData)]
pub fn associated_data(place: &str) -> Vec<u8> {
    vault::associated_data(place)
}

/// Opens something sealed, by WebCrypto or by the core.
#[wasm_bindgen]
pub fn open(key: JsValue, place: &str, sealed: &[u8]) -> Result<Vec<u8>, JsValue> {
    let key: Key = from_js(key)?;
    vault::open(&key, place, sealed).map_err(|e| refusal("does_not_open", e))
}

/// Seals something small.
#[wasm_bindgen]
pub fn seal(key: JsValue, place: &str, nonce: &[u8], plain: &[u8]) -> Result<Vec<u8>, JsValue> {
    let key: Key = from_js(key)?;
    let nonce = nonce.try_into().map_err(|_| refusal("not_understood", "a nonce takes 12 bytes"))?;
    vault::seal(&key, place, nonce, plain).map_err(|e| refusal("not_sealed", e))
}
