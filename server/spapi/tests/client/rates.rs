//! Rates, and what Amazon says about them.

use std::time::Duration;

use doorstep_spapi::operations::jobs::COMPLETE_SERVICE_JOB;
use doorstep_spapi::{Effect, Queue, Settings, Verdict};

use crate::fake::{Fake, reply};

fn retry(millis: u64) -> Verdict {
    Verdict::Retry { after: Some(Duration::from_millis(millis)) }
}

#[tokio::test]
async fn over_the_rate_nothing_is_sent_and_the_wait_is_named() {
    let fake = Fake::start().await;
    let client = fake.client();
    for _ in 0..19 {
        fake.push(reply(200, "{}"));
        client.complete_service_job(&"J1".into()).await.unwrap();
    }
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (retry(200), Effect::None));
    assert_eq!(fake.asked().len(), 19);
    fake.clock.advance(1);
    fake.push(reply(200, "{}"));
    client.complete_service_job(&"J1".into()).await.unwrap();
}

#[tokio::test]
async fn the_rate_on_an_answer_tightens_ours_whatever_its_case() {
    for name in ["x-amzn-RateLimit-Limit", "X-AMZN-RATELIMIT-LIMIT"] {
        let fake = Fake::start().await;
        let client = fake.client();
        for _ in 0..19 {
            fake.push(reply(200, "{}").with(name, "0.5"));
            client.complete_service_job(&"J1".into()).await.unwrap();
        }
        assert_eq!(client.complete_service_job(&"J1".into()).await.unwrap_err().verdict(), retry(2000));
    }
}

#[tokio::test]
async fn a_throttled_call_had_no_effect_and_holds_the_others_back() {
    let quota = r#"{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota.","details":""}]}"#;
    let (fake, client) = Fake::answering(reply(429, quota)).await;
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::None));
    assert_eq!(client.complete_service_job(&"J1".into()).await.unwrap_err().verdict(), retry(200));
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_pause_that_amazon_asks_for_is_kept() {
    for pause in ["7", "Thu, 05 Mar 2026 12:00:07 GMT"] {
        let (fake, client) = Fake::answering(reply(429, "").with("retry-after", pause)).await;
        let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!(error.verdict(), retry(7000), "{pause}");
        fake.clock.advance(3);
        assert_eq!(client.complete_service_job(&"J1".into()).await.unwrap_err().verdict(), retry(4000));
    }
}

#[tokio::test]
async fn a_call_without_a_token_uses_up_no_rate() {
    let fake = Fake::start().await;
    let client = fake.client();
    for _ in 0..30 {
        fake.push_login(reply(503, ""));
        assert_eq!(
            client.complete_service_job(&"J1".into()).await.unwrap_err().verdict(),
            Verdict::Retry { after: None }
        );
    }
}

#[tokio::test]
async fn a_patient_caller_waits_for_its_turn_and_the_line_can_be_seen() {
    let fake = Fake::start().await;
    let client = fake.client_with(Settings { patience: Duration::from_secs(10), ..fake.settings() });
    for _ in 0..20 {
        fake.push(reply(200, "{}"));
    }
    for _ in 0..19 {
        client.complete_service_job(&"J1".into()).await.unwrap();
    }
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.complete_service_job(&"J1".into()).await }
    });
    while client.queue(&COMPLETE_SERVICE_JOB).waiting == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        client.queue(&COMPLETE_SERVICE_JOB),
        Queue { waiting: 1, next_in: Duration::from_millis(400) }
    );
    let hasty = client.with_patience(Duration::ZERO);
    assert_eq!(hasty.complete_service_job(&"J1".into()).await.unwrap_err().verdict(), retry(400));
    fake.clock.advance(1);
    waiting.await.unwrap().unwrap();
    assert_eq!(fake.asked().len(), 20);
}
