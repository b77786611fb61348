//! Who sees which visit when.

use super::{
    closeout::{ask, sign_in, visits},
    engines::{DAY, Ground, HOUR, MORNING, on_both_engines},
    intake::take_in,
};
use axum::{body::Body, http::Method};
use doorstep_core::{api::Role, digest::Sha256, id::AppointmentId, time::Timestamp};
use doorstep_server::http;
use serde_json::{Value, json};

/// A job with one appointment `hours` from `MORNING`, of one hour.
pub(crate) fn job(name: &str, hours: i64, appointment_status: &str, technicians: &[&str]) -> Value {
    let technicians: Vec<Value> =
        technicians.iter().map(|id| json!({"technicianId": id, "name": "Sam Placeholder"})).collect();
    json!({
        "serviceJobId": name,
        "serviceJobStatus": "NOT_SERVICED",
        "createTime": MORNING.plus_ms(-2 * DAY).to_rfc3339(),
        "marketplaceId": "ATVPDKIKX0DER",
        "scopeOfWork": {"title": "Mount a television", "quantity": 1, "requiredSkills": ["TV_MOUNTING"]},
        "buyer": {"name": "Test Buyer 07", "phone": "555-0107"},
        "serviceLocation": {"serviceLocationType": "IN_HOME", "address": {
            "name": "Test Buyer 07", "addressLine1": "7 Sample Street", "city": "Sampletown", "postalCode": "00007",
        }},
        "associatedItems": [{"title": "Television", "quantity": 1, "itemStatus": "DELIVERED"}],
        "appointments": [{
            "appointmentId": format!("{name}_1"),
            "appointmentStatus": appointment_status,
            "appointmentTime": {"startTime": MORNING.plus_ms(hours * HOUR).to_rfc3339(), "durationInMinutes": 60},
            "assignedTechnicians": technicians,
        }],
        "serviceType": "plainly unknown to the model",
    })
}

async fn day(ground: &Ground, user: doorstep_core::id::UserId) -> Vec<String> {
    let (from, to) = ground.app.settings.day_around(MORNING);
    let mut tx = ground.app.db.read().await.unwrap();
    let visits = tx.day_of(ground.app.seller, user, from, to).await.unwrap();
    names(ground, visits).await
}

async fn names(ground: &Ground, visits: Vec<AppointmentId>) -> Vec<String> {
    let mut tx = ground.app.db.read().await.unwrap();
    let mut names = Vec::new();
    for visit in visits {
        let visit = tx.visit(ground.app.seller, visit).await.unwrap().unwrap();
        names.push(visit.service_job.as_str().to_owned());
    }
    names
}

