//! Answers that nobody should give.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

use crate::TARGETS;
use crate::amazon::Strange;

/// Bodies as Amazon writes them, to be spoilt.
const PROPER: &[&str] = &[
    r#"{"payload":{"totalResultSize":2,"nextPageToken":"next%3D","jobs":[{"serviceJobId":"J1","serviceJobStatus":"NOT_SERVICED","creationTime":"2026-03-01T00:00:00Z","scopeOfWork":{"asin":"B000000001","quantity":1,"requiredSkills":["x"]},"appointments":[{"appointmentId":"A_1","appointmentStatus":"ACTIVE","appointmentTime":{"startTime":"2026-03-05T09:00:00Z","durationInMinutes":"180"},"assignedTechnicians":[{"technicianId":"T1","name":"Pat Sample"}],"poa":{"appointmentTime":{"startTime":"2026-03-05T09:00:00Z","durationInMinutes":60},"poaType":"NO_SIGNATURE_DUMMY_POS"}}],"payments":[{"amount":{"value":12.5,"currency":"USD"}}],"linkedAssets":[{"type":"VEHICLE","attributes":{"a":1}}]},{}]}}"#,
    r#"{"payload":{"serviceJobId":"J1","buyer":{"name":"Robin Sample"},"serviceLocation":{"address":{"addressLine1":"1 Made-up Street"}}}}"#,
    r#"{"appointmentId":"A_2","warnings":[{"code":"RESOURCES_UNASSIGNED","message":"m"}],"errors":[]}"#,
    r#"{"payload":{"warnings":[{"code":"RESOURCES_OVERBOOKED","message":"m"}]}}"#,
    r#"{"payload":{"schedulingType":"REAL_TIME_SCHEDULING","startTime":"2026-03-05T09:00:00Z","endTime":"2026-03-06T09:00:00Z","appointmentSlots":[{"startTime":"2026-03-05T1:0:00Z","endTime":"2026-03-05T11:00:00Z","capacity":1}]}}"#,
    r#"{"resourceId":"R1","capacities":[{"capacityType":"SCHEDULED_CAPACITY","slots":[{"startDateTime":"2026-03-05T09:00:00Z","endDateTime":"2026-03-05T10:00:00Z","capacity":2}]}],"nextPageToken":"x"}"#,
    r#"{"payload":[{"availability":{"startTime":"2026-03-05T09:00:00Z","endTime":"2026-03-05T10:00:00Z"},"warnings":[],"errors":[{"code":"InvalidInput","message":"m","errorLevel":"ERROR"}]}]}"#,
    r#"{"payload":{"reservation":{"reservationId":"1","type":"BREAK","availability":{"startTime":"2026-03-05T09:00:00Z","endTime":"2026-03-05T10:00:00Z"}},"warnings":[]}}"#,
    r#"{"payload":{"uploadDestinationId":"U1","url":"http://127.0.0.1:1/x?X-Amz-Expires=300","encryptionDetails":{"standard":"AES","initializationVector":"AAAAAAAAAAAAAAAAAAAAAA==","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"headers":{"X-Amz-Made-Up":"1"}}}"#,
    r#"{"access_token":"Atza|made-up","token_type":"bearer","expires_in":3600}"#,
    r#"{"restrictedDataToken":"Atz.sprdt|made-up","expiresIn":3600}"#,
    r#"[{"code":"InvalidInput","message":"m","details":""}]"#,
    r#"{"errors":[{"code":"QuotaExceeded","message":"m","details":"d"}]}"#,
    r#"{"error":"invalid_grant","error_description":"d"}"#,
    "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code></Error>",
];

/// Names that mean something here.
const NAMES: &[&str] = &[
    "payload",
    "errors",
    "warnings",
    "jobs",
    "code",
    "message",
    "details",
    "appointments",
    "appointmentTime",
    "durationInMinutes",
    "serviceJobId",
    "appointmentSlots",
    "capacities",
    "reservation",
    "availability",
    "expires_in",
    "access_token",
    "expiresIn",
    "url",
    "headers",
    "startTime",
    "errorLevel",
    "",
];

/// A target by number, and what it answers.
pub(crate) fn strange() -> impl Strategy<Value = (usize, Strange)> {
    (0..TARGETS, prop_oneof![8 => answer(), 1 => bytes(2_000).prop_map(of)])
}

