//! Who may call what: every route of the table has its row here.

use super::browser::Browser;
use crate::engines::Ground;
use axum::http::{Method, StatusCode};
use doorstep_core::api::Role;
use doorstep_server::http::{self, Access};

const ROWS: &[(&str, &str, Access)] = &[
    ("GET", "/api/health", Access::Anyone),
    ("POST", "/api/sign-in", Access::Anyone),
    ("POST", "/api/enrol", Access::Anyone),
    ("GET", "/api/session/challenge", Access::Anyone),
    ("POST", "/api/session/resume", Access::Anyone),
    ("POST", "/api/sign-out", Access::SignedIn),
    ("GET", "/api/me", Access::SignedIn),
    ("GET", "/api/day", Access::Technician),
    ("POST", "/api/sync", Access::Technician),
    ("POST", "/api/rescue", Access::SignedIn),
    ("POST", "/api/given-up", Access::Technician),
    ("OPTIONS", "/api/uploads", Access::Anyone),
    ("POST", "/api/uploads", Access::Technician),
    ("HEAD", "/api/uploads/{photo}", Access::Technician),
    ("PATCH", "/api/uploads/{photo}", Access::Technician),
    ("GET", "/api/photos/{photo}/receipt", Access::Technician),
    ("GET", "/api/photos/{photo}/picture", Access::TechnicianOrSupervisor),
    ("GET", "/api/photos/{photo}/thumbnail", Access::TechnicianOrSupervisor),
    ("POST", "/api/device/health", Access::Technician),
    ("GET", "/api/devices", Access::Office),
    ("POST", "/api/devices/codes", Access::Office),
    ("POST", "/api/devices/{device}/revoke", Access::Office),
    ("PUT", "/api/technicians/{user}/account", Access::Office),
    ("GET", "/api/quarantine", Access::Supervisor),
    ("POST", "/api/quarantine/{item}", Access::Supervisor),
    ("GET", "/api/board", Access::Supervisor),
    ("GET", "/api/events", Access::Supervisor),
    ("POST", "/api/calls/{call}/retry", Access::Supervisor),
    ("GET", "/api/intake", Access::Supervisor),
    ("POST", "/api/jobs/{job}/read-again", Access::Supervisor),
    ("POST", "/api/visits/{appointment}/accept", Access::Supervisor),
    ("GET", "/api/visits/{appointment}/slots", Access::Supervisor),
    ("POST", "/api/visits/{appointment}/requests/{request}", Access::Supervisor),
    ("POST", "/api/visits/{appointment}/reschedule", Access::Supervisor),
    ("POST", "/api/jobs/{job}/cancel", Access::Supervisor),
    ("GET", "/api/visits/{appointment}/notes", Access::Supervisor),
    ("GET", "/api/visits/{appointment}/places", Access::Supervisor),
    ("GET", "/api/visits/{appointment}/versions", Access::Supervisor),
    ("POST", "/api/visits/{appointment}/versions", Access::Supervisor),
    ("GET", "/api/imports", Access::Office),
    ("POST", "/api/imports", Access::Administrator),
    ("PUT", "/api/imports/columns", Access::Administrator),
    ("GET", "/api/queues", Access::Supervisor),
    ("GET", "/api/queues/{queue}", Access::Supervisor),
    ("GET", "/api/connection", Access::Office),
    ("PUT", "/api/connection/operations/{operation}", Access::Administrator),
    ("PUT", "/api/connection/programs", Access::Administrator),
    ("GET", "/api/observed", Access::Office),
    ("GET", "/api/policies", Access::Office),
    ("POST", "/api/policies", Access::Administrator),
    ("POST", "/api/policies/preview", Access::Administrator),
    ("GET", "/api/policies/service-types", Access::Office),
    ("PUT", "/api/policies/service-types", Access::Administrator),
    ("PUT", "/api/samples", Access::Administrator),
    ("GET", "/api/samples/{sha256}", Access::SignedIn),
];

/// Where the route lets somebody of this role in.
fn lets_in(access: Access, role: Option<Role>) -> bool {
    match access {
        Access::Anyone => true,
        Access::SignedIn => role.is_some(),
        Access::Technician => role == Some(Role::Technician),
        Access::Supervisor => role == Some(Role::Supervisor),
        Access::Administrator => role == Some(Role::Administrator),
        Access::Office => matches!(role, Some(Role::Supervisor | Role::Administrator)),
        Access::TechnicianOrSupervisor => matches!(role, Some(Role::Technician | Role::Supervisor)),
    }
}

#[test]
fn every_route_has_its_row() {
    let table: Vec<_> =
        http::routes().iter().map(|route| (route.method.to_string(), route.path, route.access)).collect();
    let rows: Vec<_> =
        ROWS.iter().map(|(method, path, access)| ((*method).to_owned(), *path, *access)).collect();
    assert_eq!(table, rows);
}

#[tokio::test]
async fn every_route_lets_in_whom_its_row_says_and_nobody_else() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let nobody = Browser::of(&ground.app);
    let roles = [Role::Technician, Role::Supervisor, Role::Administrator];
    let mut people = vec![(None, nobody.another())];
    for role in roles {
        ground.add(&format!("{role:?}"), role, &[], &[]).await;
        let mut browser = nobody.another();
        browser.sign_in(&format!("{role:?}"), None).await;
        people.push((Some(role), browser));
    }
    for (method, path, access) in ROWS {
        // Signing out would end the session that the next rows need.
        if *path == "/api/sign-out" {
            continue;
        }
        for (role, browser) in &people {
            let path = path.replace("{photo}", &"ab".repeat(16)).replace("{call}", &"cd".repeat(16));
            let path = path.replace("{queue}", "hold").replace("{job}", &"ef".repeat(16));
            let path = path.replace("{appointment}", &"12".repeat(16)).replace("{device}", &"34".repeat(16));
            let path = path.replace("{user}", &"56".repeat(16)).replace("{item}", &"78".repeat(16));
            let path = path.replace("{sha256}", &"9a".repeat(32));
            let path = path.replace("{request}", &"9a".repeat(16));
            let answer = browser.request(Method::from_bytes(method.as_bytes()).unwrap(), &path).await;
            let line = format!("{method} {path} as {role:?}: {}", answer.status);
            if lets_in(*access, *role) {
                assert!(!matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN), "{line}");
                continue;
            }
            let expected = match role {
                None => StatusCode::UNAUTHORIZED,
                Some(_) => StatusCode::FORBIDDEN,
            };
            assert_eq!(answer.status, expected, "{line}");
            if *method != "HEAD" {
                let code = if role.is_none() { "signed_out" } else { "not_your_role" };
                assert_eq!(answer.refusal().await.1, code, "{line}");
            }
        }
    }
}

#[tokio::test]
async fn signing_out_takes_somebody_who_is_signed_in() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Administrator, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    assert_eq!(browser.request(Method::POST, "/api/sign-out").await.refusal().await.1, "signed_out");
    browser.sign_in("Robin Sample", None).await;
    assert_eq!(browser.request(Method::POST, "/api/sign-out").await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.get("/api/me").await.refusal().await.1, "signed_out");
}
