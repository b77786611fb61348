use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::*;
use crate::clock::Sleep;
use crate::operations::fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA as FULFIL;
use crate::operations::jobs::{COMPLETE_SERVICE_JOB as COMPLETE, GET_SERVICE_JOBS as LIST};

/// Moves when told, and wakes whoever sleeps by it.
struct Hand(watch::Sender<Moment>);

#[derive(Clone, Copy)]
struct Moment {
    now: DateTime<Utc>,
    /// What was moved forwards, in all.
    passed: Duration,
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        self.0.borrow().now
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        let mut moved = self.0.subscribe();
        let until = moved.borrow().passed + span;
        Box::pin(async move {
            moved.wait_for(|moment| moment.passed >= until).await.unwrap();
        })
    }
}

impl Hand {
    fn new() -> Arc<Self> {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        Arc::new(Self(watch::Sender::new(Moment { now, passed: Duration::ZERO })))
    }

    fn move_by(&self, ms: i64) {
        self.0.send_modify(|moment| {
            moment.now += TimeDelta::milliseconds(ms);
            moment.passed += Duration::from_millis(ms.try_into().unwrap_or_default());
        });
    }
}

fn pace(per_second: f64, burst: f64) -> Arc<Pace> {
    Arc::new(Pace::new(Some(Rate { per_second, burst })))
}

/// Leave without patience, spent when it is given.
async fn take(pace: &Pace, operation: &'static Operation, clock: &Hand) -> Result<(), u128> {
    match pace.leave(operation, clock, Duration::ZERO).await {
        Ok(leave) => {
            leave.spend();
            Ok(())
        }
        Err(after) => Err(after.as_millis()),
    }
}

/// A caller in line with a minute's patience, who says its name when its turn comes.
async fn stand(
    pace: &Arc<Pace>,
    clock: &Arc<Hand>,
    name: &'static str,
    out: &mpsc::UnboundedSender<&'static str>,
) -> JoinHandle<()> {
    let before = pace.queue(&FULFIL, &**clock).waiting;
    let caller = tokio::spawn({
        let (pace, clock, out) = (pace.clone(), clock.clone(), out.clone());
        async move {
            if let Ok(leave) = pace.leave(&FULFIL, &*clock, Duration::from_secs(60)).await {
                leave.spend();
                out.send(name).unwrap();
            }
        }
    });
    while pace.queue(&FULFIL, &**clock).waiting == before {
        tokio::task::yield_now().await;
    }
    caller
}

/// Lets every task run until it waits.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_burst_is_let_through_but_for_one_and_then_the_rate_holds() {
    let (pace, clock) = (Pace::new(None), Hand::new());
    for _ in 0..19 {
        assert_eq!(take(&pace, &COMPLETE, &clock).await, Ok(()));
    }
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(200));
    assert_eq!(take(&pace, &LIST, &clock).await, Ok(()), "each operation has its own bucket");
    clock.move_by(200);
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Ok(()));
    assert!(take(&pace, &COMPLETE, &clock).await.is_err());
}

#[tokio::test]
async fn a_named_rate_tightens_but_never_loosens() {
    let (pace, clock) = (Pace::new(None), Hand::new());
    pace.learn(&COMPLETE, &*clock, 0.5);
    while take(&pace, &COMPLETE, &clock).await.is_ok() {}
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(2000));
    for nonsense in [f64::NAN, 0.0, -3.0, f64::INFINITY] {
        pace.learn(&COMPLETE, &*clock, nonsense);
        assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(2000));
    }
    pace.learn(&COMPLETE, &*clock, 100.0);
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(200));
}

#[tokio::test]
async fn a_throttled_answer_slows_everyone_down() {
    let (pace, clock) = (Pace::new(None), Hand::new());
    pace.throttled(&LIST, &*clock, None);
    assert_eq!(take(&pace, &LIST, &clock).await, Err(100));
    pace.throttled(&LIST, &*clock, Some(Duration::from_secs(7)));
    clock.move_by(3000);
    assert_eq!(take(&pace, &LIST, &clock).await, Err(4000));
    clock.move_by(4000);
    assert_eq!(take(&pace, &LIST, &clock).await, Ok(()));
}

#[tokio::test]
async fn a_clock_set_back_neither_fills_nor_locks_the_bucket() {
    let (pace, clock) = (Pace::new(None), Hand::new());
    while take(&pace, &COMPLETE, &clock).await.is_ok() {}
    clock.move_by(-86_400_000);
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(200));
    clock.move_by(200);
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Ok(()));
    pace.throttled(&COMPLETE, &*clock, Some(Duration::from_secs(7)));
    clock.move_by(-86_400_000);
    assert_eq!(take(&pace, &COMPLETE, &clock).await, Err(7000));
}

#[tokio::test]
async fn leave_that_was_not_used_comes_back() {
    let (pace, clock) = (pace(5.0, 1.0), Hand::new());
    drop(pace.leave(&FULFIL, &*clock, Duration::ZERO).await.unwrap());
    assert_eq!(take(&pace, &FULFIL, &clock).await, Ok(()));
    pace.give_back(&FULFIL, &*clock);
    assert_eq!(take(&pace, &FULFIL, &clock).await, Ok(()));
    assert!(take(&pace, &FULFIL, &clock).await.is_err());
}

