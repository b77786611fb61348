//! What is known, and what is not, when the network fails.

use std::time::Duration;

use doorstep_spapi::{Effect, Endpoint, LoginEndpoint, Settings, Verdict};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fake::Fake;

/// What a broken Amazon does with a request that it has read.
#[derive(Clone, Copy)]
enum Broken {
    HangsUp,
    SaysNothing,
    StopsHalfway,
}

async fn broken(how: Broken) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut open: Vec<TcpStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let length = stream.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..length]);
            }
            match how {
                Broken::HangsUp => drop(stream),
                Broken::SaysNothing => open.push(stream),
                Broken::StopsHalfway => {
                    stream
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"payload\":{")
                        .await
                        .unwrap();
                }
            }
        }
    });
    (address, server)
}

#[tokio::test]
async fn a_refused_connection_certainly_changed_nothing() {
    let fake = Fake::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client =
        fake.client_with(Settings { endpoint: Endpoint::parse(&address).unwrap(), ..fake.settings() });
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::None), "{error}");
}

#[tokio::test]
async fn after_the_request_is_out_nobody_knows() {
    // Only silence has to be waited for, and not so short a time that a busy machine has not even logged in.
    for (how, seconds) in [(Broken::HangsUp, 30), (Broken::SaysNothing, 1), (Broken::StopsHalfway, 30)] {
        let fake = Fake::start().await;
        let (address, server) = broken(how).await;
        let endpoint = Endpoint::parse(&address).unwrap();
        let timeout = Duration::from_secs(seconds);
        let client = fake.client_with(Settings { endpoint, timeout, ..fake.settings() });

        let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (Verdict::ReadBack, Effect::Unknown), "{error}");
        let data = serde_json::from_str(r#"{"appointmentResources":[{"resourceId":"r"}]}"#).unwrap();
        let error = client.set_fulfillment_data(&"J1".into(), &"A1".into(), &data).await.unwrap_err();
        assert_eq!(
            (error.verdict(), error.effect()),
            (Verdict::Retry { after: None }, Effect::Unknown),
            "{error}"
        );
        let error = client.get_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!(
            (error.verdict(), error.effect()),
            (Verdict::Retry { after: None }, Effect::None),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains(&address), "addresses may hold signatures");
        server.abort();
    }
}

#[tokio::test]
async fn the_whole_call_has_one_limit_and_a_slow_login_sent_nothing() {
    let fake = Fake::start().await;
    let (address, server) = broken(Broken::SaysNothing).await;
    let lwa_endpoint = LoginEndpoint::parse(&address).unwrap();
    let client =
        fake.client_with(Settings { lwa_endpoint, timeout: Duration::from_millis(100), ..fake.settings() });
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::None));
    assert!(fake.asked().is_empty());
    server.abort();
}
