use doorstep_sandbox::{Rates, ReservationKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::planner::{US, reservation};
use crate::seller::{Answer, Seller};

const TEN: &str = "2026-03-05T10:00:00.00-07";
const ELEVEN: &str = "2026-03-05T11:00:00.00-07";

fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["payload"]["reservation"]["reservationId"].as_str().unwrap().to_owned()
}

async fn update(seller: &Seller, id: &str, body: &Value) -> Answer {
    seller.send(Method::PUT, &format!("/service/v1/reservation/{id}?{US}"), body).await
}

async fn cancel(seller: &Seller, id: &str) -> Answer {
    Answer::of(seller.request(Method::DELETE, &format!("/service/v1/reservation/{id}?{US}"))).await
}

#[tokio::test]
async fn a_reservation_is_answered_with_its_id_and_what_was_kept() {
    let seller = Seller::new().await;
    let answer = seller.reserve("RESA1", "BREAK", TEN, ELEVEN).await;
    let kept = &answer.body["payload"]["reservation"];
    assert_eq!(kept["type"], "BREAK");
    assert_eq!(kept["availability"]["startTime"], "2026-03-05T10:00:00.000-07:00");
    assert!(kept["availability"]["endTime"].is_string());
    let made = seller.sandbox.reservations();
    assert_eq!((made.len(), made[0].kind), (1, ReservationKind::Break));
    assert_eq!((made[0].resource_id.as_str(), &made[0].reservation_id), ("RESA1", &id(&answer)));
}

#[tokio::test]
async fn a_reservation_may_recur() {
    let seller = Seller::new().await;
    let mut body = reservation("RESA1", "BREAK", "2026-03-05T12:00:00Z", "2026-03-05T12:30:00Z");
    body["reservation"]["availability"]["recurrence"] =
        json!({ "endTime": "2026-03-20T00:00:00Z", "daysOfWeek": ["THURSDAY"] });
    id(&seller.send(Method::POST, &format!("/service/v1/reservation?{US}"), &body).await);
    let found =
        seller.ranges("RESA1", "RESERVED_CAPACITY", "2026-03-05T00:00:00Z", "2026-03-31T00:00:00Z").await;
    let ends: Vec<&str> = found.iter().filter(|(_, many)| *many == 1).map(|(end, _)| end.as_str()).collect();
    assert_eq!(ends, ["2026-03-05T12:30:00Z", "2026-03-12T12:30:00Z", "2026-03-19T12:30:00Z"]);
}

#[tokio::test]
async fn an_updated_reservation_has_a_new_id_and_the_old_one_is_dead() {
    let seller = Seller::new().await;
    let first = id(&seller.reserve("RESA1", "BREAK", TEN, ELEVEN).await);
    let changed = reservation("RESB2", "TRAVEL", TEN, ELEVEN);
    let second = id(&update(&seller, &first, &changed).await);
    assert_ne!(first, second);
    let made = seller.sandbox.reservations();
    assert_eq!((made.len(), made[0].kind), (1, ReservationKind::Travel));
    assert_eq!((made[0].resource_id.as_str(), &made[0].reservation_id), ("RESB2", &second));
    assert_eq!(update(&seller, &first, &changed).await.status, 404);
    assert_eq!(cancel(&seller, &first).await.status, 404);

    let mut named = changed.clone();
    named["reservation"]["reservationId"] = json!(second);
    let third = id(&seller.send(Method::POST, &format!("/service/v1/reservation?{US}"), &named).await);
    assert_ne!(second, third, "a creation that names an id is an update");
    assert_eq!(seller.sandbox.reservations().len(), 1);
    let again = seller.send(Method::POST, &format!("/service/v1/reservation?{US}"), &named).await;
    assert_eq!((again.status, &again.body["payload"]["errors"][0]["code"]), (200, &json!("InvalidInput")));
}