#[tokio::test]
async fn a_technician_sees_own_visits_near_now() {
    on_both_engines(async |ground| {
        let robin = ground.add("Robin Sample", Role::Technician, &["T1", "T9"], &["R1"]).await;
        let kim = ground.add("Kim Sample", Role::Technician, &["T2"], &[]).await;
        let mut cancelled = job("cancelled", 2, "CANCELLED", &["T1"]);
        take_in(&ground, &[job("cancelled", 2, "ACTIVE", &["T1"])]).await;
        cancelled["serviceJobStatus"] = "CANCELLED".into();
        take_in(
            &ground,
            &[
                job("over", -14, "ACTIVE", &["T1"]),
                job("just over", -13, "ACTIVE", &["T1"]),
                job("now", 0, "ACTIVE", &["T1", "T2"]),
                job("other id", 1, "ACTIVE", &["T9"]),
                cancelled,
                job("done elsewhere", 3, "COMPLETED", &["T1"]),
                job("tomorrow", 24, "ACTIVE", &["T1"]),
                job("later", 25, "ACTIVE", &["T1"]),
                job("of nobody we know", 1, "ACTIVE", &["T7"]),
            ],
        )
        .await;
        assert_eq!(day(&ground, robin).await, ["just over", "now", "other id", "cancelled", "tomorrow"]);
        assert_eq!(day(&ground, kim).await, ["now"]);
        let mut tx = ground.app.db.read().await.unwrap();
        let far = (Timestamp(0), Timestamp(i64::MAX));
        let board = tx.board_appointments(ground.app.seller, far.0, far.1).await.unwrap();
        assert_eq!(board.len(), 9);
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_moved_away_by_whoever_is_assigned_now() {
    on_both_engines(async |ground| {
        let robin = ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
        let kim = ground.add("Kim Sample", Role::Technician, &["T2"], &[]).await;
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        assert_eq!((day(&ground, robin).await.len(), day(&ground, kim).await.len()), (1, 0));
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T2"])]).await;
        assert_eq!((day(&ground, robin).await.len(), day(&ground, kim).await.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn whom_nobody_is_linked_to_is_shown_as_unlinked_and_never_dropped() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        let robin = ground.add("Robin Sample", Role::Technician, &["T1", "T9"], &["R2", "R1"]).await;
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T9", "T7", "T1"])]).await;
        let mut tx = app.db.read().await.unwrap();
        let visit = tx.board_appointments(seller, MORNING, MORNING).await.unwrap()[0];
        let assignees = tx.assignees(seller, visit).await.unwrap();
        let assignees: Vec<_> = assignees.iter().map(|who| (who.name.as_str(), who.linked)).collect();
        assert_eq!(assignees, [("Robin Sample", true), ("T7", false)]);
        let resources = tx.resources_of(seller, visit).await.unwrap();
        assert_eq!(resources.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["R1", "R2"]);
        assert!(tx.is_assigned(seller, robin, visit).await.unwrap());

        let job = tx.load_job(&app.root_key, seller, visit).await.unwrap().unwrap();
        assert!(job.technician_linked && job.appointment_active);
        assert_eq!(job.skills, ["TV_MOUNTING"]);
        assert_eq!(job.buyer.unwrap().name.expose(), "Test Buyer 07");
        assert_eq!(job.address.unwrap().lines[0].expose(), "7 Sample Street");
        assert_eq!((job.items[0].title.as_str(), job.items[0].quantity), ("Television", 1));
        assert_eq!(tx.job_key(&app.root_key, seller, job.job).await.unwrap(), Some(job.key));
    })
    .await;
}

#[tokio::test]
async fn a_day_in_lines_brings_of_each_visit_only_what_the_phone_does_not_hold() {
    on_both_engines(async |ground| {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        visits(&ground, &["one", "three", "two"]).await;
        let router = http::router(ground.app.clone());
        let asked = async |headers: &[(&str, &str)]| {
            let reply = ask(&router, &robin, Method::GET, "/api/day", headers, Body::empty()).await;
            assert_eq!(reply.status.as_u16(), 200);
            (reply.header("content-type").to_owned(), String::from_utf8(reply.body).unwrap())
        };
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let accepts = ("accept", "application/x-ndjson");

        let (kind, whole) = asked(&[]).await;
        assert_eq!(kind, "application/json", "whoever does not ask for lines gets none");
        let mut whole = value(&whole);
        let [mut jobs, policies] =
            ["jobs", "policies"].map(|part| std::mem::replace(&mut whole[part], json!([])));
        for job in jobs.as_array_mut().unwrap() {
            job.as_object_mut().unwrap().remove("policy").unwrap();
        }

        let (kind, text) = asked(&[accepts]).await;
        assert_eq!(kind, "application/x-ndjson");
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap().split('\n').collect();
        let [digests, told @ .., rest] = lines.as_slice() else { panic!("{text}") };
        let own = |line: &&str| Sha256::of(line.as_bytes()).to_string()[..16].to_owned();
        let told_digests: Vec<String> = told.iter().map(own).collect();
        assert_eq!(value(digests), json!({"policies": &told_digests[..1], "jobs": &told_digests[1..]}));
        let values: Vec<Value> = told.iter().map(|line| value(line)).collect();
        assert_eq!((json!(values[..1]), json!(values[1..])), (policies, jobs));
        assert_eq!(value(rest), whole);

        // Whoever was cut off has the others yet to come; what changed comes again.
        let mut changed = job("three", 0, "ACTIVE", &["T1"]);
        changed["scopeOfWork"]["title"] = json!("Mount two televisions");
        take_in(&ground, &[changed]).await;
        let holds = format!("nothing,{}", told_digests.join(","));
        let (_, text) = asked(&[accepts, ("doorstep-holds", &holds)]).await;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[1].contains("Mount two televisions") && !told_digests.contains(&own(&lines[1])));
        assert_eq!(value(lines[0])["jobs"].as_array().unwrap().len(), 3);
        let (_, text) = asked(&[accepts, ("doorstep-holds", &told_digests[..3].join(","))]).await;
        let missing =
            told_digests[..3].iter().filter(|digest| text.lines().next().unwrap().contains(*digest)).count();
        assert_eq!(text.lines().count() - 2, 4 - missing, "{text}");
    })
    .await;
}
