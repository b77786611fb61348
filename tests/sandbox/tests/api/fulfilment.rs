use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use doorstep_sandbox::{Config, ContentHash, Rates};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::seller::{Answer, DOCUMENTS, JOBS, Seller, Visit, config, zulu};

/// The refusal that a body gets for a job in good order.
async fn refusal(seller: &Seller, body: &Value) -> (u16, String, String) {
    let answer = seller.fulfil(&seller.visit(), body).await;
    assert!(answer.body.is_array(), "errors of this operation have no envelope: {}", answer.text);
    let (status, code, message) = answer.bare_error();
    (status, code.to_owned(), message.to_owned())
}

async fn refused(seller: &Seller, body: &Value, status: u16, part: &str) {
    let (got, code, message) = refusal(seller, body).await;
    assert_eq!((got, code.as_str()), (status, "InvalidInput"), "{body}: {message}");
    assert!(message.contains(part), "{body}: {message}");
}

#[tokio::test]
async fn a_whole_fulfilment_is_taken_with_an_empty_204_and_kept() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    let answer = seller.fulfil(&visit, &body).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let kept = seller.sandbox.fulfilment(&visit.appointment).unwrap();
    assert_eq!((&kept.body, kept.times, &kept.service_job_id), (&body, 1, &visit.job));
    let document = &seller.sandbox.documents()[0];
    assert_eq!(document.attached_to[0].appointment_id, visit.appointment);
    assert_eq!(document.attached_to[0].service_job_id, visit.job);
    let job = seller.get(&format!("{JOBS}/{}", visit.job)).await;
    assert_eq!(job.body["payload"]["appointments"][0]["poa"]["uploadTime"], "2026-03-02T18:00:00.000Z");
}

#[tokio::test]
async fn any_one_part_is_enough_and_a_later_body_replaces_an_earlier_one() {
    let seller = Seller::new().await;
    let (visit, whole) = (seller.visit(), seller.whole_body().await);
    let now = seller.sandbox.clock().now();
    let arrival = json!({ "startTime": zulu(now), "endTime": zulu(now + TimeDelta::minutes(30)) });
    let mut parts: Vec<Value> =
        whole.as_object().unwrap().iter().map(|(name, part)| json!({ name: part })).collect();
    parts.push(json!({ "estimatedArrivalTime": arrival }));
    for (count, part) in parts.iter().enumerate() {
        assert_eq!(seller.fulfil(&visit, part).await.status, 204, "{part}");
        let kept = seller.sandbox.fulfilment(&visit.appointment).unwrap();
        assert_eq!((&kept.body, kept.times as usize), (part, count + 1));
    }
}

#[tokio::test]
async fn a_body_without_any_part_or_with_a_part_of_the_wrong_kind_is_400() {
    let seller = Seller::new().await;
    refused(&seller, &json!({}), 400, "No fulfillment artifacts").await;
    refused(&seller, &json!({ "appointmentResources": [] }), 400, "No fulfillment artifacts").await;
    refused(&seller, &json!({ "fulfillmentTime": "noon" }), 400, "fulfillmentTime").await;
    refused(&seller, &json!({ "fulfillmentDocuments": ["id"] }), 400, "fulfillmentDocuments").await;
    refused(&seller, &json!({ "appointmentResources": [{}] }), 400, "resourceId").await;
    refused(&seller, &json!([]), 400, "JSON object").await;
}

#[tokio::test]
async fn the_job_the_appointment_and_their_state_are_checked() {
    let seller = Seller::new().await;
    let body = json!({ "fulfillmentTime": seller.past_hour() });
    let visit = seller.visit();
    let nowhere = Visit { job: "nowhere".into(), appointment: visit.appointment.clone() };
    let answer = seller.fulfil(&nowhere, &body).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (422, "InvalidInput"));
    assert!(answer.bare_error().2.contains("No job exist"));

    let other = Visit { job: visit.job.clone(), appointment: "another".into() };
    let answer = seller.fulfil(&other, &body).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (422, "InvalidInput"));
    assert!(answer.bare_error().2.contains("not present in the job"));

    seller.sandbox.reschedule(&visit.job, "2026-03-05T15:00:00Z".parse().unwrap()).unwrap();
    let answer = seller.fulfil(&visit, &body).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (422, "InvalidInput"));
    assert!(answer.bare_error().2.contains("not active"));

    seller.sandbox.cancel(&visit.job).unwrap();
    let answer = seller.fulfil(&visit, &body).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (422, "InvalidInput"));
    assert!(answer.bare_error().2.contains("jobState : CANCELLED"));
    assert_eq!(seller.sandbox.effects("setAppointmentFulfillmentData"), 0);
}

#[tokio::test]
async fn times_are_past_utc_instants_in_order() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let time = |start: &str, end: &str| json!({ "fulfillmentTime": { "startTime": start, "endTime": end } });
    let (nine, ten) = ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00.000Z");
    let cases = [
        (time("2026-03-02T14:30:00+05:30", ten), "not in UTC"),
        (time(nine, "2026-03-02T10:00:00+00:00"), "not in UTC"),
        (time("2026-03-02T09-00:00Z", ten), "Could not parse"),
        (time(nine, "2026-03-02T10:00:00"), "Could not parse"),
        (json!({ "fulfillmentTime": { "startTime": nine } }), "Could not parse"),
        (json!({ "fulfillmentTime": { "endTime": ten } }), "Could not parse"),
        (time("2026-03-02T18:00:01Z", "2026-03-02T19:00:00Z"), "future"),
        (time(nine, "2026-03-02T18:00:00.001Z"), "future"),
        (time(ten, nine), "after Start Time"),
        (time(nine, nine), "after Start Time"),
        (json!({ "estimatedArrivalTime": { "startTime": "soon", "endTime": ten } }), "Could not parse"),
        (json!({ "estimatedArrivalTime": { "startTime": ten, "endTime": nine } }), "after Start Time"),
    ];
    for (body, part) in cases {
        refused(&seller, &body, 422, part).await;
    }
    let until_now = time(nine, "2026-03-02T18:00:00Z");
    assert_eq!(seller.fulfil(&seller.visit(), &until_now).await.status, 204);
}

