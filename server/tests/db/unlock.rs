//! A session alone fetches no buyer data, and a phone that is unlocked comes to another session by itself.

use super::{
    closeout::{Person, Reply, Sending, ask, get, photo_id, picture, post_json, visits},
    engines::{DAY, Ground, HOUR, PASSWORD, on_both_engines},
};
use axum::{Router, body::Body, http::Method};
use doorstep_core::{
    api::{LeaseTerms, Role},
    unlock::{PROVES_HEADER, UNLOCKED_HEADER},
    vault::Key,
};
use doorstep_server::http;
use image::ImageFormat;
use serde_json::json;

/// A technician's phone that signed in with a password.
struct Phone {
    router: Router,
    person: Person,
    key: Key,
}

fn nobody() -> Person {
    Person { device: doorstep_core::id::DeviceId::from_bytes([0; 16]), cookie: String::new() }
}

impl Phone {
    async fn sign_in(ground: &Ground, proves: bool) -> Self {
        let router = http::router(ground.app.clone());
        let body = json!({"name": "Robin Sample", "password": PASSWORD, "device": null}).to_string();
        let mut headers = vec![("content-type", "application/json")];
        if proves {
            headers.push((PROVES_HEADER, "1"));
        }
        let answer = ask(&router, &nobody(), Method::POST, "/api/sign-in", &headers, Body::from(body)).await;
        assert_eq!(answer.status, 200);
        let device = &answer.json()["device"];
        let person =
            Person { device: device["id"].as_str().unwrap().parse().unwrap(), cookie: cookie(&answer) };
        Self { router, person, key: serde_json::from_value(device["storeKey"].clone()).unwrap() }
    }

    /// Asks for something, with what it says of being unlocked.
    async fn asks(&self, method: Method, path: &str, proof: Option<&str>) -> Reply {
        let headers: Vec<_> = proof.map(|proof| (UNLOCKED_HEADER, proof)).into_iter().collect();
        ask(&self.router, &self.person, method, path, &headers, Body::empty()).await
    }

    fn proof(&self) -> String {
        hex::encode(self.key.proof_of_unlock().expose())
    }

    async fn challenge(&self) -> String {
        let answer = get(&self.router, &nobody(), "/api/session/challenge").await;
        answer.json()["challenge"].as_str().unwrap().to_owned()
    }

    async fn resumes_with(&self, key: &Key, challenge: &str) -> Reply {
        let proof = key.proof_for_session(self.person.device, challenge);
        let body = json!({"device": self.person.device, "challenge": challenge, "proof": proof});
        post_json(&self.router, &nobody(), "/api/session/resume", &body).await
    }

    /// The cookie is lost; the key is not.
    async fn resumes(&self) -> Reply {
        self.resumes_with(&self.key, &self.challenge().await).await
    }

    async fn day(&self) -> u16 {
        self.asks(Method::GET, "/api/day", Some(&self.proof())).await.status.as_u16()
    }
}

fn cookie(answer: &Reply) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn scene(ground: &Ground) -> Phone {
    ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
    Phone::sign_in(ground, true).await
}

#[tokio::test]
async fn a_session_alone_fetches_no_day_no_exchange_and_no_picture_and_still_brings_evidence() {
    on_both_engines(async |ground| {
        let phone = scene(&ground).await;
        let visit = visits(&ground, &["one"]).await[0];
        // A locked phone tells how it is and sends what waits.
        let bytes = picture(1, ImageFormat::Jpeg);
        let sending = Sending::new(&phone.router, &phone.person, visit, photo_id(1), &bytes);
        sending.send().await;
        assert_eq!(sending.receipt().await.status, 200);
        assert_eq!(get(&phone.router, &phone.person, "/api/me").await.status, 200);

        let (shown, small) = (
            format!("/api/photos/{}/picture", photo_id(1)),
            format!("/api/photos/{}/thumbnail", photo_id(1)),
        );
        let asked = [
            (Method::GET, "/api/day"),
            (Method::POST, "/api/sync"),
            (Method::GET, &shown),
            (Method::GET, &small),
        ];
        let resuming = hex::encode(phone.key.proof_for_session(phone.person.device, "").expose());
        let of_another = hex::encode(Key::from_bytes([9; 32]).proof_of_unlock().expose());
        for (method, path) in asked.clone() {
            for proof in [None, Some(of_another.as_str()), Some(resuming.as_str()), Some("xyz")] {
                let answer = phone.asks(method.clone(), path, proof).await;
                let (status, code) = answer.refusal();
                assert!(
                    (status, code.as_str()) == (403, "unlock_wanted")
                        || (status, code.as_str()) == (429, "too_many_attempts"),
                    "{path}: {status} {code}"
                );
            }
            // Whoever guesses does not keep the owner out.
            let right = phone.asks(method, path, Some(&phone.proof())).await;
            assert!(matches!(right.status.as_u16(), 200 | 400), "{path}: {}", right.status);
        }
    })
    .await;
}

#[tokio::test]
async fn a_client_of_the_version_before_works_until_its_session_ends() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
        let phone = Phone::sign_in(&ground, false).await;
        assert_eq!(phone.asks(Method::GET, "/api/day", None).await.status, 200);
        ground.clock.advance_ms(14 * HOUR);
        assert_eq!(phone.asks(Method::GET, "/api/day", None).await.refusal().1, "signed_out");
    })
    .await;
}

