//! The operations beside those of a closeout through their typed methods, and their values through a round trip.

use doorstep_spapi::{
    AddAppointment, AppointmentSlotReport, AppointmentTimeInput, AssignAppointmentResources,
    AvailabilityRecord, CapacityType, DayOfWeek, Effect, FixedSlotCapacity, FixedSlotCapacityQuery,
    NewReservation, Other, RangeSlotCapacity, RangeSlotCapacityQuery, Recurrence, RescheduleAppointment,
    ReservationRecord, ReservationRequest, ReservationType, ResourceId, SchedulingType, SlotWindow,
    UpdateSchedule, UpdateScheduleRecord, Verdict, time,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::fake::{Fake, reply};

fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
    time::parse(text).unwrap()
}

fn record() -> AvailabilityRecord {
    AvailabilityRecord {
        start_time: at("2026-03-05T08:00:00Z"),
        end_time: at("2026-03-05T16:00:00Z"),
        recurrence: Some(Recurrence {
            end_time: at("2026-04-05T16:00:00Z"),
            days_of_week: Some(vec![DayOfWeek::Monday, DayOfWeek::Sunday]),
            days_of_month: None,
            other: Other::default(),
        }),
        capacity: Some(2),
        other: Other::default(),
    }
}

fn reservation() -> ReservationRequest {
    let availability = AvailabilityRecord { recurrence: None, capacity: None, ..record() };
    ReservationRequest {
        resource_id: "R1".into(),
        reservation: NewReservation { reservation_id: None, kind: ReservationType::Travel, availability },
    }
}

fn body(fake: &Fake) -> Value {
    serde_json::from_slice(&fake.asked()[0].body).unwrap()
}

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) {
    let typed: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(&serde_json::to_value(&typed).unwrap(), value);
}

#[tokio::test]
async fn an_appointment_is_made_and_moved() {
    let appointment_time =
        AppointmentTimeInput { start_time: at("2026-03-05T10:00:00Z"), duration_in_minutes: Some(60) };
    let answer = r#"{"appointmentId":"J1_1","warnings":[{"code":"W","message":"m"}]}"#;
    let (fake, client) = Fake::answering(reply(200, answer)).await;
    let wish = AddAppointment { appointment_time: appointment_time.clone() };
    let made = client.add_appointment(&"J1".into(), &wish).await.unwrap();
    assert_eq!((made.value.appointment_id.as_str(), made.warnings[0].code.as_str()), ("J1_1", "W"));
    let time = json!({ "startTime": "2026-03-05T10:00:00Z", "durationInMinutes": 60 });
    assert_eq!(body(&fake), json!({ "appointmentTime": time }));

    let (fake, client) = Fake::answering(reply(200, answer)).await;
    let wish = RescheduleAppointment { appointment_time, reschedule_reason_code: "R1".into() };
    client.reschedule_appointment(&"J1".into(), &"J1_0".into(), &wish).await.unwrap();
    assert_eq!(body(&fake), json!({ "appointmentTime": time, "rescheduleReasonCode": "R1" }));
    assert_eq!(fake.asked()[0].path, "/service/v1/serviceJobs/J1/appointments/J1_0");
}

#[tokio::test]
async fn an_appointment_without_its_id_has_to_be_read_back() {
    for text in ["{}", "", r#"{"warnings":[]}"#, r#"{"appointmentId":7}"#] {
        let (_fake, client) = Fake::answering(reply(200, text)).await;
        let appointment_time =
            AppointmentTimeInput { start_time: at("2026-03-05T10:00:00Z"), duration_in_minutes: None };
        let error =
            client.add_appointment(&"J1".into(), &AddAppointment { appointment_time }).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (Verdict::ReadBack, Effect::Unknown), "{text}");
    }
}

