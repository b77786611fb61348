//! The web pages, and the headers of every answer.

use super::no_such_route;
use crate::app::App;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::path::Path;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// Scripts, styles and connections from here alone; WebAssembly may run; no page may frame or be framed, and
/// strings reach script sinks only through the two named policies.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html doorstep";

/// Adds the built pages in `web` to the table; without `web` there is only the API.
pub(super) fn serve(table: Router<App>, web: Option<&Path>) -> Router<App> {
    let Some(web) = web else { return table.fallback(no_such_route) };
    let files = ServeDir::new(web).precompressed_br().append_index_html_on_directories(true);
    table.fallback(move |mut request: Request| {
        let files = files.clone();
        async move {
            let path = request.uri().path();
            if path.starts_with("/api") {
                return no_such_route().await.into_response();
            }
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return super::problem::wrong_method().await.into_response();
            }
            if path == "/console" {
                *request.uri_mut() = axum::http::Uri::from_static("/console.html");
            }
            match files.oneshot(request).await {
                Ok(found) if found.status() != StatusCode::NOT_FOUND => found.map(axum::body::Body::new),
                Ok(_) => no_such_route().await.into_response(),
                Err(never) => match never {},
            }
        }
    })
}

pub(super) async fn add_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let caching = caching(request.uri().path());
    let mut response = next.run(request).await;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        // A picture has a stricter policy of its own.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(self)"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A missing file must be asked for again: after an upgrade it may be there.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(if found { caching } else { "no-store" }));
    if app.settings.public_https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Which pages phones get: the hash in the name of their script. `None` where the server has no pages.
pub(super) async fn version(web: Option<&Path>) -> Option<String> {
    let page = tokio::fs::read_to_string(web?.join("index.html")).await.ok()?;
    named(&page).map(str::to_owned)
}

fn named(page: &str) -> Option<&str> {
    page.split_once("/assets/phone-")?.1.split_once(".js").map(|(hash, _)| hash)
}

/// Files under `/assets/` have a hash in their name; the pages and the service worker are asked for anew.
fn caching(path: &str) -> &'static str {
    if path.starts_with("/api") {
        "no-store"
    } else if path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_pages_is_in_the_name_of_their_script() {
        let page = r#"<script type="module" crossorigin src="/assets/phone-B3x_9f-a.js"></script>"#;
        assert_eq!(named(page), Some("B3x_9f-a"));
        assert_eq!(named(r#"<script src="/src/phone/main.ts">"#), None);
    }
}
