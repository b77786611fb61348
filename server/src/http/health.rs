//! `GET /api/health`: 200 when the server answers and its database does.

use super::problem::Refusal;
use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};

pub async fn health(State(app): State<App>) -> Result<Json<serde_json::Value>, Refusal> {
    let reads = async { app.db.read().await?.seller().await };
    match reads.await {
        Ok(_) => Ok(Json(serde_json::json!({ "status": "ok" }))),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "database_away",
                "The database does not answer",
                "Look at the server's log.",
            ))
        }
    }
}
