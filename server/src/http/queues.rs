//! `GET /api/queues` and `GET /api/queues/{queue}`: the jobs that want something of the office.

use super::{problem::Refusal, session::Supervisor};
use crate::{app::App, db::queue::Place, queue};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::header,
    response::IntoResponse,
};
use doorstep_core::{
    api::{QueueName, QueuePage, Queues},
    time::Timestamp,
};

/// As many as fit a few screens: each is opened from its sealed row.
const PAGE: u32 = 50;

/// How much waits where.
///
/// # Errors
/// The database's.
pub async fn queues(State(app): State<App>, who: Supervisor) -> Result<impl IntoResponse, Refusal> {
    let queues = app.db.read().await?.queue_sizes(who.seller).await?;
    let queues = Queues { server_time: app.clock.now(), queues };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(queues)))
}

/// One page of a queue.
///
/// # Errors
/// There is no such queue, the place is none of ours; the database's.
pub async fn queue(
    State(app): State<App>,
    who: Supervisor,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Refusal> {
    let queue = QueueName::from_name(&name).ok_or_else(|| {
        Refusal::not_found(
            "no_such_queue",
            "There is no such queue",
            "GET /api/queues names those there are.",
        )
    })?;
    let after = after(query.as_deref())?;
    let mut rows = app.db.read().await?.queue_page(who.seller, queue, after, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|(place, _)| text(*place));
    let jobs = rows.into_iter().map(|(_, row)| queue::line(&app, row)).collect::<anyhow::Result<_>>()?;
    let page = QueuePage { queue, server_time: app.clock.now(), jobs, next };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

fn text(place: Place) -> String {
    format!("{}.{}", place.at.0, hex::encode(place.id))
}

fn after(query: Option<&str>) -> Result<Option<Place>, Refusal> {
    let text = query.unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("after="));
    let Some(text) = text else { return Ok(None) };
    let place = || {
        let (at, id) = text.split_once('.')?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(id, &mut bytes).ok()?;
        Some(Place { at: Timestamp(at.parse().ok()?), id: bytes })
    };
    place().map(Some).ok_or_else(|| {
        Refusal::bad_request(
            "bad_place",
            "The place in the queue cannot be read",
            "Begin with the first page.",
        )
        .field("after")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_queue_reads_back() {
        let place = Place { at: Timestamp(-5), id: [7; 16] };
        assert_eq!(after(Some(&format!("x=1&after={}", text(place)))).unwrap(), Some(place));
        assert_eq!(after(None).unwrap(), None);
        for wrong in ["after=", "after=1", "after=x.00", "after=1.00"] {
            assert_eq!(after(Some(wrong)).unwrap_err().problem().field.as_deref(), Some("after"));
        }
    }
}
