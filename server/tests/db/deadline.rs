//! How long the buyer's data of a job may be kept.

use super::{
    day::job,
    engines::{DAY, HOUR, MORNING, on_both_engines},
    intake::take_in,
};

#[tokio::test]
async fn a_visit_that_was_called_off_never_prolongs_the_deadline() {
    on_both_engines(async |ground| {
        let deadline = async |name: &str| {
            let mut tx = ground.app.db.read().await.unwrap();
            tx.stored_job(ground.app.seller, name).await.unwrap().unwrap().expires_at
        };
        let month = 30 * DAY;
        // Moved forward from in ten days to today, done, and completed in the end.
        take_in(&ground, &[job("one", 240, "ACTIVE", &["T1"])]).await;
        let mut moved = job("one", 0, "ACTIVE", &["T1"]);
        moved["appointments"][0]["appointmentId"] = "one_2".into();
        let mut old = job("one", 240, "CANCELLED", &["T1"])["appointments"][0].clone();
        old["rescheduledAppointmentId"] = "one_2".into();
        moved["appointments"].as_array_mut().unwrap().push(old);
        take_in(&ground, std::slice::from_ref(&moved)).await;
        assert_eq!(deadline("one").await, MORNING.plus_ms(HOUR + month));
        // One whose only visit is called off long before.
        take_in(&ground, &[job("two", 100 * 24, "ACTIVE", &["T1"])]).await;
        assert_eq!(deadline("two").await, MORNING.plus_ms(100 * DAY + HOUR + month));
        ground.clock.advance_ms(2 * DAY);
        let mut off = job("two", 100 * 24, "CANCELLED", &["T1"]);
        take_in(&ground, std::slice::from_ref(&off)).await;
        assert_eq!(deadline("two").await, MORNING.plus_ms(2 * DAY + month), "as if the job had ended");

        ground.clock.advance_ms(13 * DAY);
        let mut done = moved;
        done["appointments"][0]["appointmentStatus"] = "COMPLETED".into();
        take_in(&ground, std::slice::from_ref(&done)).await;
        assert_eq!(deadline("one").await, MORNING.plus_ms(HOUR + month), "it still is open at Amazon");
        done["serviceJobStatus"] = "COMPLETED".into();
        take_in(&ground, &[done]).await;
        assert_eq!(deadline("one").await, MORNING.plus_ms(HOUR + month));
        off["buyer"]["phone"] = "555-0108".into();
        take_in(&ground, std::slice::from_ref(&off)).await;
        assert_eq!(deadline("two").await, MORNING.plus_ms(2 * DAY + month), "nor does what comes later");
        off["serviceJobStatus"] = "CANCELLED".into();
        take_in(&ground, &[off]).await;
        assert_eq!(deadline("two").await, MORNING.plus_ms(2 * DAY + month));
        // A new time is a new visit.
        take_in(&ground, &[job("three", 48, "CANCELLED", &["T1"])]).await;
        take_in(&ground, &[job("three", 20 * 24, "ACTIVE", &["T1"])]).await;
        assert_eq!(deadline("three").await, MORNING.plus_ms(20 * DAY + HOUR + month));
    })
    .await;
}
