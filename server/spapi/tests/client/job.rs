//! A job with everything in it.

use doorstep_spapi::ServiceJob;
use doorstep_spapi::job::{AppointmentStatus, ItemStatus, JobStatus, PoaType, ServiceLocationType};
use serde_json::{Value, json};

/// Words that belong to people; none of them may be printed.
const PERSONAL: [&str; 12] = [
    "Ada Example",
    "555-0100",
    "BUYER1",
    "12 Sample Street",
    "Flat 3",
    "Sampleton",
    "ZZ1 1ZZ",
    "Ben Placeholder",
    "Blue Sample Car",
    "PLATE 1",
    "CASH",
    "leave the key with Cleo",
];

fn whole() -> Value {
    json!({
        "createTime": "2026-03-01T08:00:00.120Z",
        "serviceJobId": "J1",
        "serviceJobStatus": "NOT_SERVICED",
        "scopeOfWork": { "asin": "B000000001", "title": "Wall mount", "quantity": 1, "requiredSkills": ["MOUNT"] },
        "seller": { "sellerId": "S1" },
        "serviceJobProvider": { "serviceJobProviderId": "P1" },
        "preferredAppointmentTimes": [{ "startTime": "2026-03-05T09:00:00Z", "durationInMinutes": 60 }],
        "appointments": [{
            "appointmentId": "A1_1",
            "appointmentStatus": "CANCELLED",
            "appointmentTime": { "startTime": "2026-03-05T09:00:00Z", "durationInMinutes": 180 },
            "assignedTechnicians": [{ "technicianId": "T1", "name": "Ben Placeholder" }],
            "rescheduledAppointmentId": "A1_2",
            "poa": {
                "appointmentTime": { "startTime": "2026-03-05T09:00:00Z", "durationInMinutes": 180 },
                "technicians": [{ "technicianId": "T1", "name": "Ben Placeholder" }],
                "uploadingTechnician": "T1",
                "uploadTime": "2026-03-05T12:00:00Z",
                "poaType": "CUSTOMER_SIGNATURE"
            }
        }],
        "serviceOrderId": "111-222",
        "productOrderIds": ["333-444"],
        "trackingIds": ["TBA1"],
        "marketplaceId": "ATVPDKIKX0DER",
        "storeId": "store-1",
        "buyer": { "buyerId": "BUYER1", "name": "Ada Example", "phone": "555-0100", "isPrimeMember": true },
        "associatedItems": [{
            "asin": "B000000002", "title": "Shelf", "quantity": 2, "orderId": "333-444", "itemStatus": "DELIVERED",
            "brandName": "Sample",
            "itemDelivery": {
                "estimatedDeliveryDate": "2026-03-04T00:00:00Z",
                "itemDeliveryPromise": { "startTime": "2026-03-04T08:00:00Z", "endTime": "2026-03-04T20:00:00Z" }
            },
            "linkedAssets": [{
                "assetType": "VEHICLE", "assetName": "Blue Sample Car", "additionalAttributes": { "plate": "PLATE 1" }
            }]
        }],
        "serviceLocation": {
            "serviceLocationType": "IN_HOME",
            "address": {
                "name": "Ada Example", "addressLine1": "12 Sample Street", "addressLine2": "Flat 3",
                "addressLine3": "Back", "city": "Sampleton", "county": "Sampleshire", "district": "North",
                "stateOrRegion": "ZZ", "postalCode": "ZZ1 1ZZ", "countryCode": "ZZ", "phone": "555-0100"
            }
        },
        "payments": [{ "amount": { "value": 149.9, "currency": "EUR" }, "instrument": "CASH" }]
    })
}

