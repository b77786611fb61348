//! Requests that another web site makes a browser send. SameSite=Strict keeps the cookie from them already; this
//! is the second lock.

use super::problem::Refusal;
use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

pub(super) async fn refuse_other_sites(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || from_here(request.headers(), request.uri().authority().map(|authority| authority.as_str())) {
        return next.run(request).await;
    }
    Refusal::forbidden("other_site", "This request comes from another site", "Open the server's own address.")
        .field("origin")
        .into_response()
}

/// Programs that are no browsers send no Origin and have no cookie that a site could borrow.
fn from_here(headers: &HeaderMap, authority: Option<&str>) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(authority);
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    match (origin, host) {
        (Some((scheme, origin)), Some(host)) => {
            let default_port = if scheme == "https" { ":443" } else { ":80" };
            let bare = |host: &str| host.strip_suffix(default_port).unwrap_or(host).to_ascii_lowercase();
            bare(origin) == bare(host)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        from_here(&headers, None)
    }

    #[test]
    fn only_this_host_is_here() {
        assert!(allowed(None, "127.0.0.1:8080"));
        assert!(allowed(Some("http://127.0.0.1:8080"), "127.0.0.1:8080"));
        assert!(allowed(Some("https://Doorstep.example"), "doorstep.example:443"));
        assert!(!allowed(Some("https://other.example"), "doorstep.example"));
        assert!(!allowed(Some("http://127.0.0.1:8081"), "127.0.0.1:8080"));
        assert!(!allowed(Some("null"), "127.0.0.1:8080"));
        assert!(!allowed(Some("https://doorstep.example.other.example"), "doorstep.example"));
    }
}
