//! What the office knows of phones.

use super::{
    closeout::{Person, get, post_json, sign_in},
    engines::{DAY, HOUR, MORNING, on_both_engines},
};
use axum::Router;
use doorstep_core::{
    api::{LostStore, Phone, PhoneHealth, PhoneWorry, Phones, Role},
    id::DeviceId,
    time::Timestamp,
};
use doorstep_server::http;

pub(crate) fn healthy(clock: Timestamp) -> PhoneHealth {
    PhoneHealth {
        model: "Android phone".to_owned(),
        version: "abc".to_owned(),
        used_bytes: Some(2_000_000),
        quota_bytes: Some(900_000_000),
        kept: Some(true),
        changes_unsent: 0,
        photos_unsent: 0,
        oldest_unsent_ms: None,
        locked: false,
        clock,
        lost: None,
    }
}

async fn tell(router: &Router, person: &Person, health: &PhoneHealth) {
    let answer = post_json(router, person, "/api/device/health", health).await;
    assert_eq!(answer.status, 204);
}

pub(crate) async fn phones(router: &Router, person: &Person) -> Vec<Phone> {
    let answer = get(router, person, "/api/devices").await;
    serde_json::from_slice::<Phones>(&answer.body).unwrap().phones
}

#[tokio::test]
async fn the_office_sees_what_waits_on_a_phone_and_for_how_long() {
    on_both_engines(async |ground| {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let sam = sign_in(&ground, "Sam Sample", Role::Administrator, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let before = phones(&router, &lee).await;
        assert_eq!((before.len(), before[0].device, &before[0].told), (1, robin.device, &None));

        let waits = PhoneHealth {
            changes_unsent: 3,
            photos_unsent: 2,
            oldest_unsent_ms: Some(HOUR as u64),
            clock: MORNING.plus_ms(5000),
            ..healthy(MORNING)
        };
        tell(&router, &robin, &waits).await;
        let phone = phones(&router, &sam).await.remove(0);
        assert_eq!((phone.technician.as_str(), phone.last_contact), ("Robin Sample", MORNING));
        let told = phone.told.unwrap();
        assert_eq!((told.changes_unsent, told.photos_unsent, told.clock_ahead_ms), (3, 2, 5000));
        assert_eq!((told.oldest_unsent, phone.worries), (Some(MORNING.plus_ms(-HOUR)), vec![]));

        ground.clock.advance_ms(2 * DAY - HOUR);
        let worries = phones(&router, &lee).await.remove(0).worries;
        assert_eq!(worries, [PhoneWorry::UnsentTooLong, PhoneWorry::Silent]);
        // The day and the exchange are contacts too, though they tell nothing of what waits.
        assert_eq!(get(&router, &robin, "/api/day").await.status, 200);
        let phone = phones(&router, &lee).await.remove(0);
        assert_eq!(
            (phone.last_contact, phone.worries),
            (ground.app.clock.now(), vec![PhoneWorry::UnsentTooLong])
        );
        tell(&router, &robin, &healthy(ground.app.clock.now())).await;
        assert_eq!(phones(&router, &lee).await.remove(0).worries, []);
    })
    .await;
}

#[tokio::test]
async fn a_store_that_vanished_is_kept_with_the_phone_it_was_on_and_once() {
    on_both_engines(async |ground| {
        let robin = sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
        let kim = sign_in(&ground, "Kim Sample", Role::Technician, &["T2"], &[]).await;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let lost = |device, photos_unsent| PhoneHealth {
            lost: Some(LostStore { device, changes_unsent: 1, photos_unsent, seen_ms_ago: 1000 }),
            ..healthy(MORNING)
        };
        tell(&router, &kim, &lost(robin.device, 2)).await;
        ground.clock.advance_ms(HOUR);
        tell(&router, &kim, &lost(robin.device, 9)).await;
        tell(&router, &kim, &lost(DeviceId::from_bytes([9; 16]), 9)).await;
        let of = |phones: Vec<Phone>, who: &Person| {
            phones.into_iter().find(|one| one.device == who.device).unwrap()
        };
        let phone = of(phones(&router, &lee).await, &robin);
        let known = phone.lost.unwrap();
        assert_eq!((known.photos_unsent, known.at, known.seen), (2, MORNING, MORNING.plus_ms(-1000)));
        assert_eq!(phone.worries, [PhoneWorry::StoreLost]);
        assert_eq!(of(phones(&router, &lee).await, &kim).lost, None);
    })
    .await;
}
