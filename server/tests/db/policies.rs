//! Policies on both engines: append only, dated, signed, and a begun visit's kept.

use super::{
    closeout::{Person, ask, get, post_json, sign_in, visits},
    engines::{DAY, Ground, HOUR, MORNING, on_both_engines},
};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use doorstep_core::{
    api::{Day, Policies, PolicyStatement, Role, ServiceTypes},
    closeout::{Answer, Closeout, Policy, Question, Step},
    id::{AppointmentId, EpochId},
    job::ServiceType,
    time::{Moment, ServerSeen, Timestamp},
};
use doorstep_server::{http, policies};
use image::{DynamicImage, ImageFormat};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use serde_json::{Value, json};
use std::io::Cursor;

struct Scene {
    ground: Ground,
    router: Router,
    robin: Person,
    sam: Person,
    visit: AppointmentId,
}

impl Scene {
    /// Robin with one visit, a television to mount, and Sam who writes policies.
    async fn on(ground: Ground) -> Self {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let sam = sign_in(&ground, "Sam Sample", Role::Administrator, &[], &[]).await;
        let visit = visits(&ground, &["one"]).await[0];
        Self { router: http::router(ground.app.clone()), ground, robin, sam, visit }
    }

    async fn day(&self) -> Day {
        serde_json::from_slice(&get(&self.router, &self.robin, "/api/day").await.body).unwrap()
    }

    /// The texts of the questions that the visit is held to, as the phone is told.
    async fn asked(&self) -> Vec<String> {
        let day = self.day().await;
        day.jobs[0].policy.questions.iter().map(|question| question.text.clone()).collect()
    }

    /// Publishes a policy with one question; its version, or the code and field of the refusal.
    async fn publish(&self, scope: Value, from: Timestamp, after: u32, text: &str) -> Result<u32, Value> {
        let body = json!({"scope": scope, "appliesFrom": from, "after": after, "policy": policy(text)});
        let reply = post_json(&self.router, &self.sam, "/api/policies", &body).await;
        match reply.status {
            StatusCode::OK => Ok(reply.json()["version"].as_u64().unwrap() as u32),
            _ => Err(json!([reply.json()["code"], reply.json()["field"]])),
        }
    }

    async fn published(&self) -> Policies {
        serde_json::from_slice(&get(&self.router, &self.sam, "/api/policies").await.body).unwrap()
    }

    async fn put(&self, path: &str, kind: &str, body: impl Into<Body>) -> super::closeout::Reply {
        let headers = [("content-type", kind)];
        ask(&self.router, &self.sam, Method::PUT, path, &headers, body.into()).await
    }

