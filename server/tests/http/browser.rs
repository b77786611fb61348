//! Something that sends requests and keeps a cookie.

use crate::engines::PASSWORD;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use doorstep_server::{app::App, http};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: Option<String>,
}

/// An answer without its body, which a stream may never end.
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
}

impl Browser {
    pub(crate) fn of(app: &App) -> Self {
        Self { router: http::router(app.clone()), cookie: None }
    }

    /// The same server, nobody signed in.
    pub(crate) fn another(&self) -> Self {
        Self { router: self.router.clone(), cookie: None }
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Head {
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert("127.0.0.1:8080".parse().unwrap());
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        Head { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn request(&self, method: Method, path: &str) -> Head {
        self.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Head {
        self.request(Method::GET, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Head {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Signs in and keeps the cookie.
    pub(crate) async fn sign_in(&mut self, name: &str, device: Option<&str>) -> Value {
        let answer =
            self.post("/api/sign-in", &json!({"name": name, "password": PASSWORD, "device": device})).await;
        assert_eq!(answer.status, StatusCode::OK);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        self.cookie = Some(cookie);
        answer.json().await
    }
}

impl Head {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) async fn bytes(self) -> Vec<u8> {
        axum::body::to_bytes(self.body, usize::MAX).await.unwrap().to_vec()
    }

    pub(crate) async fn json(self) -> Value {
        serde_json::from_slice(&self.bytes().await).unwrap()
    }

    /// Status, code and field of a refusal.
    pub(crate) async fn refusal(self) -> (u16, String, Option<String>) {
        let status = self.status.as_u16();
        assert_eq!(self.header("content-type"), "application/problem+json", "{status}");
        let problem = self.json().await;
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        (status, problem["code"].as_str().unwrap().to_owned(), problem["field"].as_str().map(str::to_owned))
    }
}