fn of(bytes: Vec<u8>) -> Strange {
    Strange { bytes: Arc::new(bytes), endless: None, takes_time_only: false }
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..most)
}

fn answer() -> impl Strategy<Value = Strange> {
    (status(), headers(), body(), framing()).prop_map(|(status, headers, body, framing)| {
        let mut out = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in headers {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(&value);
            out.extend_from_slice(b"\r\n");
        }
        framing(&body, &mut out);
        of(out)
    })
}

fn status() -> impl Strategy<Value = String> {
    prop_oneof![
        14 => Just("200 OK".to_owned()),
        4 => select(&[204, 400, 401, 403, 404, 413, 415, 422, 429, 500, 503][..]).prop_map(|code| format!("{code} X")),
        3 => (100..1000u16).prop_map(|code| format!("{code} X")),
        1 => "[ -~]{0,12}",
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = select(
        &[
            "content-type",
            "content-encoding",
            "x-amzn-RateLimit-Limit",
            "retry-after",
            "x-amzn-RequestId",
            "location",
            "trailer",
            "connection",
            "set-cookie",
            "x-amzn-ErrorType",
        ][..],
    );
    let value = prop_oneof![
        select(
            &[
                "application/json",
                "text/html",
                "gzip",
                "br",
                "0",
                "-1",
                "1e308",
                "NaN",
                "inf",
                "0.0001",
                "99999999999999999999",
                "Thu, 05 Mar 2026 12:00:07 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "close",
                "keep-alive",
                "upgrade",
            ][..]
        )
        .prop_map(|text| text.as_bytes().to_vec()),
        "[ -~]{0,40}".prop_map(String::into_bytes),
        bytes(12),
    ];
    proptest::collection::vec((name.prop_map(str::to_owned), value), 0..3)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => select(PROPER).prop_map(|text| text.as_bytes().to_vec()),
        6 => (select(PROPER), proptest::collection::vec((any::<proptest::sample::Index>(), damage()), 1..6))
            .prop_map(|(text, damages)| spoilt(text, damages)),
        4 => json().prop_map(|value| value.to_string().into_bytes()),
        1 => bytes(400),
        1 => (1..400usize, select(&["[", "{\"payload\":", "{\"errors\":[", "[[", "\""][..]))
            .prop_map(|(depth, part)| part.repeat(depth).into_bytes()),
    ]
}

