//! `doorstep spapi` as a process: what it ends with, what it prints where, and what reaches Amazon.

use crate::errors;
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Output},
    sync::{Arc, Mutex},
    thread,
};
use tempfile::TempDir;

const GRANTED: (u16, &str) =
    (200, r#"{"access_token":"Atza|made-up","token_type":"bearer","expires_in":3600}"#);

/// An Amazon that grants logins and gives every operation the same answer.
struct Amazon {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Amazon {
    fn answering(status: u16, body: &'static str) -> Self {
        Self::with(GRANTED, (status, body))
    }

    fn with(login: (u16, &'static str), answer: (u16, &'static str)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let seen = asked.clone();
        // Ends with the test's process.
        thread::spawn(move || {
            for connection in listener.incoming() {
                serve(connection.unwrap(), login, answer, &seen);
            }
        });
        Self { address, asked }
    }

    /// The lines that asked for an operation, each with its body.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    login: (u16, &'static str),
    answer: (u16, &'static str),
    seen: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).unwrap();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        if let Some(text) = header.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, answer) = if line.starts_with("POST /auth/o2/token") {
        login
    } else {
        let line = line.trim_end().trim_end_matches(" HTTP/1.1");
        seen.lock()
            .unwrap()
            .push(format!("{line} {}", String::from_utf8(body).unwrap()).trim_end().to_owned());
        answer
    };
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", answer.len()) };
    let body = if status == 204 { "" } else { answer };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} Sample\r\nx-amzn-RequestId: request-1\r\nconnection: close\r\n{length}\r\n{body}"
    )
    .unwrap();
}

/// The five settings and nothing else: no data folder, no database.
fn spapi(amazon: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
    command.env_clear().env("DOORSTEP_SPAPI_ENDPOINT", amazon).env("DOORSTEP_LWA_ENDPOINT", amazon);
    for secret in ["DOORSTEP_LWA_CLIENT_ID", "DOORSTEP_LWA_CLIENT_SECRET", "DOORSTEP_LWA_REFRESH_TOKEN"] {
        command.env(secret, "made-up");
    }
    command.arg("spapi");
    command
}

fn call(amazon: &Amazon, arguments: &[&str]) -> Output {
    spapi(&amazon.address).arg("call").args(arguments).output().unwrap()
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn printed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{:?} {}", String::from_utf8_lossy(&output.stdout), errors(output)))
}

const RESCHEDULE: [&str; 5] = [
    "rescheduleAppointmentForServiceJobByServiceJobId",
    "serviceJobId=J1",
    "appointmentId=A<->1/+=",
    "--body",
    r#"{"appointmentTime":{"startTime":"2026-03-05T10:00:00+05:30"},"rescheduleReasonCode":"R1"}"#,
];

#[test]
fn a_success_is_amazons_answer_on_standard_output_with_its_warnings_beside_it() {
    let body = r#"{"appointmentId":"J1_2","warnings":[{"code":"RESOURCES_UNASSIGNED","message":"T1"}],"new":[1.50]}"#;
    let amazon = Amazon::answering(200, body);
    let output = call(&amazon, &RESCHEDULE);
    assert_eq!(exit(&output), 0, "{}", errors(&output));
    assert_eq!(printed(&output), serde_json::from_str::<Value>(body).unwrap());
    assert_eq!(errors(&output), "doorstep: warning: RESOURCES_UNASSIGNED: T1\n");
    let sent = concat!(
        "POST /service/v1/serviceJobs/J1/appointments/A%3C-%3E1%2F%2B%3D ",
        r#"{"appointmentTime":{"startTime":"2026-03-05T04:30:00Z"},"rescheduleReasonCode":"R1"}"#
    );
    assert_eq!(amazon.asked(), [sent]);
}

#[test]
fn a_success_without_words_is_an_empty_object() {
    for status in [200, 204] {
        let amazon = Amazon::answering(status, "");
        let output =
            call(&amazon, &["cancelReservation", "reservationId=456", "marketplaceIds=ATVPDKIKX0DER"]);
        assert_eq!((exit(&output), printed(&output), errors(&output)), (0, json!({}), String::new()));
        assert_eq!(amazon.asked(), ["DELETE /service/v1/reservation/456?marketplaceIds=ATVPDKIKX0DER"]);
    }
}

