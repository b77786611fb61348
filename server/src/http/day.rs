//! `GET /api/day`: the visits of the signed-in technician near now.

use super::{problem::Refusal, session::Technician};
use crate::app::App;
use axum::{Json, extract::State};
use doorstep_core::api::Day;

pub async fn day(State(app): State<App>, who: Technician) -> Result<Json<Day>, Refusal> {
    let now = app.clock.now();
    let (from, to) = app.settings.day_around(now);
    let mut tx = app.db.read().await?;
    let mut jobs = Vec::new();
    for appointment in tx.day_of(who.seller, who.user, from, to).await? {
        jobs.extend(tx.load_job(&app.root_key, who.seller, appointment).await?);
    }
    Ok(Json(Day { server_time: now, jobs }))
}
