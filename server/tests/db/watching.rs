//! The board and its events: a supervisor misses nothing and sees nothing twice, whenever the stream breaks.

use super::{
    closeout::{Person, get, post_json, sign_in, visits},
    engines::{DAY, Ground, on_both_engines},
    phones::healthy,
};
use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Request, StatusCode},
};
use doorstep_core::{
    api::{Board, Change, Role, What},
    id::AppointmentId,
};
use doorstep_server::{app::App, db::Tx, http};
use futures_util::StreamExt as _;
use tower::ServiceExt as _;

/// One open stream.
struct Stream {
    body: BodyDataStream,
    text: String,
}

#[derive(Debug, PartialEq)]
enum Message {
    Change(i64),
    Phones,
    Resync(i64),
}

impl Stream {
    async fn open(router: &Router, person: &Person, query: &str, last: Option<i64>) -> Self {
        let mut request =
            Request::builder().uri(format!("/api/events{query}")).header("cookie", &person.cookie);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next message; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let field =
                    |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
                if field("event: ") == "phones" {
                    assert!(!block.contains("id: "), "the browser goes on from the last change");
                    self.text = rest.to_owned();
                    return Some(Message::Phones);
                }
                let (id, event, data) = (field("id: ").parse().unwrap(), field("event: "), field("data: "));
                self.text = rest.to_owned();
                if event == "resync" {
                    return Some(Message::Resync(id));
                }
                let change: Change = serde_json::from_str(&data).unwrap();
                assert_eq!((event.as_str(), change.id), ("change", id));
                return Some(Message::Change(id));
            }
            self.text += std::str::from_utf8(&self.body.next().await?.unwrap()).unwrap();
        }
    }
}

async fn happen(app: &App, visit: AppointmentId, times: usize) {
    for _ in 0..times {
        let mut tx = app.db.write().await.unwrap();
        tx.record_event(app.seller, visit, &What::AnswersRecorded, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.bell.ring();
    }
}

async fn scene(ground: &Ground) -> (Router, Person, AppointmentId) {
    let lee = sign_in(ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
    let visit = visits(ground, &["one"]).await[0];
    (http::router(ground.app.clone()), lee, visit)
}

async fn last(app: &App) -> i64 {
    app.db.read().await.unwrap().last_event(app.seller).await.unwrap()
}

#[tokio::test]
async fn whoever_comes_back_at_any_event_gets_exactly_those_after_it() {
    on_both_engines(async |ground| {
        let (router, lee, visit) = scene(&ground).await;
        happen(&ground.app, visit, 12).await;
        let newest = last(&ground.app).await;
        for seen in 0..=newest {
            let mut stream = Stream::open(&router, &lee, "?after=0", Some(seen)).await;
            for id in seen + 1..=newest {
                assert_eq!(stream.next().await, Some(Message::Change(id)));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn events_arrive_as_they_happen_from_this_process_and_from_others() {
    on_both_engines(async |ground| {
        let (router, lee, visit) = scene(&ground).await;
        let begun = last(&ground.app).await;
        let mut stream = Stream::open(&router, &lee, "", None).await;
        let writers = (0..8).map(|writer| {
            let mut app = ground.app.clone();
            if writer % 2 == 0 {
                // Another process has a bell of its own, which nobody hears here.
                app.bell = doorstep_server::app::Bell::default();
            }
            tokio::spawn(async move { happen(&app, visit, 20).await })
        });
        let read = async {
            for id in begun + 1..=begun + 160 {
                assert_eq!(stream.next().await, Some(Message::Change(id)));
            }
        };
        let (written, ()) = tokio::join!(futures_util::future::join_all(writers), read);
        written.into_iter().for_each(|writer| writer.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_board_and_the_events_after_it_have_neither_gap_nor_overlap() {
    on_both_engines(async |ground| {
        let (router, lee, visit) = scene(&ground).await;
        happen(&ground.app, visit, 3).await;
        let board: Board = serde_json::from_slice(&get(&router, &lee, "/api/board").await.body).unwrap();
        assert_eq!(board.up_to, last(&ground.app).await);
        assert_eq!(board.cards.len(), 1);
        let card = &board.cards[0];
        assert_eq!((card.appointment, card.title.as_str(), card.questions), (visit, "Mount a television", 4));
        assert!(!card.findings.is_empty() && !card.ready && card.appointment_active);
        let text = String::from_utf8(get(&router, &lee, "/api/board").await.body).unwrap();
        assert!(!text.contains("Test Buyer") && !text.contains("Sample Street") && !text.contains("555-"));

        happen(&ground.app, visit, 1).await;
        let mut stream = Stream::open(&router, &lee, &format!("?after={}", board.up_to), None).await;
        assert_eq!(stream.next().await, Some(Message::Change(board.up_to + 1)));
    })
    .await;
}

#[tokio::test]
async fn whoever_watches_is_told_that_a_phone_said_something() {
    on_both_engines(async |ground| {
        let (router, lee, visit) = scene(&ground).await;
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
        let after = last(&ground.app).await;
        let mut stream = Stream::open(&router, &lee, "", None).await;
        let health = healthy(ground.app.clock.now());
        assert_eq!(post_json(&router, &robin, "/api/device/health", &health).await.status, 204);
        assert_eq!(stream.next().await, Some(Message::Phones));
        happen(&ground.app, visit, 1).await;
        assert_eq!(stream.next().await, Some(Message::Change(after + 1)));
    })
    .await;
}

#[tokio::test]
async fn an_id_the_database_does_not_have_asks_for_the_board_again() {
    on_both_engines(async |ground| {
        let (router, lee, visit) = scene(&ground).await;
        let newest = last(&ground.app).await;
        let mut stream = Stream::open(&router, &lee, "", Some(newest + 7)).await;
        assert_eq!(stream.next().await, Some(Message::Resync(newest)));
        happen(&ground.app, visit, 1).await;
        assert_eq!(stream.next().await, Some(Message::Change(newest + 1)));

        // So far behind that loading the board is less work than catching up.
        let sql = "UPDATE seller SET last_event = last_event + 10001";
        let mut tx = ground.app.db.write().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        }
        tx.commit().await.unwrap();
        let mut stream = Stream::open(&router, &lee, "", Some(newest + 1)).await;
        assert_eq!(stream.next().await, Some(Message::Resync(newest + 10_002)));

        let refused = get(&router, &lee, "/api/events?after=soon").await;
        assert_eq!(refused.refusal(), (400, "bad_event_id".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_server() {
    on_both_engines(async |ground| {
        let (_, lee, visit) = scene(&ground).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let router = http::router(ground.app.clone()).layer(axum::Extension(http::events::Stop(stopped)));
        let after = last(&ground.app).await;
        let mut stream = Stream::open(&router, &lee, "", None).await;
        happen(&ground.app, visit, 1).await;
        assert_eq!(stream.next().await, Some(Message::Change(after + 1)));
        ground.clock.advance_ms(3 * DAY);
        happen(&ground.app, visit, 1).await;
        assert_eq!(stream.next().await, None, "the session is over");

        let kim = sign_in(&ground, "Kim Sample", Role::Supervisor, &[], &[]).await;
        let mut stream = Stream::open(&router, &kim, "", None).await;
        let (end, ()) = tokio::join!(stream.next(), async { stop.send(true).unwrap() });
        assert_eq!(end, None, "the server stops");
    })
    .await;
}

#[tokio::test]
async fn only_supervisors_watch() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
    let router = http::router(ground.app.clone());
    for path in ["/api/board", "/api/events"] {
        assert_eq!(get(&router, &robin, path).await.refusal(), (403, "not_your_role".to_owned()));
    }
}
