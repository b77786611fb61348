//! Jobs from files: what is taken, what is kept of it, and what becomes of it once Amazon gives the jobs itself.

use super::{
    day::job,
    engines::{DAY, Ground, HOUR, MORNING, amazon, on_both_engines},
    intake::take_in,
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use doorstep_core::{
    api::{ImportColumns, ImportField, ImportReport, QueueName, QueuedJob, Role, What},
    id::AppointmentId,
    job::Job,
    time::Timestamp,
};
use doorstep_server::{
    import::{self, Mode},
    queue,
    settings::Settings,
    work::{Worker, intake::Confirmation},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Arc, Mutex},
};

async fn import(ground: &Ground, text: &str, mode: Mode) -> ImportReport {
    let mut file = Cursor::new(text.as_bytes());
    import::run(&ground.app, &mut file, &ImportColumns::default(), None, mode).await.unwrap()
}

/// Taken in, changed, unchanged, known, bad.
fn sums(report: &ImportReport) -> [u32; 5] {
    [report.taken_in, report.changed, report.unchanged, report.known, report.bad]
}

async fn waiting(ground: &Ground) -> Vec<QueuedJob> {
    let mut tx = ground.app.db.read().await.unwrap();
    let rows = tx.queue_page(ground.app.seller, QueueName::Imported, None, 100).await.unwrap();
    rows.into_iter().map(|(_, row)| queue::line(&ground.app, row).unwrap()).collect()
}

async fn visits(ground: &Ground) -> Vec<AppointmentId> {
    let mut tx = ground.app.db.read().await.unwrap();
    tx.board_appointments(ground.app.seller, Timestamp(0), Timestamp(i64::MAX)).await.unwrap()
}

async fn loaded(ground: &Ground, visit: AppointmentId) -> Option<Job> {
    let mut tx = ground.app.db.read().await.unwrap();
    tx.load_job(&ground.app.root_key, ground.app.seller, visit).await.unwrap()
}

async fn told(ground: &Ground) -> Vec<What> {
    let mut tx = ground.app.db.read().await.unwrap();
    let events = tx.events_after(ground.app.seller, 0, 1000).await.unwrap();
    events.into_iter().map(|event| event.what).collect()
}

// Ground's zone is Los Angeles: 8:00 there is 16:00 UTC.
const FILE: &str = "\
Service Job ID,Order ID,Appointment Start,Duration (minutes),Technician,Buyer Name,Phone,Address,City,Colour
J1,O1,3/5/2026 8:00 AM,90,Robin Sample,Test Buyer 07,555-0107,\"7 Sample Street
Back house\",Sampletown,green
,O2,3/5/2026 8:00 AM,90,Robin Sample,Test Buyer 08,555-0108,8 Sample Street,Sampletown,
J3,O3,soon,90,Robin Sample,Test Buyer 09,555-0109,9 Sample Street,Sampletown,
J4,O4,,,,,,,,
J1,O5,3/6/2026 8:00 AM,90,Robin Sample,Test Buyer 07,555-0107,7 Sample Street,Sampletown,
";

