//! Every refusal is problem+json and names what is wrong.

use super::browser::Browser;
use crate::engines::Ground;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use doorstep_core::{api::Role, wire::MAX_MESSAGE_BYTES};
use doorstep_server::http;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

fn refused(status: u16, code: &str, field: Option<&str>) -> (u16, String, Option<String>) {
    (status, code.to_owned(), field.map(str::to_owned))
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_same_form() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let browser = Browser::of(&ground.app);
    for path in ["/api/nothing", "/api", "/", "/console", "/index.html"] {
        assert_eq!(browser.get(path).await.refusal().await, refused(404, "no_such_route", None), "{path}");
    }
    let answer = browser.request(Method::DELETE, "/api/day").await;
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert_eq!(answer.refusal().await, refused(405, "wrong_method", None));
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_by_field() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let browser = Browser::of(&ground.app);
    let post = async |kind: &str, body: String| {
        let request = Request::post("/api/sign-in").header(header::CONTENT_TYPE, kind).body(Body::from(body));
        browser.send(request.unwrap()).await.refusal().await
    };
    let json = "application/json; charset=utf-8";
    assert_eq!(post("text/plain", "{}".into()).await, refused(415, "not_json", Some("content-type")));
    assert_eq!(post(json, String::new()).await, refused(400, "not_json", Some("body")));
    assert_eq!(post(json, r#"{"name": "a"}"#.into()).await, refused(400, "missing_field", Some("password")));
    let wrong = r#"{"name": "a", "password": "b", "device": "AB"}"#;
    assert_eq!(post(json, wrong.into()).await, refused(400, "wrong_value", Some("device")));
    let large =
        format!(r#"{{"name": "a", "password": "{}"}}"#, "b".repeat(doorstep_server::http::BODY_LIMIT));
    assert_eq!(post(json, large).await, refused(413, "too_large", None));
}

#[tokio::test]
async fn a_refusal_does_not_cut_off_a_body_that_is_still_coming() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut connection = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let server = tokio::spawn(http::serve(ground.app.clone(), listener, stopped));
    let body = vec![b'x'; 4_000_000];
    // The second request comes over the same connection, which is still good for it.
    for _ in 0..2 {
        let head = format!(
            "PATCH /api/uploads/{} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n",
            "0".repeat(32),
            body.len(),
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(&body[..1]).await.unwrap();
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 401");
        connection.write_all(&body[1..]).await.unwrap();
        let mut rest = Vec::new();
        while !rest.ends_with(b"}") {
            assert_ne!(connection.read_buf(&mut rest).await.unwrap(), 0);
        }
    }
    drop(connection);
    stop.send(true).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_asks_before_sending_hears_the_refusal_before_and_in_the_middle() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let server = tokio::spawn(http::serve(ground.app.clone(), listener, stopped));
    let body = vec![b'x'; 6 * 1024 * 1024];
    let ask = async |request: &str| {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len(),
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).await.unwrap();
        (connection, answer)
    };
    // Refused before: it is not told to go on.
    let (connection, answer) = ask(&format!("PATCH /api/uploads/{}", "0".repeat(32))).await;
    assert_eq!(&answer, b"HTTP/1.1 401");
    drop(connection);
    // Told to go on, and refused in the middle of more than the address reads.
    let (mut connection, answer) = ask("POST /api/sign-in").await;
    assert_eq!(&answer, b"HTTP/1.1 100");
    connection.write_all(&body).await.unwrap();
    let mut rest = Vec::new();
    while !rest.ends_with(b"}") {
        assert_ne!(connection.read_buf(&mut rest).await.unwrap(), 0);
    }
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.contains("HTTP/1.1 413") && rest.contains("too_large"), "{rest}");
    drop(connection);
    stop.send(true).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_exchange_that_is_too_long_is_refused_like_everything_else() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    browser.sign_in("Robin Sample", None).await;
    let request = Request::post("/api/sync").body(Body::from(vec![0; MAX_MESSAGE_BYTES + 1]));
    assert_eq!(browser.send(request.unwrap()).await.refusal().await, refused(413, "too_large", None));
}

#[tokio::test]
async fn an_id_that_cannot_be_one_is_refused_by_name() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    browser.sign_in("Robin Sample", None).await;
    for id in ["1", "%00", "%ff", &"AB".repeat(16), &"ab".repeat(17)] {
        let answer = browser.get(&format!("/api/photos/{id}/receipt")).await;
        let (status, code, _) = answer.refusal().await;
        assert_eq!((status, code.as_str()), (400, "bad_id"), "{id}");
    }
}

#[tokio::test]
async fn health_is_ok_while_the_database_answers() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let browser = Browser::of(&ground.app);
    assert_eq!(browser.get("/api/health").await.status, StatusCode::OK);
    match &ground.app.db {
        doorstep_server::db::Db::Sqlite { read, .. } => read.close().await,
        doorstep_server::db::Db::Postgres(pool) => pool.close().await,
    }
    assert_eq!(browser.get("/api/health").await.refusal().await, refused(503, "database_away", None));
    let mut signed_in = browser.another();
    signed_in.cookie = Some(format!("doorstep_session={}", "ab".repeat(32)));
    assert_eq!(signed_in.get("/api/me").await.refusal().await, refused(500, "internal", None));
}
