//! The built web pages and the headers of every answer.

use super::browser::Browser;
use crate::engines::Ground;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use std::fs;
use tempfile::TempDir;

async fn with_pages() -> (Ground, TempDir, Browser) {
    let web = TempDir::new().unwrap();
    fs::create_dir(web.path().join("assets")).unwrap();
    for (name, text) in [
        ("index.html", "technician"),
        ("console.html", "supervisor"),
        ("sw.js", "worker"),
        ("manifest.webmanifest", "{}"),
        ("assets/core-1a2b.wasm", "wasm"),
        ("assets/core-1a2b.wasm.br", "brotli"),
        ("assets/app-3c4d.js", "script"),
    ] {
        fs::write(web.path().join(name), text).unwrap();
    }
    let ground = Ground::on_sqlite(|settings| settings.web = Some(web.path().to_owned())).await;
    let browser = Browser::of(&ground.app);
    (ground, web, browser)
}

#[tokio::test]
async fn pages_are_asked_for_anew_and_assets_are_kept() {
    let (_ground, _web, browser) = with_pages().await;
    for (path, kind, caching, body) in [
        ("/", "text/html", "no-cache", "technician"),
        ("/index.html", "text/html", "no-cache", "technician"),
        ("/console", "text/html", "no-cache", "supervisor"),
        ("/sw.js", "text/javascript", "no-cache", "worker"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache", "{}"),
        ("/assets/core-1a2b.wasm", "application/wasm", "public, max-age=31536000, immutable", "wasm"),
        ("/assets/app-3c4d.js", "text/javascript", "public, max-age=31536000, immutable", "script"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}: {}", answer.header("content-type"));
        assert_eq!(answer.header("cache-control"), caching, "{path}");
        assert_eq!(answer.bytes().await, body.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn a_browser_that_takes_brotli_gets_it() {
    let (_ground, _web, browser) = with_pages().await;
    let request = Request::get("/assets/core-1a2b.wasm").header(header::ACCEPT_ENCODING, "gzip, br");
    let answer = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "br");
    assert_eq!(answer.header("content-type"), "application/wasm");
    assert_eq!(answer.bytes().await, b"brotli");
}

#[tokio::test]
async fn only_what_is_in_the_folder_is_served() {
    let (ground, _web, browser) = with_pages().await;
    let key = ground.app.settings.data.join("root.key");
    for path in
        ["/nothing", "/api/nothing", "/assets/../../root.key", "/%2e%2e/root.key", key.to_str().unwrap()]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.refusal().await.1, "no_such_route", "{path}");
    }
    assert_eq!(browser.request(Method::POST, "/index.html").await.refusal().await.1, "wrong_method");
}

#[tokio::test]
async fn every_answer_has_the_headers_that_bind_a_browser() {
    let (_ground, _web, browser) = with_pages().await;
    for path in ["/", "/console", "/assets/app-3c4d.js", "/nothing", "/api/health", "/api/me", "/api/nothing"]
    {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types svelte-trusted-html doorstep",
        ] {
            assert!(policy.split("; ").any(|part| part == rule), "{path}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(self), geolocation=(self)"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        if path.starts_with("/api") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
}
