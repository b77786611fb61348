//! Reading a service job as Amazon sent it, into what a technician sees.

use anyhow::anyhow;
use doorstep_core::{
    job::{Address, Arrival, ArrivalState, Asset, Buyer, Item, LocationType, ServiceType, Window},
    pii::Pii,
};
use doorstep_spapi::{
    ServiceJob,
    job::{AssociatedItem, ItemDelivery, ItemStatus, LinkedAsset, ServiceLocationType},
};

/// What only the sealed job tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub skills: Vec<String>,
    pub buyer: Option<Buyer>,
    pub address: Option<Address>,
    pub items: Vec<Item>,
    pub arrival: Option<Arrival>,
    /// When the buyer would like it done, best first.
    pub preferred: Vec<Window>,
    /// Of the service.
    pub asin: Option<String>,
    pub store: Option<String>,
    /// Amazon's own word, where it sends one that is known here.
    pub service_type: Option<ServiceType>,
    pub location: LocationType,
    pub assets: Vec<Asset>,
}

/// Reads the JSON that intake sealed.
///
/// # Errors
/// It is not a job. The error names the field alone: serde's words would quote a value.
pub fn read(json: &[u8]) -> anyhow::Result<ServiceJob> {
    let mut json = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|refusal| anyhow!("the sealed job cannot be read at {}", refusal.path()))
}

pub fn facts(job: &ServiceJob) -> Facts {
    let address = job.service_location.as_ref().and_then(|location| location.address.as_ref());
    Facts {
        skills: job.scope_of_work.as_ref().map_or_else(Vec::new, |scope| scope.required_skills.clone()),
        buyer: buyer(job.buyer.as_ref(), address),
        address: address.map(place),
        items: job.associated_items.iter().map(item).collect(),
        arrival: arrival(&job.associated_items),
        preferred: job
            .preferred_appointment_times
            .iter()
            .map(|time| Window { start: time.start_time.into(), end: time.end_time().into() })
            .collect(),
        asin: job.scope_of_work.as_ref().and_then(|scope| scope.asin.clone()),
        store: job.store_id.as_ref().map(|store| store.as_str().to_owned()),
        service_type: job.other.fields().get("serviceType").and_then(|word| service_type(word.as_str()?)),
        location: match job.service_location.as_ref().and_then(|place| place.service_location_type.as_ref()) {
            Some(ServiceLocationType::InStore) => LocationType::InStore,
            Some(ServiceLocationType::Online) => LocationType::Online,
            // Somebody who is sent somewhere needs the way: what is not known counts as a visit.
            Some(ServiceLocationType::InHome | ServiceLocationType::Other(_)) | None => LocationType::InHome,
        },
        assets: job.associated_items.iter().flat_map(|item| &item.linked_assets).map(asset).collect(),
    }
}

/// `serviceType` is in Amazon's guide and not in its model; its spelling is not settled.
fn service_type(word: &str) -> Option<ServiceType> {
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    match letters.to_ascii_lowercase().as_str() {
        "standard" | "default" => Some(ServiceType::Standard),
        "heavybulk" | "heavybulky" | "heavyandbulky" => Some(ServiceType::HeavyBulk),
        "recurring" => Some(ServiceType::Recurring),
        _ => None,
    }
}

/// Its name first, then whatever else is known of it that can be said in a word.
fn asset(asset: &LinkedAsset) -> Asset {
    let name = asset.asset_name.as_ref().map(|name| ("assetName".to_owned(), name.expose().clone()));
    let attributes = asset.additional_attributes.as_ref().map(|attributes| attributes.expose());
    let attributes = attributes.into_iter().flatten().filter_map(|(key, value)| {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some((key.clone(), value))
    });
    Asset {
        kind: asset.asset_type.clone().unwrap_or_default(),
        facts: name.into_iter().chain(attributes).map(|(key, value)| (key, Pii::new(value))).collect(),
    }
}

/// Of all products that Amazon says anything about; the last of them counts.
fn arrival(items: &[AssociatedItem]) -> Option<Arrival> {
    let known: Vec<_> = items.iter().filter_map(|item| Some((item.item_status.as_ref()?, item))).collect();
    if known.is_empty() {
        return None;
    }
    let awaited = known.iter().filter(|(status, _)| **status != ItemStatus::Delivered);
    let expected = awaited.filter_map(|(_, item)| expected(item.item_delivery.as_ref()?));
    let state = if known.iter().any(|(status, _)| **status == ItemStatus::Cancelled) {
        ArrivalState::NotComing
    } else if known.iter().all(|(status, _)| **status == ItemStatus::Delivered) {
        ArrivalState::Delivered
    } else {
        ArrivalState::Awaited
    };
    Some(Arrival { state, expected: expected.max_by_key(|window| (window.end, window.start)) })
}

/// What was promised to the buyer, or the day that Amazon expects.
fn expected(delivery: &ItemDelivery) -> Option<Window> {
    let promise = delivery.item_delivery_promise.as_ref();
    let promised =
        promise.and_then(|promise| Some((promise.start_time.or(promise.end_time)?, promise.end_time?)));
    let (start, end) = promised.or_else(|| delivery.estimated_delivery_date.map(|day| (day, day)))?;
    Some(Window { start: start.into(), end: end.into() })
}

