//! `GET /api/events`: what happens, as it happens (server-sent events). The database is the truth and the stream a
//! reader of it: it sends every event after the last one the browser has, in order, and nothing twice.

use super::{problem::Refusal, session::Supervisor};
use crate::{app::App, card, db::event};
use axum::{
    Extension,
    extract::{FromRequestParts as _, State},
    http::{HeaderMap, HeaderName, header, request::Parts},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use doorstep_core::api::{Card, Change};
use futures_util::stream;
use std::{
    collections::{BTreeMap, VecDeque, btree_map::Entry},
    convert::Infallible,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior},
};

/// Read in one go.
const BATCH: i64 = 100;
/// Further behind than this, the board is loaded anew instead.
const FURTHEST_BEHIND: i64 = 10_000;
/// The bell rings in this process only; so often the stream looks for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);

/// Turns true when the server is to stop: streams end then, since they never would by themselves.
#[derive(Clone, Debug)]
pub struct Stop(pub watch::Receiver<bool>);

/// Streams events from the one named by `Last-Event-ID` (a browser's, on coming back) or `?after=`, else from now.
///
/// # Errors
/// The id is no number; the database's.
pub async fn events(
    State(app): State<App>,
    stop: Option<Extension<Stop>>,
    who: Supervisor,
    parts: Parts,
) -> Result<impl IntoResponse, Refusal> {
    let last = match asked(&parts.headers, parts.uri.query())? {
        Some(last) => last,
        None => app.db.read().await?.last_event(who.seller).await?,
    };
    // Whoever reads the phones once the stream is open misses no change of them.
    let phones = app.db.read().await?.phones_version(who.seller).await?;
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let feed = Feed {
        bell: app.bell.listen(),
        stop: stop.map(|Extension(Stop(stop))| stop),
        app,
        parts,
        last,
        phones,
        waiting: VecDeque::new(),
        look,
    };
    let stream = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(event), feed))
    });
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects the stream first would make it useless.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE_EVERY))))
}

/// The event the browser has already. A browser that comes back repeats the address it began with, so its header is
/// newer than the query.
fn asked(headers: &HeaderMap, query: Option<&str>) -> Result<Option<i64>, Refusal> {
    let refused = |field: &str| {
        Refusal::bad_request(
            "bad_event_id",
            "The event id is not a number",
            "Load the board and begin from its upTo.",
        )
        .field(field)
    };
    if let Some(header) = headers.get("last-event-id").filter(|header| !header.is_empty()) {
        let id = header.to_str().ok().and_then(|text| text.parse().ok()).filter(|id| *id >= 0);
        return id.map(Some).ok_or_else(|| refused("last-event-id"));
    }
    let after = query.unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("after="));
    after.map(|text| text.parse().ok().filter(|id| *id >= 0).ok_or_else(|| refused("after"))).transpose()
}

struct Feed {
    app: App,
    /// The request, to see at each look whether its session still holds.
    parts: Parts,
    /// The last event that was read for the browser.
    last: i64,
    /// The state of the phones that the browser was told of.
    phones: i64,
    waiting: VecDeque<Event>,
    bell: watch::Receiver<u64>,
    stop: Option<watch::Receiver<bool>>,
    look: Interval,
}

impl Feed {
    /// The next message; `None` ends the stream, and the browser comes back by itself.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.stop.as_ref().is_some_and(|stop| *stop.borrow()) {
                return None;
            }
            // Whoever signed out, was disabled or stayed too long sees nothing more.
            let who = Supervisor::from_request_parts(&mut self.parts, &self.app).await.ok()?;
            // Marked before reading: a ring during the read leads to another look.
            self.bell.mark_unchanged();
            if let Err(error) = self.read(&who).await {
                tracing::error!(error = format!("{error:#}"), "reading events");
                return None;
            }
            if !self.waiting.is_empty() {
                continue;
            }
            let stopped = async {
                match &mut self.stop {
                    // A sender that is gone asks for a stop as well.
                    Some(stop) => drop(stop.wait_for(|stop| *stop).await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stopped => return None,
                _ = self.look.tick() => {}
                rung = self.bell.changed() => rung.ok()?,
            }
        }
    }

    async fn read(&mut self, who: &Supervisor) -> anyhow::Result<()> {
        let mut tx = self.app.db.read().await?;
        let newest = tx.last_event(who.seller).await?;
        let phones = tx.phones_version(who.seller).await?;
        if phones != self.phones {
            self.phones = phones;
            // Without an id: the browser goes on from the last change of a visit.
            self.waiting.push_back(Event::default().event("phones").data("{}"));
        }
        // Ahead of the database: it was restored from a backup, and the same ids now mean other events.
        if self.last > newest || newest - self.last > FURTHEST_BEHIND {
            self.last = newest;
            self.waiting.push_back(Event::default().event("resync").id(newest.to_string()).data("{}"));
            return Ok(());
        }
        let mut cards: BTreeMap<_, Option<Card>> = BTreeMap::new();
        for event::Event { id, appointment, what, at } in
            tx.events_after(who.seller, self.last, BATCH).await?
        {
            // One card serves all events of its visit: it shows the visit as it is now.
            let card = match cards.entry(appointment) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(unknown) => {
                    unknown.insert(card::load(&self.app, &mut tx, appointment).await?).clone()
                }
            };
            self.last = id;
            let Some(card) = card else { continue };
            let change = serde_json::to_string(&Change { id, at, what, card })?;
            self.waiting.push_back(Event::default().event("change").id(id.to_string()).data(change));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_comes_back_goes_on_from_its_header() {
        let asked = |header: Option<&str>, query: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(header) = header {
                headers.insert("last-event-id", header.parse().unwrap());
            }
            asked(&headers, query).map_err(|refusal| refusal.problem().field.clone().unwrap_or_default())
        };
        assert_eq!(asked(None, None), Ok(None));
        assert_eq!(asked(None, Some("after=7")), Ok(Some(7)));
        assert_eq!(asked(Some("9"), Some("after=7")), Ok(Some(9)));
        assert_eq!(asked(Some("x"), Some("after=7")), Err("last-event-id".to_owned()));
        assert_eq!(asked(Some("-1"), None), Err("last-event-id".to_owned()));
        assert_eq!(asked(None, Some("after=x")), Err("after".to_owned()));
        assert_eq!(asked(None, Some("after=-1")), Err("after".to_owned()));
    }
}
