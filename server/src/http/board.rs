//! `GET /api/board`: every visit a supervisor watches, as of one event.

use super::{problem::Refusal, session::Supervisor};
use crate::{app::App, card};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use doorstep_core::{api::Board, closeout::Policy};

/// So much further ahead than on a technician's list: the office plans tomorrow.
const FURTHER_MS: i64 = 12 * 3_600_000;

/// The visits near now, and those with calls that are not done however long ago they were.
///
/// # Errors
/// The database's.
pub async fn board(State(app): State<App>, who: Supervisor) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let (from, to) = app.settings.day_around(now);
    // One state of the database: whoever follows the events from `up_to` misses nothing and sees nothing twice.
    let mut tx = app.db.read().await?;
    let up_to = tx.last_event(who.seller).await?;
    let mut appointments = tx.board_appointments(who.seller, from, to.plus_ms(FURTHER_MS)).await?;
    for open in tx.visits_with_open_calls(who.seller).await? {
        if !appointments.contains(&open) {
            appointments.push(open);
        }
    }
    let mut cards = Vec::with_capacity(appointments.len());
    for appointment in appointments {
        cards.extend(card::load(&app, &mut tx, appointment).await?);
    }
    cards.sort_by_key(|card| (card.window.start, card.appointment));
    let board = Board { up_to, server_time: now, policy: Policy::standard(), cards };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(board)))
}