#[tokio::test]
async fn good_lines_are_taken_in_and_bad_ones_are_named() {
    on_both_engines(async |ground| {
        let robin = ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let report = import(&ground, FILE, Mode::TakeIn).await;
        assert_eq!((report.rows, sums(&report)), (5, [2, 0, 0, 0, 3]));
        assert_eq!(report.ignored, ["Colour"]);
        let flaws: Vec<_> = report.flaws.iter().map(|flaw| (flaw.line, flaw.field.unwrap())).collect();
        use ImportField::{ServiceJobId, Start};
        assert_eq!(flaws, [(4, ServiceJobId), (5, Start), (7, ServiceJobId)]);
        assert!(report.flaws[2].reason.contains("Line 2"), "{:?}", report.flaws);
        let kept = serde_json::to_string(&report).unwrap();
        for of_a_buyer in ["Test Buyer", "555-01", "Sample Street"] {
            assert!(!kept.contains(of_a_buyer), "{kept}");
        }

        let start = MORNING.plus_ms(HOUR);
        let (from, to) = ground.app.settings.day_around(MORNING);
        let day =
            ground.app.db.read().await.unwrap().day_of(ground.app.seller, robin, from, to).await.unwrap();
        let [visit] = day[..] else { panic!("{day:?}") };
        let job = loaded(&ground, visit).await.unwrap();
        assert_eq!((job.window.start, job.window.end), (start, start.plus_ms(90 * 60_000)));
        assert_eq!(job.buyer.unwrap().name.expose(), "Test Buyer 07");
        let lines: Vec<String> =
            job.address.unwrap().lines.iter().map(|line| line.expose().clone()).collect();
        assert_eq!(lines, ["7 Sample Street", "Back house"]);
        assert!(job.technician_linked);
        assert_eq!(told(&ground).await, [What::JobImported]);

        let waiting = waiting(&ground).await;
        let names: Vec<&str> = waiting.iter().map(|line| line.service_job_id.as_str()).collect();
        assert_eq!(names.len(), 2);
        assert!(waiting.iter().all(|line| line.imported.as_ref().is_some_and(|mark| mark.refusal.is_none())));
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(tx.import_reports(ground.app.seller, 10).await.unwrap(), [report]);
    })
    .await;
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_a_preview_never_does() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        let preview = import(&ground, FILE, Mode::Preview).await;
        assert_eq!(sums(&preview), [2, 0, 0, 0, 3]);
        assert!(
            preview.import.is_none() && waiting(&ground).await.is_empty() && told(&ground).await.is_empty()
        );

        let first = import(&ground, FILE, Mode::TakeIn).await;
        assert_eq!((sums(&first), &first.flaws), (sums(&preview), &preview.flaws));
        let (before, events) = (waiting(&ground).await, told(&ground).await);
        ground.clock.advance_ms(HOUR);
        assert_eq!(sums(&import(&ground, FILE, Mode::TakeIn).await), [0, 0, 2, 0, 3]);
        assert_eq!((waiting(&ground).await, told(&ground).await), (before, events));

        let moved = FILE.replacen("8:00 AM", "10:00 AM", 1);
        assert_eq!(sums(&import(&ground, &moved, Mode::TakeIn).await), [0, 1, 1, 0, 3]);
        let visits = visits(&ground).await;
        assert_eq!(visits.len(), 1, "the visit has moved, and there is no second one");
        assert_eq!(loaded(&ground, visits[0]).await.unwrap().window.start, MORNING.plus_ms(3 * HOUR));
    })
    .await;
}

#[tokio::test]
async fn a_file_says_nothing_about_a_job_that_amazon_has_given() {
    on_both_engines(async |ground| {
        take_in(&ground, &[job("J1", 5, "ACTIVE", &["T1"])]).await;
        let (before, events) = (visits(&ground).await, told(&ground).await);
        let report = import(&ground, FILE, Mode::TakeIn).await;
        assert_eq!(sums(&report), [1, 0, 0, 1, 3]);
        assert_eq!((visits(&ground).await, told(&ground).await), (before.clone(), events));
        let job = loaded(&ground, before[0]).await.unwrap();
        assert_eq!(job.window.start, MORNING.plus_ms(5 * HOUR));
        assert_eq!(waiting(&ground).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn buyer_data_of_a_file_expires_and_no_later_file_brings_it_back() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        import(&ground, FILE, Mode::TakeIn).await;
        let visit = visits(&ground).await[0];
        ground.clock.advance_ms(32 * DAY);
        let client = amazon(&ground.app);
        let worker = Worker::new(ground.app.clone(), client);
        assert_eq!(worker.expire().await.unwrap().jobs, 2);
        assert!(loaded(&ground, visit).await.is_none());
        import(&ground, &FILE.replace("555-0107", "555-0199"), Mode::TakeIn).await;
        assert!(loaded(&ground, visit).await.is_none());
        ground.clock.advance_ms(91 * DAY);
        worker.expire().await.unwrap();
        let reports = ground.app.db.read().await.unwrap().import_reports(ground.app.seller, 9).await.unwrap();
        assert!(reports.is_empty());
    })
    .await;
}

/// Amazon, as far as reading one job goes. A job it has no answer for is one it does not know.
#[derive(Clone, Default)]
struct Amazon {
    answers: Arc<Mutex<HashMap<String, (StatusCode, Value)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Amazon {
    async fn start(&self, ground: &Ground) -> Worker {
        let router = Router::new()
            .route(
                "/auth/o2/token",
                post(async || Json(json!({"access_token": "Atza|made-up", "expires_in": 3600}))),
            )
            .route("/service/v1/serviceJobs/{job}", get(Self::job))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut app = ground.app.clone();
        app.settings = Arc::new(Settings {
            spapi_endpoint: Some(address.clone()),
            lwa_endpoint: Some(address),
            ..Settings::clone(&app.settings)
        });
        let client = amazon(&app);
        Worker::new(app, client)
    }

    fn says(&self, job: &str, status: StatusCode, body: Value) {
        self.answers.lock().unwrap().insert(job.to_owned(), (status, body));
    }

    fn gives(&self, name: &str, sent: Value) {
        self.says(name, StatusCode::OK, json!({"payload": sent}));
    }

    fn denies(&self, name: &str) {
        let denied = json!({"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied."}]});
        self.says(name, StatusCode::FORBIDDEN, denied);
    }

    async fn job(State(amazon): State<Self>, Path(job): Path<String>) -> (StatusCode, Json<Value>) {
        amazon.asked.lock().unwrap().push(job.clone());
        let unknown =
            json!({"errors": [{"code": "InvalidInput", "message": "No job exist for the given id"}]});
        let answer = amazon.answers.lock().unwrap().get(&job).cloned();
        let (status, body) = answer.unwrap_or((StatusCode::UNPROCESSABLE_ENTITY, unknown));
        (status, Json(body))
    }
}