    /// As if Robin's phone had synced a step that it recorded after it last heard from the server at `heard`.
    async fn begin(&self, heard: Timestamp) {
        let app = &self.ground.app;
        let now = app.clock.now();
        let mut closeout = Closeout::new(self.visit);
        let seen = ServerSeen { server: heard, wall: heard, monotonic_ms: None };
        let moment =
            Moment { epoch: EpochId::from_bytes([1; 8]), monotonic_ms: 1, wall: now, seen: Some(seen) };
        closeout.steps.insert(Step::Arrived, moment);
        let mut tx = app.db.write().await.unwrap();
        policies::hold(app, &mut tx, self.robin.device, &closeout, now).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn policy(text: &str) -> Policy {
    let question = Question {
        id: "one".to_owned(),
        text: text.to_owned(),
        accepts: vec![Answer::Yes],
        ..Question::default()
    };
    Policy { questions: vec![question], ..Policy::default() }
}

const ANY: Value = Value::Null;

fn any() -> Value {
    json!({})
}

#[tokio::test]
async fn a_version_is_never_changed_and_the_next_one_needs_to_have_seen_it() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        assert_eq!(scene.publish(any(), MORNING, 0, "First").await, Ok(1));
        assert_eq!(scene.publish(any(), MORNING, 0, "Late").await, Err(json!(["policy_overtaken", "after"])));
        assert_eq!(scene.publish(any(), MORNING, 1, "Second").await, Ok(2));
        let mut bad = policy("");
        bad.minimum_photos = 3;
        let body = json!({"appliesFrom": 0, "after": 2, "policy": bad});
        let refused = post_json(&scene.router, &scene.sam, "/api/policies", &body).await.json();
        assert_eq!(
            [&refused["code"], &refused["field"]],
            [&json!("policy_flawed"), &json!("questions.0.text")]
        );
        let spaced = scene.publish(json!({"skill": " X"}), MORNING, 0, "Spaced").await;
        assert_eq!(spaced, Err(json!(["scope_does_not_fit", "scope.skill"])));
        let nothing = json!({"scope": {"skill": "X"}, "appliesFrom": 0, "after": 0, "policy": ANY});
        let refused = post_json(&scene.router, &scene.sam, "/api/policies", &nothing).await;
        assert_eq!(refused.refusal().1, "nothing_to_take_back");

        let published = scene.published().await;
        let texts: Vec<_> = published
            .versions
            .iter()
            .map(|line| {
                (line.version, line.policy.clone().unwrap().questions[0].text.clone(), line.by.clone())
            })
            .collect();
        let line = |version, text: &str| (version, text.to_owned(), "Sam Sample".to_owned());
        assert_eq!(texts, [line(1, "First"), line(2, "Second")]);
        assert_eq!(published.versions[1].policy.as_ref().unwrap().version, 2);
        assert_eq!(published.changes.len(), 2);
        assert_eq!(published.standards.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_held_to_the_closest_policy_in_force_when_it_starts() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let standard = scene.asked().await;
        assert_eq!(standard[1], "It hangs level and firmly, and shows a picture");
        assert_eq!(scene.publish(any(), MORNING.plus_ms(HOUR), 0, "Later").await, Ok(1));
        assert_eq!(scene.asked().await, standard, "it starts before");
        assert_eq!(scene.publish(any(), MORNING, 1, "Any").await, Ok(2));
        assert_eq!(scene.asked().await, ["Any"]);
        let skill = json!({"skill": "TV_MOUNTING"});
        assert_eq!(scene.publish(skill.clone(), MORNING, 0, "Televisions").await, Ok(1));
        assert_eq!(scene.publish(json!({"skill": "OTHER"}), MORNING, 0, "Others").await, Ok(1));
        assert_eq!(scene.asked().await, ["Televisions"]);
        // Which service it is the office says, since Amazon's word is not known here.
        let heavy = json!({"serviceType": "heavy_bulk", "skill": "TV_MOUNTING"});
        assert_eq!(scene.publish(heavy, MORNING, 0, "Heavy televisions").await, Ok(1));
        assert_eq!(scene.asked().await, ["Televisions"]);
        let marks =
            json!({"marks": [{"fact": "skill", "value": "TV_MOUNTING", "serviceType": "heavy_bulk"}]});
        let kind = "application/json";
        let set = scene.put("/api/policies/service-types", kind, marks.to_string()).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
        assert_eq!(scene.asked().await, ["Heavy televisions"]);
        assert_eq!(scene.day().await.jobs[0].service_type, ServiceType::HeavyBulk);
        let read = get(&scene.router, &scene.sam, "/api/policies/service-types").await;
        assert_eq!(serde_json::from_slice::<ServiceTypes>(&read.body).unwrap().marks.len(), 1);
        let twice = json!({"marks": [marks["marks"][0], marks["marks"][0]]});
        let refused = scene.put("/api/policies/service-types", kind, twice.to_string()).await;
        assert_eq!(refused.refusal().1, "service_types_do_not_fit");
        let none = scene.put("/api/policies/service-types", kind, r#"{"marks":[]}"#).await;
        assert_eq!(none.status, StatusCode::NO_CONTENT);
        // Taken back, what is wider holds again.
        let back = json!({"scope": skill, "appliesFrom": MORNING, "after": 1, "policy": ANY});
        assert_eq!(post_json(&scene.router, &scene.sam, "/api/policies", &back).await.status, StatusCode::OK);
        assert_eq!(scene.asked().await, ["Any"]);
    })
    .await;
}

#[tokio::test]
async fn a_begun_visit_keeps_what_its_phone_had_heard_of() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        scene.publish(any(), Timestamp(0), 0, "First").await.unwrap();
        assert_eq!(scene.asked().await, ["First"]);
        scene.ground.clock.advance_ms(60_000);
        scene.publish(any(), Timestamp(0), 1, "Second").await.unwrap();
        assert_eq!(scene.asked().await, ["Second"], "handed out at once");
        assert!(scene.day().await.begun.is_empty());
        scene.ground.clock.advance_ms(60_000);
        // The phone's step says that it last heard before the second.
        scene.begin(MORNING.plus_ms(30_000)).await;
        assert_eq!(scene.asked().await, ["First"]);
        assert!(scene.day().await.begun.contains(&scene.visit));
        scene.begin(MORNING.plus_ms(90_000)).await;
        scene.publish(any(), Timestamp(0), 2, "Third").await.unwrap();
        assert_eq!(scene.asked().await, ["First"], "the first word counts");
    })
    .await;
}

