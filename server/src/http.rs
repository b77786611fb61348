//! The whole HTTP API on one screen. Every refusal is `application/problem+json`; `docs/PROTOCOL.md` has the bodies.

pub mod board;
pub mod calls;
pub mod connection;
pub mod day;
pub mod decisions;
pub mod devices;
pub mod enrol;
pub mod events;
pub mod extract;
pub mod given_up;
pub mod health;
pub mod imports;
pub mod intake;
pub mod jobs;
mod linger;
pub mod origin;
pub mod photos;
pub mod policies;
pub mod problem;
pub mod quarantine;
pub mod queues;
pub mod records;
pub mod rescue;
pub mod resume;
pub mod session;
pub mod shell;
pub mod sign_in;
pub mod sync;
pub mod unlocked;
pub mod uploads;
pub mod versions;

use crate::app::App;
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use doorstep_core::wire;
use problem::Refusal;
use std::time::Duration;
use tokio::{net::TcpListener, sync::watch};
use tower_http::compression::CompressionLayer;

/// Who may call a route. The handler's extractors enforce it; a test holds every route to its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    SignedIn,
    Technician,
    Supervisor,
    Administrator,
    /// A supervisor or an administrator.
    Office,
    /// The technician of the visit, or any supervisor.
    TechnicianOrSupervisor,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<App>,
}

/// Bodies of up to this many bytes are read where the route says nothing else.
pub const BODY_LIMIT: usize = 64 * 1024;

/// The table.
pub fn routes() -> Vec<Route> {
    use Access::{Administrator, Anyone, Office, SignedIn, Supervisor, Technician, TechnicianOrSupervisor};
    vec![
        route(Method::GET, "/api/health", Anyone, health::health),
        route(Method::POST, "/api/sign-in", Anyone, sign_in::sign_in),
        route(Method::POST, "/api/enrol", Anyone, enrol::enrol),
        route(Method::GET, "/api/session/challenge", Anyone, resume::challenge),
        route(Method::POST, "/api/session/resume", Anyone, resume::resume),
        route(Method::POST, "/api/sign-out", SignedIn, sign_in::sign_out),
        route(Method::GET, "/api/me", SignedIn, sign_in::me),
        route(Method::GET, "/api/day", Technician, day::day).compressed(),
        route(Method::POST, "/api/sync", Technician, sync::sync).up_to(wire::MAX_MESSAGE_BYTES),
        // Streams: its limit is its own, too.
        route(Method::POST, "/api/rescue", SignedIn, rescue::deliver),
        route(Method::POST, "/api/given-up", Technician, given_up::give_up),
        // Uploads stream: their own limit is what was announced.
        route(Method::OPTIONS, "/api/uploads", Anyone, uploads::options),
        route(Method::POST, "/api/uploads", Technician, uploads::create),
        route(Method::HEAD, "/api/uploads/{photo}", Technician, uploads::offset),
        route(Method::PATCH, "/api/uploads/{photo}", Technician, uploads::append),
        route(Method::GET, "/api/photos/{photo}/receipt", Technician, uploads::receipt),
        route(Method::GET, "/api/photos/{photo}/picture", TechnicianOrSupervisor, photos::picture),
        route(Method::GET, "/api/photos/{photo}/thumbnail", TechnicianOrSupervisor, photos::thumbnail),
        route(Method::POST, "/api/device/health", Technician, devices::health),
        route(Method::GET, "/api/devices", Office, devices::phones),
        route(Method::POST, "/api/devices/codes", Office, enrol::code),
        route(Method::POST, "/api/devices/{device}/revoke", Office, devices::revoke),
        route(Method::PUT, "/api/technicians/{user}/account", Office, devices::set_account),
        route(Method::GET, "/api/quarantine", Supervisor, quarantine::held),
        route(Method::POST, "/api/quarantine/{item}", Supervisor, quarantine::decide),
        route(Method::GET, "/api/board", Supervisor, board::board),
        route(Method::GET, "/api/events", Supervisor, events::events),
        route(Method::POST, "/api/calls/{call}/retry", Supervisor, calls::retry),
        route(Method::GET, "/api/intake", Supervisor, intake::intake),
        route(Method::POST, "/api/jobs/{job}/read-again", Supervisor, jobs::read_again),
        route(Method::POST, "/api/visits/{appointment}/accept", Supervisor, jobs::accept),
        route(Method::GET, "/api/visits/{appointment}/slots", Supervisor, decisions::slots),
        route(Method::POST, "/api/visits/{appointment}/requests/{request}", Supervisor, decisions::decide),
        route(Method::POST, "/api/visits/{appointment}/reschedule", Supervisor, decisions::reschedule),
        route(Method::POST, "/api/jobs/{job}/cancel", Supervisor, decisions::cancel),
        route(Method::GET, "/api/visits/{appointment}/notes", Supervisor, records::notes),
        route(Method::GET, "/api/visits/{appointment}/places", Supervisor, records::places),
        route(Method::GET, "/api/visits/{appointment}/versions", Supervisor, versions::versions),
        route(Method::POST, "/api/visits/{appointment}/versions", Supervisor, versions::choose),
        route(Method::GET, "/api/imports", Office, imports::list),
        route(Method::POST, "/api/imports", Administrator, imports::take_in).up_to(imports::MOST_BYTES),
        route(Method::PUT, "/api/imports/columns", Administrator, imports::set_columns),
        route(Method::GET, "/api/queues", Supervisor, queues::queues),
        route(Method::GET, "/api/queues/{queue}", Supervisor, queues::queue),
        route(Method::GET, "/api/connection", Office, connection::connection),
        route(Method::PUT, "/api/connection/operations/{operation}", Administrator, connection::set),
        route(Method::PUT, "/api/connection/programs", Administrator, connection::set_programs),
        route(Method::GET, "/api/observed", Office, connection::observed),
        route(Method::GET, "/api/policies", Office, policies::policies),
        route(Method::POST, "/api/policies", Administrator, policies::publish).up_to(policies::MOST_BYTES),
        route(Method::POST, "/api/policies/preview", Administrator, policies::preview)
            .up_to(policies::MOST_BYTES),
        route(Method::GET, "/api/policies/service-types", Office, policies::service_types),
        route(Method::PUT, "/api/policies/service-types", Administrator, policies::set_service_types),
        route(Method::PUT, "/api/samples", Administrator, policies::keep_sample)
            .up_to(policies::MOST_SAMPLE_BYTES),
        route(Method::GET, "/api/samples/{sha256}", SignedIn, policies::sample),
    ]
}