#[tokio::test]
async fn an_unlocked_phone_that_lost_its_session_gets_another_and_no_key() {
    on_both_engines(async |ground| {
        let mut phone = scene(&ground).await;
        ground.clock.advance_ms(14 * HOUR);
        assert_eq!(phone.asks(Method::GET, "/api/day", Some(&phone.proof())).await.refusal().1, "signed_out");
        let answer = phone.resumes().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["device"]), (200, &serde_json::Value::Null));
        phone.person.cookie = cookie(&answer);
        assert_eq!(phone.day().await, 200);
        // What it came to asks for a proof as well, whatever signed in before.
        assert_eq!(phone.asks(Method::GET, "/api/day", None).await.refusal().1, "unlock_wanted");
    })
    .await;
}

#[tokio::test]
async fn a_challenge_is_taken_once_within_five_minutes_and_only_from_this_server() {
    on_both_engines(async |ground| {
        let phone = scene(&ground).await;
        let refused = |answer: Reply| assert_eq!(answer.refusal(), (403, "not_resumed".to_owned()));
        let first = phone.challenge().await;
        ground.clock.advance_ms(1_000);
        let second = phone.challenge().await;
        assert_eq!(phone.resumes_with(&phone.key, &second).await.status, 200);
        // Overheard, or put aside for later.
        refused(phone.resumes_with(&phone.key, &second).await);
        refused(phone.resumes_with(&phone.key, &first).await);
        let late = phone.challenge().await;
        ground.clock.advance_ms(5 * 60_000 + 1);
        refused(phone.resumes_with(&phone.key, &late).await);
        refused(phone.resumes_with(&phone.key, "00").await);
        refused(phone.resumes_with(&phone.key, &"00".repeat(56)).await);
        ground.clock.advance_ms(1_000);
        assert_eq!(phone.resumes().await.status, 200);
        // Two at once: one of them.
        ground.clock.advance_ms(1_000);
        let same = phone.challenge().await;
        let both = tokio::join!(phone.resumes_with(&phone.key, &same), phone.resumes_with(&phone.key, &same));
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403]);
    })
    .await;
}

#[tokio::test]
async fn wrong_proofs_of_a_session_are_counted_and_do_not_keep_the_owner_out() {
    on_both_engines(async |ground| {
        let phone = scene(&ground).await;
        let wrong = Key::from_bytes([9; 32]);
        for _ in 0..10 {
            let answer = phone.resumes_with(&wrong, &phone.challenge().await).await;
            assert_eq!(answer.refusal(), (403, "not_resumed".to_owned()));
        }
        let answer = phone.resumes_with(&wrong, &phone.challenge().await).await;
        assert_eq!(answer.refusal(), (429, "too_many_attempts".to_owned()));
        assert_eq!(phone.resumes().await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn no_session_comes_back_after_the_lease_the_week_or_signing_out() {
    on_both_engines(async |ground| {
        let mut phone = scene(&ground).await;
        let lease = LeaseTerms::default().length_ms;
        ground.clock.advance_ms(lease);
        assert_eq!(phone.resumes().await.refusal().1, "not_resumed");

        phone = Phone::sign_in(&ground, true).await;
        // Heard of every half day, for a week.
        for _ in 0..13 {
            ground.clock.advance_ms(12 * HOUR);
            let answer = phone.resumes().await;
            assert_eq!(answer.status, 200);
            phone.person.cookie = cookie(&answer);
            assert_eq!(phone.day().await, 200);
        }
        ground.clock.advance_ms(DAY / 2);
        assert_eq!(phone.resumes().await.refusal().1, "not_resumed");

        phone = Phone::sign_in(&ground, true).await;
        let out = phone.asks(Method::POST, "/api/sign-out", None).await;
        assert_eq!(out.status, 204);
        assert_eq!(phone.resumes().await.refusal().1, "not_resumed");
    })
    .await;
}

#[tokio::test]
async fn a_locked_phone_that_tells_how_it_is_makes_no_lease_longer() {
    on_both_engines(async |ground| {
        let phone = scene(&ground).await;
        let health = json!({"model": "iPhone", "version": "x", "usedBytes": null, "quotaBytes": null, "kept": null,
            "changesUnsent": 0, "photosUnsent": 0, "oldestUnsentMs": null, "locked": true, "clock": 0, "lost": null});
        ground.clock.advance_ms(13 * HOUR);
        let told = post_json(&phone.router, &phone.person, "/api/device/health", &health).await;
        assert_eq!(told.status, 204);
        ground.clock.advance_ms(11 * HOUR);
        assert_eq!(phone.resumes().await.refusal().1, "not_resumed");
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_is_barred_is_told_so_when_it_proves_that_it_is_that_phone() {
    on_both_engines(async |ground| {
        let phone = scene(&ground).await;
        let lee = super::closeout::sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let path = format!("/api/devices/{}/revoke", phone.person.device);
        assert_eq!(post_json(&phone.router, &lee, &path, &json!({"reason": "Lost"})).await.status, 204);
        assert_eq!(phone.resumes().await.refusal(), (403, "phone_revoked".to_owned()));
        let wrong = phone.resumes_with(&Key::from_bytes([9; 32]), &phone.challenge().await).await;
        assert_eq!(wrong.refusal(), (403, "not_resumed".to_owned()));
    })
    .await;
}