#[tokio::test]
async fn what_amazon_gives_takes_the_place_of_what_the_file_said() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        import(&ground, FILE, Mode::TakeIn).await;
        let visit = visits(&ground).await[0];
        let fake = Amazon::default();
        let worker = fake.start(&ground).await;
        for job in ["J1", "J4"] {
            fake.denies(job);
        }
        let run = worker.confirm_imported().await.unwrap();
        assert!(run.denied && run.confirmed == 0 && !run.more, "{run:?}");
        assert_eq!(fake.asked.lock().unwrap().len(), 1, "one denial speaks for all");
        let refused = waiting(&ground).await;
        assert!(refused.iter().all(|line| line.imported.as_ref().unwrap().refusal.is_some()), "{refused:?}");
        assert_eq!(worker.confirm_imported().await.unwrap(), Confirmation::default(), "not at once again");

        // Amazon has another time and another id for the visit, and does not know the other job.
        fake.gives("J1", job("J1", 4, "ACTIVE", &["T1"]));
        fake.answers.lock().unwrap().remove("J4");
        ground.clock.advance_ms(15 * 60_000);
        let run = worker.confirm_imported().await.unwrap();
        assert_eq!((run.confirmed, run.refused, run.denied), (1, 1, false));
        assert_eq!(visits(&ground).await, [visit], "it is the same visit");
        let job = loaded(&ground, visit).await.unwrap();
        assert_eq!(job.window.start, MORNING.plus_ms(4 * HOUR));
        assert_eq!(job.title, "Mount a television");
        assert!(told(&ground).await.contains(&What::JobConfirmed));
        let left = waiting(&ground).await;
        assert_eq!(left.len(), 1);
        let reason = left[0].imported.as_ref().unwrap().refusal.clone().unwrap();
        assert!(reason.contains("No job exist"), "{reason}");
        let known = sums(&import(&ground, FILE, Mode::TakeIn).await);
        assert_eq!(known, [0, 0, 1, 1, 3], "what Amazon said is not overwritten");
    })
    .await;
}

#[tokio::test]
async fn intake_confirms_an_imported_job_as_well() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1"], &["R1"]).await;
        import(&ground, FILE, Mode::TakeIn).await;
        let before = visits(&ground).await;
        let mut called_off = job("J1", 1, "CANCELLED", &[]);
        called_off["appointments"] = json!([]);
        take_in(&ground, &[called_off]).await;
        assert_eq!(waiting(&ground).await.len(), 1);
        let visit =
            ground.app.db.read().await.unwrap().visit(ground.app.seller, before[0]).await.unwrap().unwrap();
        assert!(!visit.is_active(), "a visit that Amazon has nothing for was never to happen");
    })
    .await;
}
