//! The page that shows the sandbox to whoever trains on it. It is made of `/_sandbox/…` and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use url::Url;

use crate::http::Inner;

const HTML: &str = include_str!("page/page.html");
const ICON: &str = include_str!("page/icon.svg");
const STYLE: &str = include_str!("page/page.css");
/// In parts, each loaded as a module.
const SCRIPTS: [(&str, &str); 4] = [
    ("/_page/page.js", include_str!("page/page.js")),
    ("/_page/jobs.js", include_str!("page/jobs.js")),
    ("/_page/words.js", include_str!("page/words.js")),
    ("/_page/lists.js", include_str!("page/lists.js")),
];

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Arc<Inner>> {
    let mut router = Router::new()
        .route("/", get(|| async { file("text/html; charset=utf-8", HTML) }))
        .route("/_page/icon.svg", get(|| async { file("image/svg+xml", ICON) }))
        .route("/_page/page.css", get(|| async { file("text/css; charset=utf-8", STYLE) }));
    for (path, text) in SCRIPTS {
        router = router.route(path, get(move || async move { file("text/javascript; charset=utf-8", text) }));
    }
    router
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

/// Keeps other sites' pages, which may send requests to loopback as well, away from what steers the sandbox.
pub(crate) async fn from_here(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "Only a page of the sandbox itself may do this.").into_response()
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).unwrap_or_default();
    is_loopback(host) && text(header::ORIGIN).is_none_or(|origin| origin == format!("http://{host}"))
}

/// By its name too, so that a name that was made to point here does not count.
fn is_loopback(host: &str) -> bool {
    match Url::parse(&format!("http://{host}")) {
        Ok(url) => match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
        Err(_) => false,
    }
}
