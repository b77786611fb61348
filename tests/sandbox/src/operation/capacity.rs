//! getRangeSlotCapacity and getFixedSlotCapacity: how much of a resource there is, in ranges or in slots.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Call, Refusal, Reply};
use crate::capacity::{self, Levels, Step};
use crate::instant;
use crate::schedule::Span;
use crate::state::State;

/// How much one page holds.
const PAGE: TimeDelta = TimeDelta::days(35);

/// The slots' length when nobody says.
const USUAL_MINUTES: u32 = 60;

/// One of the model's capacity types.
struct Kind {
    name: &'static str,
    /// As a slot of fixed size names it.
    field: &'static str,
    level: fn(Levels) -> u32,
    overall: Overall,
}

/// What a slot says in which the level changes.
enum Overall {
    /// What can be counted on.
    Least,
    /// The most that is taken.
    Most,
}

impl Kind {
    fn within(&self, steps: &[Step], slot: Span) -> u32 {
        match self.overall {
            Overall::Least => capacity::least(steps, slot, self.level),
            Overall::Most => capacity::most(steps, slot, self.level),
        }
    }
}

/// In the order in which Amazon answers, whatever the order asked for.
const KINDS: [Kind; 4] = [
    Kind {
        name: "SCHEDULED_CAPACITY",
        field: "scheduledCapacity",
        level: |levels| levels.scheduled,
        overall: Overall::Least,
    },
    Kind {
        name: "AVAILABLE_CAPACITY",
        field: "availableCapacity",
        level: Levels::available,
        overall: Overall::Least,
    },
    Kind {
        name: "ENCUMBERED_CAPACITY",
        field: "encumberedCapacity",
        level: |levels| levels.encumbered,
        overall: Overall::Most,
    },
    Kind {
        name: "RESERVED_CAPACITY",
        field: "reservedCapacity",
        level: |levels| levels.reserved,
        overall: Overall::Most,
    },
];

pub(super) fn ranges(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let query = Query::read(state, call)?;
    let steps = query.steps(state);
    let capacities: Vec<Value> = query
        .kinds
        .iter()
        .map(|kind| json!({ "capacityType": kind.name, "slots": slots(&steps, kind.level) }))
        .collect();
    Ok(query.reply(json!({ "resourceId": query.resource_id, "capacities": capacities })))
}

pub(super) fn fixed(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let query = Query::read(state, call)?;
    let steps = query.steps(state);
    let mut capacities = Vec::new();
    let mut slot = Span::of(query.page.start, query.slot_minutes);
    while slot.start < query.page.end {
        let mut entry = json!({ "startDateTime": instant::write(slot.start) });
        for kind in &query.kinds {
            entry[kind.field] = json!(kind.within(&steps, slot));
        }
        capacities.push(entry);
        slot = Span::of(slot.end, query.slot_minutes);
    }
    Ok(query.reply(json!({
        "resourceId": query.resource_id,
        "slotDuration": query.slot_minutes,
        "capacities": capacities,
    })))
}

/// One level over time, stretches of the same value together.
fn slots(steps: &[Step], level: fn(Levels) -> u32) -> Vec<Value> {
    let mut merged: Vec<(Span, u32)> = Vec::new();
    for step in steps {
        match merged.last_mut() {
            Some((span, capacity)) if *capacity == level(step.levels) => span.end = step.span.end,
            _ => merged.push((step.span, level(step.levels))),
        }
    }
    let slot = |(span, capacity): (Span, u32)| {
        json!({
            "startDateTime": instant::write(span.start),
            "endDateTime": instant::write(span.end),
            "capacity": capacity,
        })
    };
    merged.into_iter().map(slot).collect()
}

struct Query {
    resource_id: String,
    kinds: Vec<&'static Kind>,
    slot_minutes: u32,
    /// What this page is about.
    page: Span,
    /// Where the next page begins.
    next: Option<DateTime<Utc>>,
}

