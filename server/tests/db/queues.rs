//! What waits in the office, on both engines and through the API's handlers.

use super::{
    day::job,
    engines::{DAY, Ground, HOUR, MORNING, on_both_engines},
    intake::take_in,
};
use doorstep_core::{
    api::{QueueName, QueuedJob},
    job::Window,
};
use doorstep_server::queue;
use serde_json::{Value, json};

/// A job of this status, created `days` ago, without an appointment.
fn waiting(name: &str, status: &str, days: i64) -> Value {
    let mut waiting = job(name, 0, "ACTIVE", &[]);
    waiting["serviceJobStatus"] = status.into();
    waiting["createTime"] = MORNING.plus_ms(-days * DAY).to_rfc3339().into();
    waiting["appointments"] = json!([]);
    waiting
}

async fn lines(ground: &Ground, queue: QueueName, page: u32) -> Vec<QueuedJob> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let mut tx = ground.app.db.read().await.unwrap();
        let rows = tx.queue_page(ground.app.seller, queue, after, page).await.unwrap();
        drop(tx);
        let Some((last, _)) = rows.last() else { return lines };
        after = Some(*last);
        assert!(rows.len() <= page as usize);
        lines.extend(rows.into_iter().map(|(_, row)| queue::line(&ground.app, row).unwrap()));
    }
}

fn names(lines: &[QueuedJob]) -> Vec<&str> {
    lines.iter().map(|line| line.service_job_id.as_str()).collect()
}

async fn sizes(ground: &Ground) -> Vec<(QueueName, u32)> {
    let sizes = ground.app.db.read().await.unwrap().queue_sizes(ground.app.seller).await.unwrap();
    sizes.into_iter().map(|size| (size.queue, size.count)).collect()
}

#[tokio::test]
async fn every_job_that_wants_the_office_waits_in_its_queue() {
    on_both_engines(async |ground| {
        take_in(
            &ground,
            &[
                waiting("young", "PENDING_SCHEDULE", 1),
                waiting("old", "PENDING_SCHEDULE", 9),
                waiting("held", "HOLD", 2),
                waiting("not ours", "NOT_FULFILLABLE", 2),
                waiting("unpaid", "PAYMENT_DECLINED", 2),
                waiting("without a visit", "NOT_SERVICED", 2),
                waiting("later known", "SOMETHING_NEW", 2),
                job("tomorrow", 24, "ACTIVE", &[]),
                job("soon", 1, "ACTIVE", &[]),
                job("over", -2, "ACTIVE", &[]),
                job("somebody comes", 2, "ACTIVE", &["T1"]),
                job("visit done", 2, "COMPLETED", &[]),
            ],
        )
        .await;
        assert_eq!(
            sizes(&ground).await,
            [
                (QueueName::Unassigned, 3),
                (QueueName::PendingSchedule, 2),
                (QueueName::Hold, 1),
                (QueueName::NotFulfillable, 1),
                (QueueName::PaymentDeclined, 1),
                (QueueName::Imported, 0),
            ]
        );
        let pending = lines(&ground, QueueName::PendingSchedule, 50).await;
        assert_eq!(names(&pending), ["old", "young"], "what waits longest comes first");
        assert_eq!(pending[0].created_at, MORNING.plus_ms(-9 * DAY));
        let unassigned = lines(&ground, QueueName::Unassigned, 50).await;
        assert_eq!(names(&unassigned), ["over", "soon", "tomorrow"], "the soonest visit comes first");
        assert_eq!(unassigned[1].window.unwrap().start, MORNING.plus_ms(HOUR));
        assert_eq!(names(&lines(&ground, QueueName::Hold, 50).await), ["held"]);
    })
    .await;
}

#[tokio::test]
async fn a_queue_is_read_page_by_page_and_each_job_comes_once() {
    on_both_engines(async |ground| {
        // Several with one instant: the place is more than a time.
        let jobs: Vec<Value> = (0..23).map(|n| waiting(&format!("job {n}"), "HOLD", n % 3)).collect();
        take_in(&ground, &jobs).await;
        let visits: Vec<Value> = (0..7).map(|n| job(&format!("visit {n}"), n % 2, "ACTIVE", &[])).collect();
        take_in(&ground, &visits).await;
        for (queue, count) in [(QueueName::Hold, 23), (QueueName::Unassigned, 7)] {
            let paged = lines(&ground, queue, 5).await;
            assert_eq!(paged, lines(&ground, queue, 50).await);
            let mut seen = names(&paged);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), count);
        }
    })
    .await;
}

#[tokio::test]
async fn a_line_has_what_finding_a_time_takes_and_nothing_else_of_the_buyer() {
    on_both_engines(async |ground| {
        let mut wished = waiting("wished", "PENDING_SCHEDULE", 1);
        let start = MORNING.plus_ms(DAY);
        wished["preferredAppointmentTimes"] =
            json!([{"startTime": start.to_rfc3339(), "durationInMinutes": 120}]);
        wished["storeId"] = "STORE1".into();
        let expected = MORNING.plus_ms(3 * DAY);
        wished["associatedItems"] = json!([
            {"title": "Television", "itemStatus": "SHIPPED",
             "itemDelivery": {"estimatedDeliveryDate": expected.to_rfc3339()}},
            {"title": "Wall mount", "itemStatus": "DELIVERED"},
            {"title": "Cable"},
        ]);
        take_in(&ground, &[wished]).await;
        let [line] = &lines(&ground, QueueName::PendingSchedule, 50).await[..] else { panic!() };
        assert_eq!(line.preferred, [Window { start, end: start.plus_ms(2 * HOUR) }]);
        assert_eq!(line.city.as_ref().unwrap().expose(), "Sampletown");
        assert_eq!(line.store_id.as_deref(), Some("STORE1"));
        let awaited = line.awaited.unwrap();
        assert_eq!((awaited.items, awaited.expected), (1, Some(expected)));
        assert!(!line.expired && line.appointment.is_none());
        let sent = serde_json::to_string(line).unwrap();
        for of_the_buyer in ["Test Buyer", "555-0107", "Sample Street", "00007"] {
            assert!(!sent.contains(of_the_buyer), "{sent}");
        }
    })
    .await;
}
