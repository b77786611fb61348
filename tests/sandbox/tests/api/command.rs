use std::process::Stdio;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep-sandbox"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

#[tokio::test]
async fn the_command_says_where_it_listens_and_lays_the_day_around_now() {
    let mut child = command(&["--listen", "127.0.0.1:0", "--technicians", "T1/R1=Jo Sample", "--jobs", "3"])
        .spawn()
        .unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let look = async |what: &str| -> serde_json::Value {
        http.get(format!("{url}/_sandbox/{what}")).send().await.unwrap().json().await.unwrap()
    };
    let now: DateTime<Utc> = serde_json::from_value(look("clock").await["now"].clone()).unwrap();
    let jobs = look("jobs").await["jobs"].take();
    let starts = jobs.as_array().unwrap().iter().filter_map(|job| {
        let visit = &job["job"]["appointments"][0];
        assert!(
            visit.is_null()
                || ["T1", "TECHX9"].contains(&visit["assignedTechnicians"][0]["technicianId"].as_str()?)
        );
        serde_json::from_value::<DateTime<Utc>>(visit["appointmentTime"]["startTime"].clone()).ok()
    });
    let starts: Vec<_> = starts.collect();
    assert_eq!(starts.len(), 4, "three of T1 and one of a stranger");
    for start in starts {
        assert!(start > now - TimeDelta::minutes(80) && start < now + TimeDelta::hours(9));
    }
    child.kill().await.unwrap();
}

#[tokio::test]
async fn the_command_refuses_what_it_cannot_do() {
    let cases: [&[&str]; 9] = [
        &["--listen", "0.0.0.0:0"],
        &["--day", "someday"],
        &["--technicians", "T1=Jo Sample"],
        &["--rates", "some"],
        &["--scenario", "flood"],
        &["--scenario", "day", "--day", "today"],
        &["--port", "0", "--listen", "127.0.0.1:0"],
        &["--script", "/nowhere/script.json"],
        &["--signed-header", "no value"],
    ];
    for arguments in cases {
        let output = command(arguments).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[tokio::test]
async fn the_command_plays_a_scenario_by_a_script_on_a_port() {
    let path = std::env::temp_dir().join(format!("doorstep-sandbox-{}", std::process::id()));
    std::fs::write(&path, r#"{ "faults": [{ "operation": "token", "kind": "throttle" }] }"#).unwrap();
    let file = path.to_str().unwrap();
    let mut child = command(&["--port", "0", "--scenario", "no-shows", "--script", file]).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let script: serde_json::Value =
        http.get(format!("{url}/_sandbox/script")).send().await.unwrap().json().await.unwrap();
    assert_eq!(script["faults"][0]["operation"], "token");
    assert!(!script["events"].as_array().unwrap().is_empty());
    child.kill().await.unwrap();

    std::fs::write(&path, r#"{ "faults": [{ "operation": "tokens", "kind": "throttle" }] }"#).unwrap();
    let output = command(&["--port", "0", "--script", file]).output().await.unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(words, "the sandbox cannot start: fault 1: no operation is called tokens\n");
    std::fs::remove_file(&path).unwrap();
}