#[tokio::test]
async fn leave_that_comes_back_late_brings_no_time_with_it() {
    let (pace, clock) = (pace(5.0, 10.0), Hand::new());
    let unused = pace.leave(&FULFIL, &*clock, Duration::ZERO).await.unwrap();
    while take(&pace, &FULFIL, &clock).await.is_ok() {}
    clock.move_by(1000);
    for _ in 0..5 {
        assert_eq!(take(&pace, &FULFIL, &clock).await, Ok(()));
    }
    drop(unused);
    assert_eq!(take(&pace, &FULFIL, &clock).await, Ok(()));
    assert_eq!(take(&pace, &FULFIL, &clock).await, Err(200));
}

#[tokio::test]
async fn callers_in_line_go_one_by_one_in_the_order_they_came() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    let (out, mut gone) = mpsc::unbounded_channel();
    take(&pace, &FULFIL, &clock).await.unwrap();
    for name in ["first", "second", "third"] {
        stand(&pace, &clock, name, &out).await;
    }
    assert_eq!(
        pace.queue(&FULFIL, &*clock),
        Queue { waiting: 3, next_in: Duration::from_secs(4) },
        "a fourth would go after four seconds"
    );
    assert_eq!(take(&pace, &FULFIL, &clock).await, Err(4000), "nobody goes past the line");
    for name in ["first", "second", "third"] {
        clock.move_by(999);
        settle().await;
        assert!(gone.is_empty());
        clock.move_by(1);
        assert_eq!(gone.recv().await, Some(name));
    }
    assert_eq!(pace.queue(&FULFIL, &*clock).waiting, 0);
}

#[tokio::test]
async fn whoever_leaves_the_line_lets_the_others_move_up() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    let (out, mut gone) = mpsc::unbounded_channel();
    take(&pace, &FULFIL, &clock).await.unwrap();
    let first = stand(&pace, &clock, "first", &out).await;
    stand(&pace, &clock, "second", &out).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    clock.move_by(1000);
    assert_eq!(gone.recv().await, Some("second"));
}

#[tokio::test]
async fn a_caller_whose_turn_comes_too_late_is_told_at_once_and_takes_no_place() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    take(&pace, &FULFIL, &clock).await.unwrap();
    let after = pace.leave(&FULFIL, &*clock, Duration::from_millis(900)).await.unwrap_err();
    assert_eq!(after, Duration::from_secs(1));
    assert_eq!(pace.queue(&FULFIL, &*clock).waiting, 0);
}

#[tokio::test]
async fn a_throttled_answer_pushes_back_all_in_line() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    let (out, mut gone) = mpsc::unbounded_channel();
    take(&pace, &FULFIL, &clock).await.unwrap();
    stand(&pace, &clock, "first", &out).await;
    stand(&pace, &clock, "second", &out).await;
    clock.move_by(900);
    pace.throttled(&FULFIL, &*clock, Some(Duration::from_secs(30)));
    clock.move_by(29_999);
    settle().await;
    assert!(gone.is_empty());
    clock.move_by(1);
    assert_eq!(gone.recv().await, Some("first"));
    settle().await;
    assert!(gone.is_empty(), "the pause saves nothing up beyond the burst");
    clock.move_by(1000);
    assert_eq!(gone.recv().await, Some("second"));

    // Beyond its patience a caller does not wait any longer.
    let late = stand(&pace, &clock, "late", &out).await;
    pace.throttled(&FULFIL, &*clock, Some(Duration::from_secs(61)));
    late.await.unwrap();
    assert!(gone.is_empty());
}

#[tokio::test]
async fn a_clock_set_back_makes_a_waiting_caller_wait_its_span_again_and_no_longer() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    let (out, mut gone) = mpsc::unbounded_channel();
    take(&pace, &FULFIL, &clock).await.unwrap();
    stand(&pace, &clock, "first", &out).await;
    clock.move_by(-3_600_000);
    // Somebody asks in between, as a screen does.
    assert_eq!(pace.queue(&FULFIL, &*clock).waiting, 1);
    clock.move_by(1000);
    settle().await;
    assert_eq!(gone.try_recv(), Ok("first"));
}

#[tokio::test]
async fn a_caller_that_is_not_polled_holds_nobody_up() {
    let (pace, clock) = (pace(1.0, 1.0), Hand::new());
    let (out, mut gone) = mpsc::unbounded_channel();
    take(&pace, &FULFIL, &clock).await.unwrap();
    let mut unpolled = Box::pin(pace.leave(&FULFIL, &*clock, Duration::from_secs(60)));
    assert!(is_pending(&mut unpolled).await);
    stand(&pace, &clock, "second", &out).await;
    for _ in 0..4 {
        clock.move_by(1000);
        settle().await;
    }
    assert_eq!(gone.try_recv(), Ok("second"));
    drop(unpolled);
}

/// Polls once; whether it is still pending.
async fn is_pending<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
    })
    .await
}