#[tokio::test]
async fn resources_are_assigned() {
    let (fake, client) =
        Fake::answering(reply(200, r#"{"payload":{"warnings":[{"code":"RESOURCES_OVERBOOKED"}]}}"#)).await;
    let resources = AssignAppointmentResources { resources: vec![ResourceId::from("R1").into()] };
    let answer = client.assign_appointment_resources(&"J1".into(), &"A1".into(), &resources).await.unwrap();
    assert_eq!(answer.warnings[0].code, "RESOURCES_OVERBOOKED");
    assert_eq!(body(&fake), json!({ "resources": [{ "resourceId": "R1" }] }));
}

#[tokio::test]
async fn slots_are_looked_for_by_service_and_by_job() {
    let answer =
        r#"{"payload":{"schedulingType":"REAL_TIME_SCHEDULING","appointmentSlots":[{"capacity":"3"}]}}"#;
    let window = SlotWindow {
        start_time: Some(at("2026-03-05T08:00:00Z")),
        end_time: Some(at("2026-03-06T08:00:00.25Z")),
    };
    let (fake, client) = Fake::answering(reply(200, answer)).await;
    fake.push(reply(200, answer));
    let found =
        client.get_appointment_slots("B000000001", &"s1".into(), &"M1".into(), window).await.unwrap().value;
    assert_eq!(found.scheduling_type, Some(SchedulingType::RealTimeScheduling));
    assert_eq!(found.appointment_slots[0].capacity, Some(3));
    client.get_appointment_slots_by_job(&"J1".into(), &"M1".into(), window).await.unwrap();
    let asked = fake.asked();
    let times = "marketplaceIds=M1&startTime=2026-03-05T08%3A00%3A00Z&endTime=2026-03-06T08%3A00%3A00.250Z";
    assert_eq!(asked[0].query, format!("asin=B000000001&storeId=s1&{times}"));
    assert_eq!(
        (asked[1].path.as_str(), asked[1].query.as_str()),
        ("/service/v1/serviceJobs/J1/appointmentSlots", times)
    );
}

#[tokio::test]
async fn capacity_comes_in_pages_of_spans_or_slots() {
    let (start, end) = (at("2026-03-05T08:00:00Z"), at("2026-03-06T08:00:00Z"));
    let types = Some(vec![CapacityType::Available]);
    let (fake, client) =
        Fake::answering(reply(200, r#"{"resourceId":"R1","nextPageToken":"a%3D","capacities":[]}"#)).await;
    let query =
        RangeSlotCapacityQuery { capacity_types: types.clone(), start_date_time: start, end_date_time: end };
    let page = client.get_range_slot_capacity(&"R1".into(), &"M1".into(), &query, None).await.unwrap().value;
    assert_eq!(page.next_page_token.as_deref(), Some("a%3D"));
    let span = json!({
        "capacityTypes": ["AVAILABLE_CAPACITY"],
        "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-06T08:00:00Z"
    });
    assert_eq!(body(&fake), span);

    let (fake, client) =
        Fake::answering(reply(200, r#"{"slotDuration":30.0,"capacities":[{"availableCapacity":1}]}"#)).await;
    let query = FixedSlotCapacityQuery {
        capacity_types: types,
        slot_duration: Some(30),
        start_date_time: start,
        end_date_time: end,
    };
    let page =
        client.get_fixed_slot_capacity(&"R1".into(), &"M1".into(), &query, Some("a%3D")).await.unwrap().value;
    assert_eq!((page.slot_duration, page.capacities[0].available_capacity), (Some(30), Some(1)));
    assert_eq!(fake.asked()[0].query, "marketplaceIds=M1&nextPageToken=a%253D");

    // A read that fails has changed nothing, although it is a POST.
    let (_fake, client) = Fake::answering(reply(503, "")).await;
    let error = client.get_fixed_slot_capacity(&"R1".into(), &"M1".into(), &query, None).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::None));
}

#[tokio::test]
async fn a_schedule_is_set_and_says_which_records_are_odd() {
    let schedule = UpdateSchedule { schedules: vec![record()] };
    for nothing in ["{}", "", r#"{"payload":[]}"#, r#"{"payload":{}}"#] {
        let (fake, client) = Fake::answering(reply(200, nothing)).await;
        let odd = client.update_schedule(&"R1".into(), &"M1".into(), &schedule).await.unwrap().value;
        assert_eq!(odd, [], "{nothing}");
        let expected = json!({ "schedules": [{
            "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T16:00:00Z", "capacity": 2,
            "recurrence": { "endTime": "2026-04-05T16:00:00Z", "daysOfWeek": ["MONDAY", "SUNDAY"] }
        }] });
        assert_eq!(body(&fake), expected);
    }
    let answer = json!({ "payload": [{
        "availability": { "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T16:00:00Z" },
        "warnings": [{ "code": "ScheduleOverride", "message": "m" }]
    }] });
    let (_fake, client) = Fake::answering(reply(200, &answer.to_string())).await;
    let answer = client.update_schedule(&"R1".into(), &"M1".into(), &schedule).await.unwrap();
    assert_eq!(answer.value[0].warnings[0].code.as_deref(), Some("ScheduleOverride"));
    assert_eq!(answer.warnings[0].code, "ScheduleOverride");
}

#[tokio::test]
async fn a_reservation_is_made_changed_and_cancelled() {
    let answer = r#"{"payload":{"reservation":{"reservationId":"457"}}}"#;
    let (fake, client) = Fake::answering(reply(200, answer)).await;
    fake.push(reply(200, answer));
    fake.push(reply(204, ""));
    let made = client.create_reservation(&"M1".into(), &reservation()).await.unwrap().value;
    assert_eq!(made.reservation.unwrap().reservation_id, Some("457".into()));
    client.update_reservation(&"457".into(), &"M1".into(), &reservation()).await.unwrap();
    client.cancel_reservation(&"457".into(), &"M1".into()).await.unwrap();
    let expected = json!({ "resourceId": "R1", "reservation": { "type": "TRAVEL", "availability": {
        "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T16:00:00Z"
    } } });
    assert_eq!(body(&fake), expected);
    let lines: Vec<_> =
        fake.asked().iter().map(|asked| format!("{} {}?{}", asked.method, asked.path, asked.query)).collect();
    let expected = [
        "POST /service/v1/reservation?marketplaceIds=M1",
        "PUT /service/v1/reservation/457?marketplaceIds=M1",
        "DELETE /service/v1/reservation/457?marketplaceIds=M1",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn what_the_schema_does_not_allow_in_a_body_is_named_by_its_path() {
    let fake = Fake::start().await;
    let client = fake.client();
    let schedule = |record| UpdateSchedule { schedules: vec![record] };
    let odd = |days_of_month| {
        let recurrence = Recurrence { days_of_month: Some(days_of_month), ..record().recurrence.unwrap() };
        schedule(AvailabilityRecord { recurrence: Some(recurrence), ..record() })
    };
    for (schedule, field) in [
        (schedule(AvailabilityRecord { capacity: Some(0), ..record() }), "schedules[0].capacity"),
        (odd(vec![1, 32]), "schedules[0].recurrence.daysOfMonth[1]"),
        (odd(vec![0]), "schedules[0].recurrence.daysOfMonth[0]"),
    ] {
        let error = client.update_schedule(&"R1".into(), &"M1".into(), &schedule).await.unwrap_err();
        assert_eq!(error.not_allowed().unwrap().0, field);
    }
    let mut wish = reservation();
    wish.reservation.kind = ReservationType::Other("Time-off".into());
    let error = client.create_reservation(&"M1".into(), &wish).await.unwrap_err();
    assert_eq!(error.not_allowed().unwrap().0, "reservation.type");
    assert!(fake.asked().is_empty() && fake.logins().is_empty());
}

#[test]
fn what_is_new_at_amazon_survives_a_round_trip() {
    let availability = json!({
        "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T16:00:00.123456Z", "capacity": 3, "note": { "a": [1] },
        "recurrence": { "endTime": "2026-04-05T16:00:00Z", "daysOfWeek": ["SOMEDAY"], "daysOfMonth": [31], "every": 2 }
    });
    let remark = json!({ "code": "C", "message": "m", "details": "", "errorLevel": "HINT", "link": "l" });
    round_trip::<UpdateScheduleRecord>(
        &json!({ "availability": availability, "warnings": [remark], "errors": [remark], "new": 1 }),
    );
    let reservation =
        json!({ "reservationId": "1", "type": "NAP", "availability": availability, "new": null });
    round_trip::<ReservationRecord>(&json!({ "reservation": reservation, "new": [1.5] }));
    round_trip::<AppointmentSlotReport>(&json!({
        "schedulingType": "GUESSED", "startTime": "2026-03-05T08:00:00Z", "new": true,
        "appointmentSlots": [{ "startTime": "2026-03-05T08:00:00Z", "capacity": 0, "new": {} }]
    }));
    round_trip::<RangeSlotCapacity>(&json!({
        "resourceId": "R1", "nextPageToken": "n", "new": 1,
        "capacities": [{ "capacityType": "LOST_CAPACITY", "new": 1, "slots": [{
            "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-05T09:00:00Z", "capacity": -1, "new": 1
        }] }]
    }));
    round_trip::<FixedSlotCapacity>(&json!({
        "resourceId": "R1", "slotDuration": 30, "nextPageToken": "n", "new": 1, "capacities": [{
            "startDateTime": "2026-03-05T08:00:00Z", "scheduledCapacity": 4, "availableCapacity": 1,
            "encumberedCapacity": 2, "reservedCapacity": 1, "new": 1
        }]
    }));
}
