//! The `doorstep` command as a process.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod command {
    mod spapi;
}

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

fn doorstep(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
    command.env_clear().env("DOORSTEP_DATA", data).env("DOORSTEP_LISTEN", "127.0.0.1:0");
    // Nobody listens there: the server has to live with an Amazon that is away.
    command
        .env("DOORSTEP_SPAPI_ENDPOINT", "http://127.0.0.1:9")
        .env("DOORSTEP_LWA_ENDPOINT", "http://127.0.0.1:9");
    for secret in ["DOORSTEP_LWA_CLIENT_ID", "DOORSTEP_LWA_CLIENT_SECRET", "DOORSTEP_LWA_REFRESH_TOKEN"] {
        command.env(secret, "made-up");
    }
    command
}

/// Ends with the test, however that ends.
struct Serving(Child, String);

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &Path) -> Serving {
    let mut child = doorstep(data).arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    Serving(child, address)
}

fn add(data: &Path, role: &str, password: &str) -> Output {
    let mut child = doorstep(data)
        .args(["user", "add", "--name", "Robin Sample", "--role", role, "--password-stdin"])
        .args(["--technician-id", "T1", "--technician-id", "T2", "--resource-id", "R1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn somebody_who_was_added_signs_in_and_a_stop_is_clean() {
    let data = TempDir::new().unwrap();
    let added = add(data.path(), "technician", "plainly made up\n");
    assert!(added.status.success(), "{}", errors(&added));
    let mut serving = serve(data.path());

    let body = r#"{"name": "Robin Sample", "password": "plainly made up"}"#;
    let answer = exchange(
        &serving.1,
        &format!(
            "POST /api/sign-in HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            serving.1,
            body.len()
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("set-cookie: doorstep_session="), "{answer}");

    let stop = Command::new("kill").arg("-TERM").arg(serving.0.id().to_string()).status().unwrap();
    assert!(stop.success());
    assert!(serving.0.wait().unwrap().success());
}

#[test]
fn an_account_is_closed_and_opened_again_by_name() {
    let data = TempDir::new().unwrap();
    assert!(add(data.path(), "technician", "plainly made up\n").status.success());
    let user = |arguments: [&str; 2]| {
        let output = doorstep(data.path()).arg("user").args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned(), errors(&output))
    };
    assert_eq!(user(["disable", "Robin Sample"]).1, "Robin Sample is disabled\n");
    assert_eq!(user(["enable", "Robin Sample"]).1, "Robin Sample is enabled\n");
    let (succeeded, _, refusal) = user(["disable", "Nobody Sample"]);
    assert!(!succeeded && refusal.contains("there is nobody called"), "{refusal}");
}

#[test]
fn the_data_folder_and_the_key_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let migrated = doorstep(&data).arg("migrate").output().unwrap();
    assert!(migrated.status.success(), "{}", errors(&migrated));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("root.key"))), (0o700, 0o600));
    assert!(data.join("doorstep.db").is_file());
}

#[test]
fn what_cannot_work_is_refused_in_one_line_that_says_what_to_do() {
    let data = TempDir::new().unwrap();
    let open = doorstep(data.path()).env("DOORSTEP_LISTEN", "0.0.0.0:0").arg("serve").output().unwrap();
    assert!(!open.status.success() && errors(&open).contains("DOORSTEP_PUBLIC_HTTPS=1"), "{}", errors(&open));
    let nameless = doorstep(data.path()).env_remove("DOORSTEP_LWA_CLIENT_ID").arg("serve").output().unwrap();
    assert!(!nameless.status.success() && errors(&nameless).contains("DOORSTEP_LWA_CLIENT_ID is not set"));
    for (role, password, word) in [
        ("technician", "short", "at least 12 characters"),
        ("technician", "", "no password"),
        ("supervisor", "plainly made up", "only technicians are linked"),
    ] {
        let refused = add(data.path(), role, password);
        assert!(!refused.status.success() && errors(&refused).contains(word), "{}", errors(&refused));
        assert!(errors(&refused).starts_with("doorstep: ") && errors(&refused).lines().count() == 1);
        assert!(!errors(&refused).contains("plainly"));
    }
}

#[test]
fn a_new_connection_observes_until_somebody_allows_more() {
    let data = TempDir::new().unwrap();
    let connection = |arguments: &[&str]| {
        let output = doorstep(data.path()).arg("connection").args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), said, errors(&output))
    };
    let complete = "completeServiceJobByServiceJobId";
    let stands = |position: &str| {
        let (_, shown, _) = connection(&["show"]);
        let line = shown.lines().find(|line| line.ends_with(complete)).map(str::to_owned);
        assert!(line.as_ref().is_some_and(|line| line.starts_with(position)), "{shown}");
        shown
    };
    let shown = stands("observed");
    assert!(
        shown.lines().any(|line| line.starts_with("sent") && line.ends_with("getServiceJobs")),
        "{shown}"
    );
    assert_eq!(connection(&["forbid", complete]).1, format!("{complete} not allowed\n"));
    stands("not allowed");
    let (succeeded, said, _) = connection(&["allow", "--all-writes"]);
    assert!(
        succeeded && said.lines().count() >= 3 && said.lines().all(|line| line.ends_with(" sent")),
        "{said}"
    );
    stands("sent");
    let (succeeded, _, refusal) = connection(&["observe", "getServiceJobs"]);
    assert!(!succeeded && refusal.contains("a read is sent or not allowed"), "{refusal}");
    assert!(!connection(&["allow"]).0 && !connection(&["allow", "makeTea"]).0);
}

#[test]
fn a_file_of_jobs_is_taken_in_and_bad_lines_go_to_standard_error() {
    let data = TempDir::new().unwrap();
    let (file, map) = (data.path().join("jobs.csv"), data.path().join("map.json"));
    std::fs::write(&file, "Auftrag;Ort\nJ1;Sampletown\n;Sampletown\n").unwrap();
    std::fs::write(&map, r#"{"service_job_id": ["auftrag"], "city": ["ort"]}"#).unwrap();
    let import = |more: &[&str]| {
        let mut command = doorstep(data.path());
        command.args(["import", "jobs"]).arg(&file).args(more).output().unwrap()
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();

    let unmapped = import(&[]);
    assert!(
        !unmapped.status.success() && text(&unmapped.stderr).contains("No column looks like"),
        "{unmapped:?}"
    );
    let map = map.to_str().unwrap();
    let preview = import(&["--map", map, "--preview"]);
    assert!(
        preview.status.success() && text(&preview.stdout).contains("1 jobs would be taken in"),
        "{preview:?}"
    );
    let taken = import(&["--map", map]);
    assert!(taken.status.success() && text(&taken.stdout).contains("1 jobs taken in"), "{taken:?}");
    assert!(text(&taken.stderr).contains("line 3, service_job_id: The job's id is missing."), "{taken:?}");
    let again = import(&["--map", map]);
    assert!(text(&again.stdout).contains("0 jobs taken in, 0 changed, 1 as they were"), "{again:?}");
}
