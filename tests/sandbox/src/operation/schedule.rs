//! updateSchedule: the working hours of a resource, all of them in place of all that was.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::reschedule::warning;
use super::{Call, Refusal, Reply, availability};
use crate::schedule::Availability;
use crate::state::State;

pub(super) fn update(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let resource_id = call.id("resourceId")?;
    let Some(marketplace) = call.marketplace() else {
        return Err(Refusal::missing(&["marketplaceIds"]));
    };
    let body = call.json()?;
    let records = body["schedules"].as_array().filter(|records| !records.is_empty());
    let Some(records) = records else {
        // A schedule is replaced, it cannot be cleared.
        return Err(Refusal::missing(&["schedules"]));
    };
    if let Some(field) = records.iter().find_map(availability::misshapen) {
        return Err(Refusal::missing(&[field]));
    }
    let Some(resource) = state.resources.get_mut(resource_id) else {
        return Err(Refusal::within_ok("Invalid request parameters: [resourceId]"));
    };

    let read: Vec<_> = records.iter().map(|r| availability::read(r, shortest_slot(marketplace))).collect();
    let wrong: Vec<Value> = records
        .iter()
        .zip(&read)
        .filter_map(|(record, read)| {
            let errors = json!([{ "code": "InvalidInput", "message": read.as_ref().err()? }]);
            Some(json!({ "availability": record, "errors": errors }))
        })
        .collect();
    if !wrong.is_empty() {
        // One bad record and the whole schedule stays as it was.
        return Err(Refusal::within_ok("A record was refused").saying(json!({ "payload": wrong })));
    }
    let schedule: Vec<Availability> = read.into_iter().flatten().collect();
    let warned: Vec<Value> = records
        .iter()
        .enumerate()
        .filter(|(turn, _)| overrides(&schedule, *turn, &resource.schedule))
        .map(|(_, record)| {
            let words = "This record takes the place of another one at the same time";
            json!({ "availability": record, "warnings": warning("ScheduleOverride", words) })
        })
        .collect();
    resource.schedule = schedule;
    Ok(Reply::json(if warned.is_empty() { json!({}) } else { json!({ "payload": warned }) }))
}

/// Whether the record covers something else: an earlier one of the same list, or one of the schedule so far.
/// A record that says the same again changes nothing.
fn overrides(schedule: &[Availability], turn: usize, so_far: &[Availability]) -> bool {
    let Some(record) = schedule.get(turn) else { return false };
    let earlier = schedule.iter().take(turn);
    let known = so_far.contains(record);
    earlier.chain(so_far.iter().filter(|_| !known)).any(|other| other != record && other.overlaps(record))
}

/// By marketplace, as Amazon's guide has it for three of them.
fn shortest_slot(marketplace_id: &str) -> TimeDelta {
    match marketplace_id {
        "A1F83G8C2ARO7P" | "A1PA6795UKMFR9" => TimeDelta::minutes(30),
        _ => TimeDelta::minutes(5),
    }
}
