//! Reading a service job as Amazon sent it, into what a technician sees.

use anyhow::anyhow;
use doorstep_core::{
    job::{Address, Arrival, ArrivalState, Buyer, Item, Window},
    pii::Pii,
};
use doorstep_spapi::{
    ServiceJob,
    job::{AssociatedItem, ItemDelivery, ItemStatus},
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