#[derive(Clone, Debug)]
enum Damage {
    Cut,
    Remove(usize),
    Insert(String),
    Set(u8),
    Repeat(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let inserted = select(
        &[
            "null",
            "{}",
            "[]",
            "1e999",
            "-0",
            "99999999999999999999999",
            "\\ud800",
            "\u{0}",
            "\"",
            "},{",
            "true,",
            "\u{a0}",
            "0.1",
            "\u{feff}",
            "\"errors\":[{}],",
        ][..],
    );
    prop_oneof![
        Just(Damage::Cut),
        (1..40usize).prop_map(Damage::Remove),
        inserted.prop_map(|text| Damage::Insert(text.to_owned())),
        any::<u8>().prop_map(Damage::Set),
        (1..30usize).prop_map(Damage::Repeat),
    ]
}

fn spoilt(text: &str, damages: Vec<(proptest::sample::Index, Damage)>) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, damage) in damages {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match damage {
            Damage::Cut => bytes.truncate(at),
            Damage::Remove(length) => drop(bytes.drain(at..bytes.len().min(at + length))),
            Damage::Insert(text) => drop(bytes.splice(at..at, text.bytes())),
            Damage::Set(byte) => bytes[at] = byte,
            Damage::Repeat(times) => {
                let end = bytes.len().min(at + 50);
                let part = bytes[at..end].repeat(times);
                drop(bytes.splice(at..at, part));
            }
        }
    }
    bytes
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        select(&["2026-03-05T09:00:00Z", "-99999-01-01T00:00:00Z", "ACTIVE", "AES", "180", ""][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let name = prop_oneof![4 => select(NAMES).prop_map(str::to_owned), 1 => ".{0,8}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((name, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

type Framing = fn(&[u8], &mut Vec<u8>);

/// How long the body is said to be, truthfully or not.
fn framing() -> impl Strategy<Value = Framing> {
    fn with(head: &str, body: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body);
    }
    let truthful: Framing = |body, out| with(&format!("content-length: {}\r\n\r\n", body.len()), body, out);
    let others: &[Framing] = &[
        |body, out| with("\r\n", body, out),
        |body, out| with(&format!("content-length: {}\r\n\r\n", body.len() + 7), body, out),
        |body, out| with(&format!("content-length: {}\r\n\r\n", body.len() / 2), body, out),
        |body, out| with("content-length: 18446744073709551615\r\n\r\n", body, out),
        |body, out| with("content-length: -1\r\n\r\n", body, out),
        |body, out| with("content-length: 1\r\ncontent-length: 2\r\n\r\n", body, out),
        |body, out| {
            let head = format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len());
            with(&head, body, out);
            out.extend_from_slice(b"\r\n0\r\n\r\n");
        },
        |body, out| with("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n", body, out),
        |body, out| with("transfer-encoding: chunked\r\n\r\n", body, out),
        |body, out| with("transfer-encoding: gzip\r\n\r\n", body, out),
        |body, out| with("x: y", body, out),
    ];
    prop_oneof![5 => Just(truthful), 1 => select(others)]
}

/// Answers whose size is the trouble.
pub(crate) fn huge() -> Vec<(&'static str, Strange)> {
    const MEGABYTES: usize = 4 << 20;
    let whole = |body: String| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        of((head + &body).into_bytes())
    };
    let filled = |open: &str, part: &str, close: &str| {
        let times = (MEGABYTES - open.len() - close.len() - 10) / part.len();
        whole(format!("{open}{}0{close}", part.repeat(times)))
    };
    let endless = |head: &str, part: Vec<u8>| Strange {
        bytes: Arc::new(head.as_bytes().to_vec()),
        endless: Some(Arc::new(part)),
        takes_time_only: false,
    };
    let (ok, refused) = ("HTTP/1.1 200 OK\r\n", "HTTP/1.1 403 X\r\n");
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 65_536], b"\r\n".to_vec()].concat();
    vec![
        ("empty objects", filled("[", r#"{"":0},"#, "]")),
        ("empty lists", filled("[", "[],", "]")),
        ("numbers", filled(r#"{"payload":["#, "0,", "]}")),
        ("errors", filled(r#"{"errors":["#, r#"{"code":"x"},"#, "]}")),
        (
            "long errors",
            filled(r#"{"errors":["#, &format!(r#"{{"message":"{}"}},"#, "m".repeat(40_000)), "]}"),
        ),
        ("jobs", filled(r#"{"payload":{"jobs":["#, r#"{"a":{"b":{}}},"#, "]}}")),
        ("one long number", filled("", "9", "")),
        ("one long text", filled("\"", "x", "\"")),
        ("escapes", filled("\"", "\\u00e9", "\"")),
        ("deep lists", filled("", "[", "")),
        ("deep objects", filled("", r#"{"payload":"#, "")),
        ("a refusal of four megabytes", {
            let body = format!(r#"[{{"code":"x","message":"{}"}}]"#, "m".repeat(MEGABYTES - 100));
            of(format!("{refused}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
        }),
        ("chunks without end", endless(&format!("{ok}transfer-encoding: chunked\r\n\r\n"), chunk.clone())),
        ("a refusal without end", endless(&format!("{refused}transfer-encoding: chunked\r\n\r\n"), chunk)),
        ("a body without length or end", endless(&format!("{ok}\r\n"), vec![b'['; 65_536])),
        (
            "a length beyond all",
            endless(&format!("{ok}content-length: 9223372036854775807\r\n\r\n"), vec![b' '; 65_536]),
        ),
        ("headers without end", endless(ok, b"x-made-up: made up\r\n".repeat(1_000))),
        ("one header without end", endless(&format!("{ok}x: "), vec![b'y'; 65_536])),
        ("a status line without end", endless("HTTP/1.1 200 ", vec![b'O'; 65_536])),
        ("informational answers without end", {
            let part = b"HTTP/1.1 103 X\r\n\r\n".repeat(1_000);
            Strange { takes_time_only: true, ..endless("", part) }
        }),
        (
            "trailers without end",
            endless(&format!("{ok}transfer-encoding: chunked\r\n\r\n0\r\n"), b"x: y\r\n".repeat(1_000)),
        ),
        (
            "a chunk's extension without end",
            endless(&format!("{ok}transfer-encoding: chunked\r\n\r\n1;"), vec![b'x'; 65_536]),
        ),
    ]
}
