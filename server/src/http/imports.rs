//! `/api/imports`: jobs from files, for sellers whom Amazon does not let use the Services API yet.

use super::{
    extract::{Body, Json},
    problem::Refusal,
    session::{Administrator, Office, SignedInUser},
};
use crate::{
    app::App,
    import::{self, By, Mode},
};
use anyhow::Context as _;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::api::{ImportColumns, Imports};
use std::io::Cursor;

/// The largest file a browser sends; the command takes larger ones.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// Reports that are shown.
const MOST_REPORTS: i64 = 20;
/// Own names of one column, and the length of each.
const MOST_NAMES: usize = 20;
const LONGEST_NAME: usize = 80;

/// What was imported, and the seller's own names of columns.
///
/// # Errors
/// The database's.
pub async fn list(State(app): State<App>, who: Office) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    let imports = Imports {
        reports: tx.import_reports(who.seller, MOST_REPORTS).await?,
        columns: tx.import_columns(who.seller).await?,
        waiting: tx.count_imported(who.seller).await?,
        server_time: app.clock.now(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(imports)))
}

/// Takes a file in, or says with `?preview=1` what that would do.
///
/// # Errors
/// It is not sent as CSV, or is too large; the database's.
pub async fn take_in(
    State(app): State<App>,
    who: Administrator,
    person: SignedInUser,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Body(file): Body,
) -> Result<impl IntoResponse, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv")) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_csv",
            "This address takes CSV",
            "Send the file with the content type text/csv.",
        )
        .field("content-type"));
    }
    let preview = query.as_deref().unwrap_or("").split('&').any(|pair| pair == "preview=1");
    let mode = if preview { Mode::Preview } else { Mode::TakeIn };
    let columns = app.db.read().await?.import_columns(who.seller).await?;
    let by = By { user: who.user, name: person.name };
    // Of its own: an import that has begun comes to its end, and to its report, whoever still listens.
    let import =
        tokio::spawn(
            async move { import::run(&app, &mut Cursor::new(file), &columns, Some(&by), mode).await },
        );
    let report = import.await.context("the import broke off")??;
    if mode == Mode::TakeIn {
        tracing::info!(
            user = %who.user,
            rows = report.rows,
            taken_in = report.taken_in,
            changed = report.changed,
            bad = report.bad,
            "jobs imported"
        );
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(report)))
}

/// Keeps the seller's own names of columns, in place of those before.
///
/// # Errors
/// There are too many or too long ones; the database's.
pub async fn set_columns(
    State(app): State<App>,
    who: Administrator,
    Json(columns): Json<ImportColumns>,
) -> Result<impl IntoResponse, Refusal> {
    let fits = |names: &Vec<String>| {
        names.len() <= MOST_NAMES && names.iter().all(|name| name.chars().count() <= LONGEST_NAME)
    };
    if !columns.0.values().all(fits) {
        return Err(Refusal::bad_request(
            "too_many_names",
            "There are too many names for one column, or too long ones",
            "A column takes 20 names of up to 80 characters.",
        ));
    }
    let mut tx = app.db.write().await?;
    tx.keep_import_columns(who.seller, &columns, app.clock.now()).await?;
    tx.commit().await?;
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]))
}
