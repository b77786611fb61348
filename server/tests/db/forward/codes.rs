//! The reason codes that the core takes are those that Amazon takes: each code, each marketplace, each kind of service.

use super::*;
use doorstep_core::{
    job::ServiceType,
    reason::{self, ReasonCode, Wish},
};
use doorstep_spapi::{AppointmentTimeInput, RescheduleAppointment, ServiceJobId};

const MARKETPLACES: [&str; 6] = [
    "ATVPDKIKX0DER",
    "A21TJRUUN4KGV",
    "A1F83G8C2ARO7P",
    "A1PA6795UKMFR9",
    "A2VIGQ35RCS4UG",
    "A1VC38T7YXB528",
];

fn every_code() -> Vec<ReasonCode> {
    let names = ["S", "RS", "DRS", "SRS"]
        .into_iter()
        .flat_map(|series| (1..100).map(move |n| format!("{series}{n}")));
    names.filter_map(|name| ReasonCode::named(&name)).collect()
}

#[tokio::test]
async fn a_code_is_offered_exactly_where_amazon_takes_it() {
    let scene = Scene::before_closing(Ground::on_sqlite(|_| ()).await).await;
    let amazon = &scene.worker.amazon;
    let template = scene.sandbox.job(&scene.service_job).unwrap();
    let codes = every_code();
    assert_eq!(codes.len(), 54);
    // On the quarter of an hour, as slots are.
    let later = scene.ground.clock.now().plus_ms(48 * HOUR);
    let later = later.plus_ms(-later.0.rem_euclid(900_000)).to_utc();
    let kinds = [
        (ServiceType::Standard, "standard"),
        (ServiceType::HeavyBulk, "heavybulky"),
        (ServiceType::Recurring, "recurring"),
    ];
    for marketplace in MARKETPLACES {
        for (kind, word) in kinds {
            for code in &codes {
                for wish in [Wish::Cancel, Wish::Reschedule] {
                    // The client keeps Amazon's rates.
                    scene.ground.clock.advance_ms(1_000);
                    let mut job = template.clone();
                    job.facts.insert("marketplaceId".to_owned(), marketplace.into());
                    job.facts.insert("serviceType".to_owned(), word.into());
                    let visit = job.appointments[0].appointment_id.as_str().into();
                    scene.sandbox.put_job(job);
                    let id = ServiceJobId::new(scene.service_job.as_str());
                    let taken = match wish {
                        Wish::Cancel => amazon.cancel_service_job(&id, code.as_str()).await.is_ok(),
                        Wish::Reschedule => {
                            let to = RescheduleAppointment {
                                appointment_time: AppointmentTimeInput {
                                    start_time: later,
                                    duration_in_minutes: None,
                                },
                                reschedule_reason_code: code.as_str().to_owned(),
                            };
                            amazon.reschedule_appointment(&id, &visit, &to).await.is_ok()
                        }
                    };
                    let offered = reason::valid(marketplace, kind, wish).contains(code);
                    assert_eq!(taken, offered, "{marketplace} {word} {wish:?} {}", code.as_str());
                }
            }
        }
    }
}
