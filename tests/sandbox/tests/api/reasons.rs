//! Which reasons for cancelling and moving are taken where: all of Amazon's tables, code by code.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_sandbox::Rates;
use serde::Deserialize;
use serde_json::json;

use crate::planner::refused;
use crate::seller::{Answer, Seller, Visit};

/// Of one kind of service in one marketplace, with blanks between.
#[derive(Deserialize)]
struct Taken {
    reschedule: String,
    cancel: String,
}

/// By marketplace and service type. The browser stories hold the phone to the same lists.
fn tables() -> BTreeMap<String, BTreeMap<String, Taken>> {
    serde_json::from_str(include_str!("../../../web/reasons.json")).unwrap()
}

fn split(codes: &str) -> BTreeSet<String> {
    codes.split_whitespace().map(String::from).collect()
}

async fn relist(seller: &Seller, visit: &Visit, marketplace: &str, service_type: &str) {
    let change = json!({
        "kind": "relist",
        "serviceJobId": visit.job,
        "marketplaceId": marketplace,
        "serviceType": service_type,
    });
    assert_eq!(seller.control("changes", &change).await.status, 200);
}

fn is_taken(answer: &Answer) -> bool {
    if answer.status != 200 {
        refused(answer, "reason code");
    }
    answer.status == 200
}

#[tokio::test]
async fn each_marketplace_and_kind_of_service_takes_its_own_reasons_and_no_other() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let (visit, time) = (seller.visit(), json!({ "startTime": "2026-03-05T15:00:00Z" }));
    let tables = tables();
    let every = |of: fn(&Taken) -> &str| -> BTreeSet<String> {
        tables.values().flat_map(BTreeMap::values).flat_map(|taken| split(of(taken))).collect()
    };
    let (moves, ends) = (every(|taken| &taken.reschedule), every(|taken| &taken.cancel));
    for (marketplace, kinds) in &tables {
        for (service_type, taken) in kinds {
            relist(&seller, &visit, marketplace, service_type).await;
            let job = seller.sandbox.job(&visit.job).unwrap();
            let (mut moved, mut ended) = (BTreeSet::new(), BTreeSet::new());
            for code in &moves {
                if is_taken(&seller.reschedule(&visit, &time, code).await) {
                    moved.insert(code.clone());
                    seller.sandbox.put_job(job.clone());
                }
            }
            for code in &ends {
                if is_taken(&seller.cancel(&visit.job, code).await) {
                    ended.insert(code.clone());
                    seller.sandbox.put_job(job.clone());
                }
            }
            assert_eq!(moved, split(&taken.reschedule), "{marketplace} {service_type}");
            assert_eq!(ended, split(&taken.cancel), "{marketplace} {service_type}");
        }
    }
}

#[tokio::test]
async fn a_marketplace_without_a_table_takes_every_reason_there_is() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    relist(&seller, &visit, "A1RKKUPIHCS9HS", "standard").await;
    assert!(!is_taken(
        &seller.reschedule(&visit, &json!({ "startTime": "2026-03-05T15:00:00Z" }), "R1").await
    ));
    assert!(!is_taken(&seller.cancel(&visit.job, "INV1").await));
    assert!(is_taken(&seller.cancel(&visit.job, "S28").await));
}
