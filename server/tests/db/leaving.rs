//! Callers that go away half-way: a phone hangs up, and the request that it made is dropped where it stands.

use super::engines::{MORNING, on_both_engines};
use doorstep_core::digest::Sha256;
use doorstep_server::db::Tx;

/// Often enough that some callers leave between PostgreSQL's BEGIN and its answer.
const CALLERS: usize = 200;

#[tokio::test]
async fn a_caller_that_goes_away_while_a_transaction_begins_leaves_none_open() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let mut pace = app.db.read().await.unwrap();
        for caller in 0..CALLERS {
            tokio::select! {
                biased;
                begun = app.db.read() => drop(begun.unwrap()),
                () = round_trips(&mut pace, caller % 4) => {}
            }
            let mut tx = app.db.write().await.unwrap();
            // Refused by a connection that is still in the transaction of whoever left, which only reads.
            assert_eq!(tx.delete_expired_sessions(app.seller, MORNING).await.unwrap(), 0);
            tx.commit().await.unwrap();
        }
    })
    .await;
}

/// As long as the database takes to answer this many times.
async fn round_trips(tx: &mut Tx, times: usize) {
    for _ in 0..times {
        assert!(tx.session(&Sha256::of(b"nobody"), MORNING).await.unwrap().is_none());
    }
}