#[tokio::test]
async fn a_cancelled_reservation_gives_its_time_back_with_an_empty_204() {
    let seller = Seller::new().await;
    let made = id(&seller.reserve("RESA1", "VACATION", TEN, ELEVEN).await);
    let answer = cancel(&seller, &made).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert!(seller.sandbox.reservations().is_empty());
    let gone = cancel(&seller, &made).await;
    assert_eq!((gone.error().0, gone.error().1), (404, "InvalidInput"));
    let impossible = cancel(&seller, "not-a-reservation").await;
    assert_eq!((impossible.error().0, impossible.error().1), (400, "InvalidInput"));
    assert!(impossible.error().2.contains("[reservationId]"));
    let nowhere =
        Answer::of(seller.request(Method::DELETE, &format!("/service/v1/reservation/{made}"))).await;
    assert_eq!(nowhere.error().0, 400);
}

#[tokio::test]
async fn an_appointment_takes_as_long_as_amazon_says_and_encumbers() {
    let seller = Seller::new().await;
    let answer = seller.reserve("RESA1", "APPOINTMENT", "2026-03-05T10:00:00Z", "2026-03-05T10:05:00Z").await;
    // The first offering of the store takes 90 minutes.
    assert_eq!(answer.body["payload"]["reservation"]["availability"]["endTime"], "2026-03-05T11:30:00.000Z");
    for (kind, level) in [("ENCUMBERED_CAPACITY", 1), ("RESERVED_CAPACITY", 0), ("AVAILABLE_CAPACITY", 0)] {
        let found = seller.ranges("RESA1", kind, "2026-03-05T10:00:00Z", "2026-03-05T11:30:00Z").await;
        assert_eq!(found, [("2026-03-05T11:30:00Z".to_owned(), level)], "{kind}");
    }
}

#[tokio::test]
async fn an_unknown_resource_is_an_error_under_200_for_both() {
    let seller = Seller::new().await;
    let made = id(&seller.reserve("RESA1", "BREAK", TEN, ELEVEN).await);
    let unknown = reservation("nobody", "BREAK", TEN, ELEVEN);
    for answer in
        [seller.reserve("nobody", "BREAK", TEN, ELEVEN).await, update(&seller, &made, &unknown).await]
    {
        assert_eq!((answer.error().0, answer.error().1), (200, "InvalidInput"));
        assert!(answer.error().2.contains("[resourceId]"));
    }
    assert_eq!(seller.sandbox.effects("createReservation"), 1);
    assert_eq!(seller.sandbox.effects("updateReservation"), 0);
}

#[tokio::test]
async fn a_time_that_cannot_be_is_an_error_beside_the_reservation() {
    let seller = Seller::new().await;
    for (start, end, part) in [(TEN, TEN, "after"), (ELEVEN, TEN, "after"), ("soon", TEN, "ISO")] {
        let answer = seller.reserve("RESA1", "BREAK", start, end).await;
        assert_eq!(answer.status, 200);
        let payload = &answer.body["payload"];
        assert_eq!(payload["reservation"]["availability"]["startTime"], start, "as it was sent");
        assert_eq!(payload["errors"][0]["code"], "InvalidInput");
        assert!(payload["errors"][0]["message"].as_str().unwrap().contains(part));
    }
    assert!(seller.sandbox.reservations().is_empty());
    assert_eq!(seller.sandbox.effects("createReservation"), 0);
}

#[tokio::test]
async fn a_reservation_that_is_not_one_is_400() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let made = id(&seller.reserve("RESA1", "BREAK", TEN, ELEVEN).await);
    let good = reservation("RESA1", "BREAK", TEN, ELEVEN);
    let with = |place: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(place).unwrap() = value;
        body
    };
    for (body, name) in [
        (with("/resourceId", Value::Null), "resourceId"),
        (with("/reservation", Value::Null), "reservation"),
        (with("/reservation/type", json!("Time-off")), "type"),
        (with("/reservation/availability", Value::Null), "availability"),
        (with("/reservation/availability/endTime", Value::Null), "endTime"),
        (json!({}), "resourceId, reservation, type, availability"),
    ] {
        let path = format!("/service/v1/reservation?{US}");
        for answer in [seller.post(&path, &body).await, update(&seller, &made, &body).await] {
            assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{body}");
            assert!(answer.error().2.contains(name), "{body}: {}", answer.text);
        }
    }
    let nowhere = seller.post("/service/v1/reservation", &good).await;
    assert!(nowhere.error().2.contains("[marketplaceIds]"));
}
