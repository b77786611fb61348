//! Whatever bytes Amazon answers, to any operation, the client returns an error or a value, within bounded memory, and
//! never panics.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod amazon;
mod answers;

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doorstep_spapi::operations;
use doorstep_spapi::{Client, Credentials, Endpoint, Error, LoginEndpoint, Settings, UploadDocument};
use doorstep_spapi::{
    ContentType, Destination,
    tokens::{RestrictedDataTokenRequest, RestrictedMethod, RestrictedResource},
};
use peak_alloc::PeakAlloc;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use amazon::{Amazon, DOCUMENT, Still, Strange};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one call may take at its peak, in bytes: the longest answer that is read, four megabytes, eight times over, as
/// text, as values and as types. What stands at the other end of the line is counted too.
const MOST_MEMORY: usize = 32 << 20;
/// What is taken off the line at most: the longest answer, and what the system holds for both ends.
const MOST_READ: usize = (4 + 16) << 20;

/// The peak is the process's, so one test measures at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What is answered strangely.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Operation(usize),
    Login,
    RestrictedToken,
    Upload,
}

const TARGETS: usize = operations::ALL.len() + 3;

impl Target {
    fn number(number: usize) -> Self {
        match number.checked_sub(operations::ALL.len()) {
            None => Self::Operation(number),
            Some(0) => Self::Login,
            Some(1) => Self::RestrictedToken,
            Some(_) => Self::Upload,
        }
    }
}

fn client(amazon: &Amazon, timeout: Duration) -> Client {
    let credentials = Credentials {
        client_id: "made-up".to_owned(),
        client_secret: "made-up".into(),
        refresh_token: "made-up".into(),
    };
    let endpoint = Endpoint::parse(&amazon.address).unwrap();
    let login = LoginEndpoint::parse(&amazon.address).unwrap();
    Client::new(Settings { timeout, ..Settings::new(endpoint, login, credentials) }, Still::clock()).unwrap()
}

/// Calls once and uses all that comes of it.
async fn outcome(client: &Client, target: Target) -> Result<String, Error> {
    let printed = match target {
        Target::Operation(number) => {
            let operation = operations::ALL[number];
            let example = operation.example();
            let answer = client.call_by_name(operation.name, &example.arguments, example.body).await?;
            format!("{answer:?}").len() + answer.value.to_string().len()
        }
        Target::Login => format!("{:?}", client.complete_service_job(&"J1".into()).await?).len(),
        Target::RestrictedToken => {
            let resource = RestrictedResource {
                method: RestrictedMethod::Get,
                path: "/service/v1/serviceJobs".to_owned(),
                data_elements: vec![],
            };
            let request =
                RestrictedDataTokenRequest { target_application: None, restricted_resources: vec![resource] };
            format!("{:?}", client.create_restricted_data_token(&request).await?).len()
        }
        Target::Upload => {
            let document = UploadDocument::of(ContentType::Png, DOCUMENT);
            let destination: Destination = client.create_upload_destination(&document).await?.value;
            format!("{:?}", client.upload_document(&destination, DOCUMENT).await?).len()
        }
    };
    Ok(format!("{printed} characters"))
}

/// The property, for one answer; whether it came to a value.
fn check(runtime: &tokio::runtime::Runtime, target: Target, strange: Strange) -> Result<bool, String> {
    runtime.block_on(async {
        let takes_time_only = strange.takes_time_only;
        let timeout = if takes_time_only { Duration::from_millis(200) } else { Duration::from_secs(30) };
        let amazon = Amazon::start(target, strange).await;
        let client = client(&amazon, timeout);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let outcome = tokio::time::timeout(Duration::from_secs(60), outcome(&client, target)).await;
        let taken = MEMORY.peak_usage().saturating_sub(before);
        let Ok(outcome) = outcome else { return Err("there is neither an error nor a value".to_owned()) };
        if let Err(error) = &outcome {
            let shown =
                format!("{error} {error:?} {:?} {:?} {:?}", error.verdict(), error.effect(), error.advice());
            if error.not_allowed().is_some() {
                return Err(format!("nothing was sent: {shown}"));
            }
            if shown.contains("/store?") {
                return Err(format!("an address is printed: {shown}"));
            }
        }
        if taken > MOST_MEMORY {
            return Err(format!("{taken} bytes of memory were taken"));
        }
        if amazon.written() > MOST_READ && !takes_time_only {
            return Err(format!("{} bytes were read", amazon.written()));
        }
        Ok(outcome.is_ok())
    })
}

#[test]
fn whatever_bytes_come_back_there_is_an_error_or_a_value() {
    let (_alone, runtime) = (alone(), runtime());
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    // Always the same bytes: whoever breaks this sees it at once, and again.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (values, errors) = (Cell::new(0), Cell::new(0));
    let tested = runner.run(&answers::strange(), |(target, strange)| {
        let counted = match check(&runtime, Target::number(target), strange) {
            Ok(true) => &values,
            Ok(false) => &errors,
            Err(broken) => return Err(TestCaseError::fail(broken)),
        };
        counted.set(counted.get() + 1);
        Ok(())
    });
    if let Err(broken) = tested {
        panic!("{broken}");
    }
    // Answers that are all refused at the first byte would prove little.
    assert!(values.get() > 100 && errors.get() > 100, "{} values, {} errors", values.get(), errors.get());
}

#[test]
fn answers_made_to_fill_the_memory_do_not() {
    let (_alone, runtime) = (alone(), runtime());
    for (name, strange) in answers::huge() {
        for number in 0..TARGETS {
            let target = Target::number(number);
            if let Err(broken) = check(&runtime, target, strange.clone()) {
                panic!("{name}, {target:?}: {broken}");
            }
        }
    }
}