impl Query {
    fn read(state: &State, call: &Call) -> Result<Self, Refusal> {
        let body = call.json().map_err(|refusal| match refusal.code.as_str() {
            "InvalidInput" => Refusal::query(&[refusal.message]),
            _ => refusal,
        })?;
        let mut missing = Vec::new();
        let mut wrong = Vec::new();
        let resource = call.id("resourceId").ok().and_then(|id| state.resources.get(id));
        if resource.is_none() {
            missing.push("resourceId");
        }
        if call.marketplace().is_none() {
            missing.push("marketplaceIds");
        }
        let mut time = |name: &'static str| match &body[name] {
            Value::Null => {
                missing.push(name);
                None
            }
            value => {
                let at = value.as_str().and_then(instant::read);
                if at.is_none() {
                    wrong.push(format!("{name} is not a valid ISO date/time object"));
                }
                at.map(|at| at.to_utc())
            }
        };
        let (start, end) = (time("startDateTime"), time("endDateTime"));
        let kinds = kinds(&body["capacityTypes"]);
        if kinds.is_none() {
            missing.push("capacityTypes");
        }
        let slot_minutes = slot_minutes(&body["slotDuration"]);
        if slot_minutes.is_none() {
            wrong.push("Slot duration should be a multiple of 5 from 5 to 360 minutes".into());
        }
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            wrong.push("endDateTime should be after startDateTime".into());
        }
        let from = match call.one("nextPageToken") {
            None => start,
            Some(token) => read_token(token).filter(|at| Some(*at) > start && Some(*at) < end),
        };
        if from.is_none() && start.is_some() {
            missing.push("nextPageToken");
        }
        if !missing.is_empty() {
            wrong.insert(0, format!("Missing or invalid request parameters: [{}]", missing.join(", ")));
        }
        match (resource, kinds, slot_minutes, from, end) {
            (Some(resource), Some(kinds), Some(slot_minutes), Some(from), Some(end)) if wrong.is_empty() => {
                let next = Some(from + PAGE).filter(|next| *next < end);
                let page = Span { start: from, end: next.unwrap_or(end) };
                Ok(Self { resource_id: resource.resource_id.clone(), kinds, slot_minutes, page, next })
            }
            _ => Err(Refusal::query(&wrong)),
        }
    }

    fn steps(&self, state: &State) -> Vec<Step> {
        let resource = state.resources.get(&self.resource_id);
        resource.map_or_else(Vec::new, |resource| state.steps(resource, self.page, None))
    }

    fn reply(&self, mut body: Value) -> Reply {
        if let Some(next) = self.next {
            body["nextPageToken"] = json!(write_token(next));
        }
        Reply::json(body)
    }
}

/// The kinds asked for; scheduled capacity when nothing is said.
fn kinds(asked: &Value) -> Option<Vec<&'static Kind>> {
    let asked: Vec<&str> = match asked {
        Value::Null => vec![KINDS[0].name],
        value => value.as_array()?.iter().map(Value::as_str).collect::<Option<_>>()?,
    };
    let known = |name: &&str| KINDS.iter().any(|kind| kind.name == *name);
    let good = !asked.is_empty() && asked.iter().all(known);
    good.then(|| KINDS.iter().filter(|kind| asked.contains(&kind.name)).collect())
}

fn slot_minutes(asked: &Value) -> Option<u32> {
    match asked {
        Value::Null => Some(USUAL_MINUTES),
        value => {
            let minutes = value.as_u64().and_then(|minutes| u32::try_from(minutes).ok())?;
            (minutes.is_multiple_of(5) && (5..=360).contains(&minutes)).then_some(minutes)
        }
    }
}

/// Where the page begins, in base64 whose padding is encoded already, as in Amazon's examples.
fn write_token(at: DateTime<Utc>) -> String {
    STANDARD.encode(instant::write(at)).replace('=', "%3D")
}

/// Both as it was given and decoded once: nobody outside Amazon knows which one is meant to come back.
fn read_token(token: &str) -> Option<DateTime<Utc>> {
    let text = String::from_utf8(STANDARD.decode(token.replace("%3D", "=")).ok()?).ok()?;
    instant::read(&text).map(|at| at.to_utc())
}