fn route<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    Route { method, path, access, handler: on(filter, handler) }
}

impl Route {
    /// Compresses answers for whoever takes that. For answers that hold nothing which somebody else may have chosen:
    /// the length of a compressed answer tells whether a guess in it is right.
    #[must_use]
    pub fn compressed(mut self) -> Self {
        self.handler = self.handler.layer(CompressionLayer::new());
        self
    }

    /// Reads bodies of up to `bytes` bytes.
    #[must_use]
    pub fn up_to(mut self, bytes: usize) -> Self {
        self.handler = self.handler.layer(DefaultBodyLimit::max(bytes));
        self
    }
}

/// The server as one service: the table, the web pages, and what holds for every answer.
pub fn router(app: App) -> Router {
    let table =
        routes().into_iter().fold(Router::new(), |table, route| table.route(route.path, route.handler));
    shell::serve(table, app.settings.web.as_deref())
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(axum::Extension(sign_in::Gate::default()))
        .layer(axum::Extension(enrol::CodeGate::default()))
        .layer(axum::Extension(unlocked::WrongProofs::default()))
        .layer(axum::Extension(uploads::Lanes::default()))
        .layer(middleware::from_fn(origin::refuse_other_sites))
        .layer(middleware::from_fn_with_state(app.clone(), shell::add_headers))
        .layer(middleware::from_fn_with_state(app.clone(), log))
        .layer(middleware::from_fn(linger::hear_out))
        .with_state(app)
}

/// Serves until `stop` turns true, then lets requests under way finish; streams are cut after five seconds.
///
/// # Errors
/// The listener fails.
pub async fn serve(app: App, listener: TcpListener, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let router = router(app).layer(axum::Extension(events::Stop(stop.clone())));
    let mut stopped = stop.clone();
    // A sender that is gone asks for a stop as well.
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = stop.wait_for(|stop| *stop).await;
    });
    let cut = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    };
    tokio::select! {
        served = serving => served?,
        () = cut => tracing::info!("connections still open at the end of the grace period were cut"),
    }
    Ok(())
}

/// One line per request: the route's template, never the path, a query or a body.
async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let began = app.clock.now();
    let response = next.run(request).await;
    let (status, ms) = (response.status().as_u16(), app.clock.now().since(began));
    tracing::info!(%method, route, status, ms, "request");
    response
}

/// What no route answers.
async fn no_such_route() -> Refusal {
    Refusal::not_found("no_such_route", "There is nothing at this address", "Check the address.")
}