fn read(value: &Value) -> ServiceJob {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn every_field_of_the_model_is_typed_and_survives_a_round_trip() {
    let job = read(&whole());
    assert!(job.other.is_empty(), "nothing of the model is left over");
    assert_eq!(serde_json::to_value(&job).unwrap(), whole());
    assert_eq!(job.service_job_status, Some(JobStatus::NotServiced));
    let appointment = &job.appointments[0];
    assert_eq!(appointment.appointment_status, Some(AppointmentStatus::Cancelled));
    let end = appointment.appointment_time.as_ref().unwrap().end_time();
    assert_eq!(end.to_rfc3339(), "2026-03-05T12:00:00+00:00");
    assert_eq!(appointment.poa.as_ref().unwrap().poa_type, Some(PoaType::CustomerSignature));
    assert_eq!(job.associated_items[0].item_status, Some(ItemStatus::Delivered));
    let location = job.service_location.as_ref().unwrap();
    assert_eq!(location.service_location_type, Some(ServiceLocationType::InHome));
    assert_eq!(job.buyer.as_ref().unwrap().name.as_ref().unwrap().expose(), "Ada Example");
    assert_eq!(job.payments[0].amount.as_ref().unwrap().decimal(), "149.9");
}

#[test]
fn what_is_new_at_amazon_survives_a_round_trip_at_every_level() {
    let mut value = whole();
    value["serviceJobStatus"] = json!("WAITING_FOR_PARTS");
    value["serviceType"] = json!("heavybulky");
    value["buyer"]["salutation"] = json!("Dr");
    value["appointments"][0]["appointmentStatus"] = json!("PAUSED");
    value["appointments"][0]["poa"]["poaType"] = json!("HOLOGRAM");
    value["appointments"][0]["appointmentTime"]["flexible"] = json!(true);
    value["associatedItems"][0]["itemStatus"] = json!("LOST");
    value["associatedItems"][0]["itemDelivery"]["carrier"] = json!({ "name": "X" });
    value["serviceLocation"]["address"]["floor"] = json!(4);
    value["payments"][0]["amount"]["tax"] = json!(0.19);
    let job = read(&value);
    assert_eq!(job.service_job_status, Some(JobStatus::Other("WAITING_FOR_PARTS".into())));
    assert_eq!(job.other.fields()["serviceType"], "heavybulky");
    assert_eq!(serde_json::to_value(&job).unwrap(), value);
}

#[test]
fn the_guides_spelling_is_read_and_the_models_is_written() {
    let job = read(&json!({
        "serviceProvider": { "serviceProviderId": "P1" },
        "createTime": "2020-01-01T00:00:00.00-07",
        "preferredAppointmentTimes": [{ "startTime": "2021-04-04T01:0:00Z", "durationInMinutes": "180" }],
        "scopeOfWork": { "quantity": "2", "requiredSkills": null },
        "appointments": null,
        "buyer": null
    }));
    let written = json!({
        "createTime": "2020-01-01T07:00:00Z",
        "scopeOfWork": { "quantity": 2 },
        "serviceJobProvider": { "serviceJobProviderId": "P1" },
        "preferredAppointmentTimes": [{ "startTime": "2021-04-04T01:00:00Z", "durationInMinutes": 180 }]
    });
    assert_eq!(serde_json::to_value(&job).unwrap(), written);
}

#[test]
fn a_job_prints_nothing_that_belongs_to_a_person() {
    let mut value = whole();
    value["buyer"]["note"] = json!("leave the key with Cleo");
    value["deliveryNote"] = json!("leave the key with Cleo");
    let job = read(&value);
    for printed in [format!("{job:?}"), format!("{job:#?}")] {
        for personal in PERSONAL {
            assert!(!printed.contains(personal), "{personal} in {printed}");
        }
        assert!(printed.contains("J1") && printed.contains("Pii(…)"), "{printed}");
    }
    let kept = serde_json::to_string(&job).unwrap();
    assert!(PERSONAL.iter().all(|personal| kept.contains(personal)), "what is sealed is whole");
}

#[test]
fn an_empty_job_is_a_job() {
    assert_eq!(read(&json!({})), ServiceJob::default());
    assert_eq!(serde_json::to_value(ServiceJob::default()).unwrap(), json!({}));
}
