//! What goes out, to the byte.

use doorstep_spapi::{
    ContentType, FulfillmentData, FulfillmentTime, PageTokenEncoding, Query, ResourceId, Settings, Since,
    UploadDocument, time,
};

use crate::fake::{Fake, TOKEN, reply};

#[tokio::test]
async fn a_request_carries_the_headers_amazon_wants() {
    let (fake, client) = Fake::answering(reply(200, "{}")).await;
    client.complete_service_job(&"J1".into()).await.unwrap();
    let asked = &fake.asked()[0];
    assert_eq!(asked.header("x-amz-access-token"), TOKEN);
    assert_eq!(asked.header("x-amz-date"), "20260305T120000Z");
    let agent =
        format!("Doorstep/{} (Language=Rust; Platform={})", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    assert_eq!(asked.header("user-agent"), agent);
    assert!(agent.len() <= 500, "Amazon refuses a longer one");
}

#[tokio::test]
async fn completing_is_a_put_without_a_body() {
    let (fake, client) = Fake::answering(reply(200, "{}")).await;
    client.complete_service_job(&"job/1<->2".into()).await.unwrap();
    let asked = &fake.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("PUT", "/service/v1/serviceJobs/job%2F1%3C-%3E2/completions")
    );
    assert_eq!((asked.body.len(), asked.header("content-type"), asked.query.as_str()), (0, "", ""));
}

#[tokio::test]
async fn a_search_names_its_marketplace_its_time_and_its_page() {
    let query = Query {
        page_size: Some(20),
        page_token: Some("token%3D".into()),
        ..Query::new(
            "A1PA6795UKMFR9".into(),
            Since::LastUpdated(time::parse("2026-03-05T11:59:30.5Z").unwrap()),
        )
    };
    let rest = "&pageSize=20&lastUpdatedAfter=2026-03-05T11%3A59%3A30.500Z&marketplaceIds=A1PA6795UKMFR9";
    for (page_tokens, token) in
        [(PageTokenEncoding::Encoded, "token%253D"), (PageTokenEncoding::AsReceived, "token%3D")]
    {
        let fake = Fake::start().await;
        fake.push(reply(200, r#"{"payload":{"jobs":[]}}"#));
        let client = fake.client_with(Settings { page_tokens, ..fake.settings() });
        client.get_service_jobs(&query).await.unwrap();
        let asked = &fake.asked()[0];
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/service/v1/serviceJobs"));
        assert_eq!(asked.query, format!("pageToken={token}{rest}"));
    }
}

#[tokio::test]
async fn fulfilment_data_goes_out_as_the_bytes_that_were_hashed() {
    let data = FulfillmentData {
        fulfillment_time: Some(FulfillmentTime {
            start_time: Some(time::parse("2026-03-05T09:00:00Z").unwrap()),
            end_time: Some(time::parse("2026-03-05T10:00:00Z").unwrap()),
        }),
        appointment_resources: Some(vec![ResourceId::from("resource-1").into()]),
        ..FulfillmentData::default()
    };
    let (fake, client) = Fake::answering(reply(204, "")).await;
    fake.push(reply(204, ""));
    for _ in 0..2 {
        client.set_fulfillment_data(&"J1".into(), &"A1_2".into(), &data).await.unwrap();
    }
    for asked in fake.asked() {
        assert_eq!(asked.method, "PUT");
        assert_eq!(asked.path, "/service/v1/serviceJobs/J1/appointments/A1_2/fulfillment");
        assert_eq!(asked.header("content-type"), "application/json");
        assert_eq!(asked.body, data.to_bytes());
    }
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_not_sent() {
    let fake = Fake::start().await;
    let client = fake.client();
    let long = UploadDocument::of_length(ContentType::Png, UploadDocument::LONGEST + 1);
    let strange = UploadDocument::of_length(ContentType::Other("BMP".into()), 1);
    let since = Since::Created(time::parse("2026-03-01T00:00:00Z").unwrap());
    let query = Query { page_size: Some(21), ..Query::new("ATVPDKIKX0DER".into(), since) };
    let refusals = [
        client.create_upload_destination(&long).await.unwrap_err(),
        client.create_upload_destination(&UploadDocument::of(ContentType::Png, b"")).await.unwrap_err(),
        client.create_upload_destination(&strange).await.unwrap_err(),
        client
            .create_upload_destination(&UploadDocument::of(ContentType::Png, b"a").with_md5("short"))
            .await
            .unwrap_err(),
        client.get_service_jobs(&query).await.unwrap_err(),
        client.get_service_job(&"".into()).await.unwrap_err(),
        client.complete_service_job(&"..".into()).await.unwrap_err(),
        client.cancel_service_job(&"J1".into(), "no reason").await.unwrap_err(),
    ];
    let fields: Vec<_> = refusals.iter().map(|refusal| refusal.not_allowed().unwrap().0).collect();
    let expected = [
        "contentLength",
        "contentLength",
        "contentType",
        "contentMD5",
        "pageSize",
        "serviceJobId",
        "serviceJobId",
        "cancellationReasonCode",
    ];
    assert_eq!(fields, expected);
    assert!(fake.asked().is_empty() && fake.logins().is_empty());
}