/// The person at the address opens the door where the buyer has no name or phone of their own.
fn buyer(
    buyer: Option<&doorstep_spapi::job::Buyer>,
    address: Option<&doorstep_spapi::job::Address>,
) -> Option<Buyer> {
    let name =
        text(buyer.and_then(|b| b.name.as_ref())).or_else(|| text(address.and_then(|a| a.name.as_ref())));
    let phone =
        text(buyer.and_then(|b| b.phone.as_ref())).or_else(|| text(address.and_then(|a| a.phone.as_ref())));
    (name.is_some() || phone.is_some()).then(|| Buyer { name: name.unwrap_or_default(), phone })
}

fn place(address: &doorstep_spapi::job::Address) -> Address {
    let lines = [&address.address_line1, &address.address_line2, &address.address_line3];
    Address {
        lines: lines.into_iter().filter_map(|line| text(line.as_ref())).collect(),
        city: text(address.city.as_ref()),
        state_or_region: text(address.state_or_region.as_ref()),
        postal_code: text(address.postal_code.as_ref()),
        country_code: address
            .country_code
            .as_ref()
            .map(|code| code.expose().clone())
            .filter(|code| !code.is_empty()),
    }
}

fn item(item: &AssociatedItem) -> Item {
    Item {
        title: item.title.clone().unwrap_or_default(),
        quantity: item.quantity.map_or(1, |quantity| u32::try_from(quantity).unwrap_or(u32::MAX)),
        status: item.item_status.as_ref().map(|status| status.as_str().to_owned()),
    }
}

/// From the client's wrapper to the core's; what is empty is absent.
fn text(value: Option<&doorstep_spapi::Pii<String>>) -> Option<Pii<String>> {
    value
        .map(|value| value.expose().trim())
        .filter(|text| !text.is_empty())
        .map(|text| Pii::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn arrival_of(items: Value) -> Option<(ArrivalState, Option<i64>)> {
        let job = read(json!({ "associatedItems": items }).to_string().as_bytes()).unwrap();
        facts(&job).arrival.map(|arrival| (arrival.state, arrival.expected.map(|window| window.end.0 / 1000)))
    }

    #[test]
    fn amazons_word_for_the_kind_of_service_is_taken_in_any_spelling_and_an_unknown_one_is_none() {
        let of = |word: &str| {
            facts(&read(json!({ "serviceType": word }).to_string().as_bytes()).unwrap()).service_type
        };
        assert_eq!(of("heavybulky"), Some(ServiceType::HeavyBulk));
        assert_eq!(of("Heavy-Bulk"), Some(ServiceType::HeavyBulk));
        assert_eq!(of("STANDARD"), Some(ServiceType::Standard));
        assert_eq!(of("recurring"), Some(ServiceType::Recurring));
        assert_eq!(of("plainly unknown"), None);
    }

    #[test]
    fn what_the_product_goes_into_is_named_with_all_that_is_known_of_it() {
        let job = json!({
            "scopeOfWork": {"asin": "B0"}, "storeId": "S1",
            "serviceLocation": {"serviceLocationType": "IN_STORE"},
            "associatedItems": [{"linkedAssets": [{
                "assetType": "VEHICLE", "assetName": "Sample Motors One",
                "additionalAttributes": {"year": 2024, "more": {"of": "it"}},
            }]}],
        });
        let facts = facts(&read(job.to_string().as_bytes()).unwrap());
        assert_eq!((facts.asin.as_deref(), facts.store.as_deref()), (Some("B0"), Some("S1")));
        assert_eq!(facts.location, LocationType::InStore);
        let said = |(key, value): &(String, Pii<String>)| (key.clone(), value.expose().clone());
        let known: Vec<_> = facts.assets[0].facts.iter().map(said).collect();
        let text = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(facts.assets[0].kind, "VEHICLE");
        assert_eq!(known, [text("assetName", "Sample Motors One"), text("year", "2024")]);
        assert!(!format!("{facts:?}").contains("Motors"));
    }

    #[test]
    fn the_product_that_comes_last_counts() {
        let item = |status: &str, day: &str| json!({ "itemStatus": status, "itemDelivery": { "estimatedDeliveryDate": format!("{day}T00:00:00Z") } });
        assert_eq!(arrival_of(json!([])), None);
        assert_eq!(arrival_of(json!([{ "title": "Television" }])), None);
        let there = item("DELIVERED", "2026-03-01");
        assert_eq!(arrival_of(json!([there])), Some((ArrivalState::Delivered, None)));
        let (early, late) = (item("SHIPPED", "2026-03-05"), item("ACTIVE", "2026-03-07"));
        assert_eq!(
            arrival_of(json!([early, there, late])),
            Some((ArrivalState::Awaited, Some(1_772_841_600)))
        );
        let never = json!({ "itemStatus": "CANCELLED" });
        assert_eq!(arrival_of(json!([there, never])), Some((ArrivalState::NotComing, None)));
        let promised = json!([{ "itemStatus": "SHIPPED", "itemDelivery": { "itemDeliveryPromise": {
            "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T12:00:00Z" } } }]);
        assert_eq!(arrival_of(promised), Some((ArrivalState::Awaited, Some(1_772_712_000))));
    }
}