#[tokio::test]
async fn the_day_says_what_visits_are_held_to_under_the_servers_signature() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let day = scene.day().await;
        let [signed] = &day.policies[..] else { panic!("one policy: {:?}", day.policies) };
        let public = hex::decode(scene.ground.app.policy_key.public()).unwrap();
        let public = VerifyingKey::from_sec1_bytes(&public).unwrap();
        let signature = Signature::from_slice(&hex::decode(&signed.signature).unwrap()).unwrap();
        assert!(public.verify(signed.text.as_bytes(), &signature).is_ok());
        let other = signed.text.replace("\"yes\"", "\"no\"");
        assert!(public.verify(other.as_bytes(), &signature).is_err());
        let statement: PolicyStatement = serde_json::from_str(&signed.text).unwrap();
        assert_eq!((statement.visits, statement.policy), (vec![scene.visit], day.jobs[0].policy.clone()));
    })
    .await;
}

#[tokio::test]
async fn a_sample_picture_is_drawn_anew_and_known_by_what_it_holds() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let mut png = Vec::new();
        DynamicImage::new_rgb8(1200, 30).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let kept = scene.put("/api/samples", "image/png", png.clone()).await;
        assert_eq!(kept.status, StatusCode::OK);
        let known_by = kept.json()["sha256"].as_str().unwrap().to_owned();
        let again = scene.put("/api/samples", "image/png", png).await.json();
        assert_eq!(again["sha256"], json!(known_by));
        let shown = get(&scene.router, &scene.robin, &format!("/api/samples/{known_by}")).await;
        assert_eq!(shown.header("content-type"), "image/jpeg");
        let picture = image::load_from_memory_with_format(&shown.body, ImageFormat::Jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (960, 24));
        let words = scene.put("/api/samples", "image/png", "plainly words").await;
        assert_eq!(words.refusal().1, "not_a_picture");
        for unknown in ["ab".repeat(32), "short".to_owned()] {
            let absent = get(&scene.router, &scene.robin, &format!("/api/samples/{unknown}")).await;
            assert_eq!(absent.refusal(), (404, "no_such_sample".to_owned()));
        }
        let large = scene.put("/api/samples", "image/png", vec![0; 200 * 1024 + 1]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}

#[tokio::test]
async fn a_preview_writes_nothing() {
    on_both_engines(async |ground| {
        let scene = Scene::on(ground).await;
        let before = (scene.asked().await, scene.published().await);
        let mut flawed = policy("One");
        flawed.questions[0].accepts.clear();
        let wish = |policy: &Policy, from: Timestamp| json!({"appliesFrom": from, "policy": policy});
        let path = "/api/policies/preview";
        let reply = post_json(&scene.router, &scene.sam, path, &wish(&flawed, MORNING)).await.json();
        assert_eq!(reply["flaws"], json!([{"field": "questions.0.accepts", "flaw": "no_answer"}]));
        assert_eq!(reply["visits"][0]["affected"], true);
        let later = wish(&policy("One"), MORNING.plus_ms(DAY));
        let reply = post_json(&scene.router, &scene.sam, path, &later).await.json();
        assert_eq!((&reply["flaws"], &reply["visits"][0]["affected"]), (&json!([]), &json!(false)));
        assert_eq!(reply["findings"][0]["rule"], "answer_missing");
        assert_eq!((scene.asked().await, scene.published().await), before);
    })
    .await;
}
