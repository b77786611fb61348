//! `GET /api/intake`: how current the jobs are, marketplace by marketplace.

use super::{problem::Refusal, session::Supervisor};
use crate::app::App;
use axum::{Json, extract::State, http::header, response::IntoResponse};
use doorstep_core::api::IntakeAge;

/// In the order of the setting.
///
/// # Errors
/// The database's.
pub async fn intake(State(app): State<App>, who: Supervisor) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    let mut ages: Vec<IntakeAge> = Vec::new();
    for marketplace in app.settings.marketplaces() {
        ages.push(tx.intake_progress(who.seller, marketplace.as_str()).await?.age);
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ages)))
}
