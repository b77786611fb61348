//! Amazon's published examples, played through the client against a static sandbox that answers with them and checks
//! each request against the published schema. The model is not part of this project: `DOORSTEP_SERVICES_API_MODEL`
//! names the folder with `services.json` and `static_sandbox.py`; without one, `every_operation` tells the same facts.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use doorstep_spapi::{Endpoint, LoginEndpoint, Settings, operations};
use serde_json::{Map, Value};

use crate::fake::Fake;

/// Serves on a free port, which is its first line; each further line is a request and what the schema says of it.
const SERVE: &str = "
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import static_sandbox as sandbox
sandbox.LOG = sys.stdout
server = sandbox.ThreadingHTTPServer(('127.0.0.1', 0), sandbox.H)
print(server.server_port, flush=True)
server.serve_forever()
";

struct StaticSandbox {
    child: Child,
    port: u16,
    log: BufReader<ChildStdout>,
}

impl Drop for StaticSandbox {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl StaticSandbox {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new("python3")
            .args(["-c", SERVE])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { child, port, log }
    }

    /// What it wrote about the next request: it is written before the answer goes out.
    fn next_record(&mut self) -> Value {
        let mut line = String::new();
        self.log.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("DOORSTEP_SERVICES_API_MODEL") {
        return Some(folder.into());
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/services-api");
    beside.join("services.json").is_file().then_some(beside)
}

struct Example {
    operation: String,
    status: u16,
    arguments: Vec<(String, String)>,
    body: Option<Value>,
    response: Value,
}

fn examples(model: &Value) -> Vec<Example> {
    let operations =
        model["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut examples = Vec::new();
    for operation in operations.filter(|operation| operation["operationId"].is_string()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            for example in response["x-amzn-api-sandbox"]["static"].as_array().into_iter().flatten() {
                let given = example["request"]["parameters"].as_object().unwrap();
                examples.push(Example {
                    operation: operation["operationId"].as_str().unwrap().to_owned(),
                    status: status.parse().unwrap(),
                    arguments: arguments(operation, given),
                    body: given.get("body").map(|body| body["value"].clone()),
                    response: example["response"].clone(),
                });
            }
        }
    }
    examples
}

/// The example's parameters, and something for those that it leaves out although the model requires them.
fn arguments(operation: &Value, given: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let given_values = given.iter().filter(|(name, _)| *name != "body").map(|(name, value)| {
        let value = match &value["value"] {
            Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
            one => text(one),
        };
        (name.clone(), value)
    });
    let missing = operation["parameters"].as_array().unwrap().iter().filter(|parameter| {
        let name = parameter["name"].as_str().unwrap();
        parameter["required"] == true && parameter["in"] != "body" && !given.contains_key(name)
    });
    given_values
        .chain(
            missing.map(|parameter| (parameter["name"].as_str().unwrap().to_owned(), "MADEUP1".to_owned())),
        )
        .collect()
}

fn errors(response: &Value) -> Vec<Value> {
    response.as_array().or_else(|| response["errors"].as_array()).cloned().unwrap_or_default()
}

#[tokio::test]
async fn every_success_is_taken_every_refusal_reported_and_no_request_is_at_fault() {
    let Some(folder) = folder() else {
        println!("the published model is not here: DOORSTEP_SERVICES_API_MODEL names its folder");
        return;
    };
    let model = std::fs::read_to_string(folder.join("services.json")).unwrap();
    let examples = examples(&serde_json::from_str(&model).unwrap());
    let mut sandbox = StaticSandbox::start(&folder);
    let address = format!("http://127.0.0.1:{}", sandbox.port);
    let fake = Fake::start().await;
    let settings = Settings {
        endpoint: Endpoint::parse(&address).unwrap(),
        lwa_endpoint: LoginEndpoint::parse(&address).unwrap(),
        ..fake.settings()
    };
    let (mut taken, mut refused, mut unsent) = (0, 0, 0);
    for Example { operation, status, arguments, body, response } in examples {
        let context = format!("{operation} {status} {arguments:?} {body:?}");
        // A client of its own: the burst of an operation is shorter than its list of examples.
        let client = fake.client_with(settings.clone());
        let outcome = client.call_by_name(&operation, &arguments, body).await;
        let is_success = (200..300).contains(&status) && errors(&response).is_empty();
        match outcome {
            Err(error) if error.not_allowed().is_some() => {
                assert!(!is_success, "{context}: {error}");
                unsent += 1;
                continue;
            }
            Err(error) => {
                assert!(!is_success && error.is_refusal(), "{context}: {error}");
                assert_eq!(error.said(), errors(&response), "{context}");
                refused += 1;
            }
            Ok(answer) => {
                assert!(is_success, "{context}");
                let expected = if status == 204 { Value::Object(Map::new()) } else { response };
                assert_eq!(answer.value, expected, "{context}");
                let misfits = answer.warnings.iter().filter(|warning| warning.code == "unreadable_answer");
                assert_eq!(misfits.count(), 0, "{context}");
                taken += 1;
            }
        }
        assert_eq!(sandbox.next_record()["op"], "lwa", "{context}");
        let record = sandbox.next_record();
        assert_eq!(record["problems"], Value::Array(vec![]), "{context}");
        assert_eq!((&record["op"], &record["example"]), (&operation.into(), &true.into()), "{context}");
    }
    println!(
        "{taken} successes taken, {refused} refusals reported, {unsent} at fault themselves and not sent"
    );
    assert!(taken + refused + unsent >= operations::ALL.len());
}
