//! Reading a service job as Amazon sent it, into what a technician sees.

use anyhow::anyhow;
use doorstep_core::{
    job::{Address, Buyer, Item},
    pii::Pii,
};
use doorstep_spapi::ServiceJob;

/// What only the sealed job tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub skills: Vec<String>,
    pub buyer: Option<Buyer>,
    pub address: Option<Address>,
    pub items: Vec<Item>,
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
    }
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

fn item(item: &doorstep_spapi::job::AssociatedItem) -> Item {
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