#[test]
fn a_refusal_is_amazons_list_of_errors_as_it_came() {
    for (status, body, list) in [
        (
            422,
            r#"{"errors":[{"code":"InvalidInput","message":"Too\u00a0late","details":"","errorLevel":"ERROR"}]}"#,
            json!([{ "code": "InvalidInput", "message": "Too\u{a0}late", "details": "", "errorLevel": "ERROR" }]),
        ),
        (
            400,
            r#"[{"code":"InvalidInput","message":"m"}]"#,
            json!([{ "code": "InvalidInput", "message": "m" }]),
        ),
        (200, r#"{"errors":[{"code":"InvalidInput"}]}"#, json!([{ "code": "InvalidInput" }])),
        (400, r#"{"payload":{}}"#, json!([])),
        (403, "{}", json!([])),
        (500, "<html>busy</html>", json!([])),
    ] {
        let output = call(&Amazon::answering(status, body), &RESCHEDULE);
        assert_eq!((exit(&output), printed(&output)), (1, list), "{body}");
        assert!(errors(&output).contains("Request id: request-1\n"), "{}", errors(&output));
    }
}

#[test]
fn a_refused_login_is_a_refusal() {
    let login = (400, r#"{"error":"invalid_grant","error_description":"The token has been revoked."}"#);
    let amazon = Amazon::with(login, (200, "{}"));
    let output = call(&amazon, &["getServiceJobByServiceJobId", "serviceJobId=J1"]);
    let list = json!([{ "code": "invalid_grant", "message": "The token has been revoked." }]);
    assert_eq!((exit(&output), printed(&output)), (1, list));
    assert!(amazon.asked().is_empty());
}

#[test]
fn what_the_model_does_not_allow_is_named_and_not_sent() {
    let amazon = Amazon::answering(200, "{}");
    let mut late = RESCHEDULE;
    late[4] = r#"{"appointmentTime":{"startTime":"2021-01-01T10-00:00.000Z"},"rescheduleReasonCode":"R1"}"#;
    for (arguments, words) in [
        (&["getServiceJobByServiceJobId"][..], "serviceJobId is missing"),
        (&["getServiceJobByServiceJobId", "serviceJobId=J1", "jobId=J1"], "jobId is no parameter"),
        (&["getServiceJobByServiceJobId", "serviceJobId=J1", "--body", "{}"], "body is nothing"),
        (
            &["cancelServiceJobByServiceJobId", "serviceJobId=J1", "cancellationReasonCode=v1"],
            "cancellationReasonCode is not",
        ),
        (&RESCHEDULE[..3], "body is missing"),
        (&late, "appointmentTime.startTime is not a date and time"),
        (&["updateSchedule", "--body", "{"], "body is not JSON"),
        (&["updateSchedule", "--body", "@nowhere.json"], "nowhere.json"),
        (&["getAppointmentSlotsByJobId", "serviceJobId=J1"], "getAppointmmentSlotsByJobId"),
        (&["getServiceJobs", "marketplaceIds"], "NAME=VALUE"),
        (&[], "OPERATION"),
    ] {
        let output = call(&amazon, arguments);
        assert_eq!((exit(&output), output.stdout.len()), (2, 0), "{arguments:?} {}", errors(&output));
        assert!(errors(&output).contains(words), "{}", errors(&output));
    }
    let output = spapi(&amazon.address)
        .env_remove("DOORSTEP_LWA_REFRESH_TOKEN")
        .args(["call", "getServiceJobByServiceJobId", "serviceJobId=J1"])
        .output()
        .unwrap();
    assert_eq!((exit(&output), output.stdout.len()), (2, 0));
    assert_eq!(errors(&output), "doorstep: DOORSTEP_LWA_REFRESH_TOKEN is not set\n");
    let output = spapi("http://amazon.example")
        .args(["call", "getServiceJobs", "marketplaceIds=M1"])
        .output()
        .unwrap();
    assert_eq!((exit(&output), output.stdout.len()), (2, 0));
    assert!(errors(&output).starts_with("doorstep: DOORSTEP_SPAPI_ENDPOINT: "), "{}", errors(&output));
    assert!(amazon.asked().is_empty());
}

#[test]
fn without_an_answer_there_is_nothing_to_print() {
    // Nobody listens on this port.
    let output = spapi("http://127.0.0.1:9")
        .args(["call", "getServiceJobByServiceJobId", "serviceJobId=J1"])
        .output()
        .unwrap();
    assert_eq!((exit(&output), output.stdout.len()), (3, 0), "{}", errors(&output));
    assert!(errors(&output).contains("nothing was sent"), "{}", errors(&output));
}

#[test]
fn a_body_may_come_from_a_file_and_logs_stay_off_standard_output() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("body.json");
    fs::write(&file, r#"{ "resources": [{}] }"#).unwrap();
    let amazon = Amazon::answering(200, "{}");
    let output = spapi(&amazon.address)
        .env("RUST_LOG", "debug")
        .args(["call", "assignAppointmentResources", "serviceJobId=J1", "appointmentId=A1", "--body"])
        .arg(format!("@{}", file.display()))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!((exit(&output), printed(&output)), (0, json!({})), "{}", errors(&output));
    assert!(errors(&output).contains("Amazon answered"), "{}", errors(&output));
    let sent = r#"PUT /service/v1/serviceJobs/J1/appointments/A1/resources {"resources":[{}]}"#;
    assert_eq!(amazon.asked(), [sent]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no data folder was made");
}

#[test]
fn the_operations_are_listed_with_what_they_take() {
    let output = spapi("http://127.0.0.1:9").arg("operations").output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(listed.lines().count(), 17);
    assert!(
        listed.contains(
            "getAppointmmentSlotsByJobId serviceJobId=… marketplaceIds=… [startTime=…] [endTime=…]\n"
        )
    );
    assert!(listed.contains("cancelReservation reservationId=… marketplaceIds=…\n"));
}
