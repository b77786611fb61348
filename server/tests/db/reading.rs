//! Jobs that are read from Amazon again, by their name.

use super::{
    day::job,
    engines::{HOUR, on_both_engines},
    intake::{take_in, visits},
};

#[tokio::test]
async fn what_is_asked_while_a_job_is_being_read_is_read_after_it() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        let job = visits(&ground).await[0].job;
        let now = app.clock.now();
        let mut tx = app.db.write().await.unwrap();
        assert!(tx.ask_to_read(seller, job, None, now, now).await.unwrap());
        let first = tx.claim_read(seller, now, HOUR).await.unwrap().unwrap();
        assert_eq!((first.job, first.lease), (job, now.plus_ms(HOUR)));
        assert_eq!(tx.claim_read(seller, now, HOUR).await.unwrap(), None);
        assert!(tx.ask_to_read(seller, job, None, now, now).await.unwrap());
        // The answer to the first may be from before whatever made somebody ask again.
        tx.read_again_at(seller, &first, now.plus_ms(5)).await.unwrap();
        tx.close_read(seller, &first).await.unwrap();
        let second = tx.claim_read(seller, now, HOUR).await.unwrap().unwrap();
        assert_eq!(second.job, job);
        tx.close_read(seller, &second).await.unwrap();
        assert_eq!(tx.claim_read(seller, now.plus_ms(2 * HOUR), HOUR).await.unwrap(), None);
    })
    .await;
}