#[tokio::test]
async fn a_resource_is_one_that_the_seller_registered() {
    let seller = Seller::new().await;
    // A technician's id is not the id of the same person as a resource.
    for id in ["nobody", "TECHA1"] {
        let body = json!({ "appointmentResources": [{ "resourceId": "RESA1" }, { "resourceId": id }] });
        refused(&seller, &body, 422, "does not exist or is deleted").await;
    }
}

#[tokio::test]
async fn a_document_must_be_known_uploaded_whole_and_unchanged() {
    let seller = Seller::new().await;
    let with = |reference: Value| json!({ "fulfillmentDocuments": [reference] });
    refused(&seller, &with(json!({ "contentSha256": "x" })), 422, "document id does not exist").await;
    let unknown = json!({ "uploadDestinationId": "unknown", "contentSha256": "x" });
    refused(&seller, &with(unknown), 422, "document id does not exist").await;

    let mut proof = seller.prepare(b"a picture of a desk").await;
    refused(&seller, &with(proof.reference()), 422, "No document was uploaded").await;
    seller.sandbox.clock().advance(TimeDelta::seconds(300));
    refused(&seller, &with(proof.reference()), 422, "expired before").await;

    proof = seller.upload(b"a picture of a desk").await;
    let hash = |bytes: &[u8]| STANDARD.encode(Sha256::digest(bytes));
    let over_plaintext = json!({ "uploadDestinationId": proof.id, "contentSha256": hash(&proof.plaintext) });
    refused(&seller, &with(over_plaintext), 422, "sanity check").await;
    refused(&seller, &with(json!({ "uploadDestinationId": proof.id })), 422, "sanity check").await;

    proof = seller.prepare(b"a picture of a desk").await;
    proof.ciphertext.extend([0; 16]);
    assert_eq!(seller.put(&proof).await.status, 200, "storage does not look inside");
    refused(&seller, &with(proof.reference()), 422, "content length").await;

    proof = seller.prepare(b"a picture of a desk").await;
    proof.ciphertext = vec![1; proof.ciphertext.len()];
    assert_eq!(seller.put(&proof).await.status, 200, "storage does not look inside");
    assert!(seller.sandbox.documents().pop().unwrap().flaw.unwrap().contains("could not be decrypted"));
    refused(&seller, &with(proof.reference()), 422, "could not be decrypted").await;
    assert_eq!(seller.sandbox.effects("setAppointmentFulfillmentData"), 0);
}

#[tokio::test]
async fn an_uploaded_document_stays_usable_after_its_destination_expired() {
    let seller = Seller::new().await;
    let body = json!({ "fulfillmentDocuments": [seller.upload(b"picture").await.reference()] });
    seller.sandbox.clock().advance(TimeDelta::minutes(30));
    assert_eq!(seller.fulfil(&seller.visit(), &body).await.status, 204);
}

#[tokio::test]
async fn the_hash_is_over_the_plaintext_when_set_so() {
    let seller = Seller::with(Config { content_hash: ContentHash::Plaintext, ..config() }).await;
    let proof = seller.upload(b"a picture").await;
    refused(&seller, &json!({ "fulfillmentDocuments": [proof.reference()] }), 422, "sanity check").await;
    let sha = STANDARD.encode(Sha256::digest(&proof.plaintext));
    let body = json!({ "fulfillmentDocuments": [{ "uploadDestinationId": proof.id, "contentSha256": sha }] });
    assert_eq!(seller.fulfil(&seller.visit(), &body).await.status, 204);
}

#[tokio::test]
async fn a_wrong_md5_is_found_when_the_document_is_attached() {
    let seller = Seller::new().await;
    let body = json!({ "contentType": "PNG", "contentLength": 15, "contentMD5": "97WrSKv9ffHkDopCdB32mw==" });
    let url = seller.post(DOCUMENTS, &body).await.body["payload"]["url"].as_str().unwrap().to_owned();
    let put = seller.http.put(url).header("content-type", "image/png").body(vec![0; 16]);
    assert_eq!(Answer::of(put).await.status, 200);
    assert!(seller.sandbox.documents()[0].flaw.is_some());
}

#[tokio::test]
async fn a_document_must_be_of_the_announced_type_if_its_first_bytes_tell() {
    let seller = Seller::new().await;
    let pdf = seller.upload(b"%PDF-1.7 announced as PNG").await;
    refused(&seller, &json!({ "fulfillmentDocuments": [pdf.reference()] }), 422, "content type").await;
    let png = seller.upload(b"\x89PNG\r\n\x1a\n and so on").await;
    let body = json!({ "fulfillmentDocuments": [png.reference()] });
    assert_eq!(seller.fulfil(&seller.visit(), &body).await.status, 204);
}

#[tokio::test]
async fn the_test_virus_that_every_scanner_knows_fails_the_malware_check() {
    let seller = Seller::new().await;
    let proof = seller.upload(b"before EICAR-STANDARD-ANTIVIRUS-TEST-FILE after").await;
    refused(&seller, &json!({ "fulfillmentDocuments": [proof.reference()] }), 422, "malware check").await;
}
