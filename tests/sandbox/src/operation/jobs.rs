//! getServiceJobs: one page of the jobs that a query selects.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Call, Refusal, Reply};
use crate::instant;
use crate::job::{Appointment, AppointmentStatus, Job, JobStatus};
use crate::seed;
use crate::state::State;

const PAGE_SIZE: usize = 20;

pub(super) fn list(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let query = Query::read(call)?;
    let page_size = match call.one("pageSize").map(str::parse::<usize>) {
        None => PAGE_SIZE,
        Some(Ok(size @ 1..=PAGE_SIZE)) => size,
        Some(_) => return Err(Refusal::missing(&["pageSize"])),
    };
    let fingerprint = fingerprint(call);
    let offset = match call.one("pageToken") {
        None => 0,
        Some(token) => read_token(token, &fingerprint).ok_or_else(|| Refusal::missing(&["pageToken"]))?,
    };
    let mut selected: Vec<&Job> = state.jobs.values().filter(|job| query.selects(job)).collect();
    let total = selected.len();
    let page = part(&mut selected, offset, page_size, |one, other| query.order(one, other));

    let mut payload = Map::new();
    payload.insert("totalResultSize".into(), json!(total));
    if offset + page.len() < total {
        payload.insert("nextPageToken".into(), json!(write_token(offset + page.len(), &fingerprint)));
    }
    if offset > 0 {
        let back = offset.saturating_sub(page_size);
        payload.insert("previousPageToken".into(), json!(write_token(back, &fingerprint)));
    }
    payload.insert("jobs".into(), json!(page));
    Ok(Reply::json(json!({ "payload": payload })))
}

/// These places of the sorted list, without sorting the rest: a page of a long list costs little more than one of
/// a short one.
fn part<'a, 'b>(
    list: &'a mut [&'b Job],
    from: usize,
    length: usize,
    order: impl Fn(&Job, &Job) -> Ordering,
) -> &'a [&'b Job] {
    let order = |one: &&Job, other: &&Job| order(one, other);
    if from >= list.len() {
        return &[];
    }
    list.select_nth_unstable_by(from, order);
    let (_, list) = list.split_at_mut(from);
    if length < list.len() {
        list.select_nth_unstable_by(length, order);
    }
    let (list, _) = list.split_at_mut(length.min(list.len()));
    list.sort_unstable_by(order);
    list
}

struct Query {
    marketplaces: Vec<String>,
    statuses: Option<Vec<JobStatus>>,
    created: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    updated: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    scheduled: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Where in the job a wanted value must be found, and the wanted values.
    wanted: Vec<(&'static str, Vec<String>)>,
    by_status: bool,
    descending: bool,
}

/// A list filter of the model.
struct List {
    name: &'static str,
    /// Where the job has it.
    place: &'static str,
    /// How many values may be given.
    most: usize,
    fits: fn(&str) -> bool,
}

#[rustfmt::skip]
const LISTS: [List; 6] = [
    List { name: "serviceOrderIds", place: "serviceOrderId", most: 20, fits: is_order_id },
    List { name: "productOrderIds", place: "productOrderIds", most: 20, fits: is_order_id },
    List { name: "trackingIds", place: "trackingIds", most: 20, fits: is_tracking_id },
    List { name: "asins", place: "scopeOfWork/asin", most: 20, fits: |asin| asin.chars().count() == 10 },
    List { name: "requiredSkills", place: "scopeOfWork/requiredSkills", most: 20, fits: |skill| (1..=50).contains(&skill.chars().count()) },
    List { name: "storeIds", place: "storeId", most: 50, fits: |store| (1..=100).contains(&store.chars().count()) },
];

fn is_order_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn is_tracking_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Query {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let marketplaces = call.list("marketplaceIds").unwrap_or_default();
        if marketplaces.len() != 1 {
            return Err(Refusal::missing(&["marketplaceIds"]));
        }
        if call.one("createdAfter").is_some() == call.one("lastUpdatedAfter").is_some() {
            return Err(Refusal::missing(&["createdAfter", "lastUpdatedAfter"]));
        }
        let statuses = values(call, "serviceJobStatus")?.map(|names| names.into_iter().map(status).collect());
        let mut wanted = Vec::new();
        for list in &LISTS {
            let Some(values) = values(call, list.name)? else { continue };
            if values.len() > list.most || !values.iter().all(|value| (list.fits)(value)) {
                return Err(Refusal::missing(&[list.name]));
            }
            wanted.push((list.place, values.into_iter().map(String::from).collect()));
        }
        let choice = |name, first, second| match call.one(name) {
            None => Ok(false),
            Some(value) if value == first => Ok(false),
            Some(value) if value == second => Ok(true),
            Some(_) => Err(Refusal::missing(&[name])),
        };
        let scheduled = (time(call, "scheduleStartDate")?, time(call, "scheduleEndDate")?);
        if let (Some(start), Some(end)) = scheduled
            && end < start
        {
            return Err(Refusal::missing(&["scheduleEndDate"]));
        }
        Ok(Self {
            marketplaces: marketplaces.into_iter().map(String::from).collect(),
            statuses: statuses.transpose()?,
            created: (time(call, "createdAfter")?, time(call, "createdBefore")?),
            updated: (time(call, "lastUpdatedAfter")?, time(call, "lastUpdatedBefore")?),
            scheduled,
            wanted,
            by_status: choice("sortField", "JOB_DATE", "JOB_STATUS")?,
            descending: choice("sortOrder", "ASC", "DESC")?,
        })
    }

    fn order(&self, one: &Job, other: &Job) -> Ordering {
        let key = |job: &Job| (self.by_status.then_some(job.service_job_status.name()), job.create_time);
        let order = key(one).cmp(&key(other)).then_with(|| one.service_job_id.cmp(&other.service_job_id));
        if self.descending { order.reverse() } else { order }
    }

    fn selects(&self, job: &Job) -> bool {
        let holds = |place: &str, values: &[String]| match job.fact(place) {
            Some(Value::String(value)) => values.contains(value),
            Some(Value::Array(all)) => {
                all.iter().filter_map(Value::as_str).any(|value| values.iter().any(|wanted| wanted == value))
            }
            _ => false,
        };
        let stands = |a: &&Appointment| a.appointment_status != AppointmentStatus::Cancelled;
        let visited = || {
            self.scheduled == (None, None)
                || (job.appointments.iter().filter(stands))
                    .any(|a| within(a.appointment_time.start_time, self.scheduled))
        };
        seed::is_of_the_seller(job)
            && holds("marketplaceId", &self.marketplaces)
            && self.statuses.as_ref().is_none_or(|wanted| wanted.contains(&job.service_job_status))
            && within(job.create_time, self.created)
            && within(job.last_updated, self.updated)
            && visited()
            && self.wanted.iter().all(|(place, values)| holds(place, values))
    }
}

/// A list that is given has at least one value.
fn values<'a>(call: &'a Call, name: &'static str) -> Result<Option<Vec<&'a str>>, Refusal> {
    match (call.one(name), call.list(name)) {
        (Some(_), None) => Err(Refusal::missing(&[name])),
        (_, values) => Ok(values),
    }
}

fn within(at: DateTime<Utc>, (after, before): (Option<DateTime<Utc>>, Option<DateTime<Utc>>)) -> bool {
    after.is_none_or(|after| at >= after) && before.is_none_or(|before| at <= before)
}

fn status(name: &str) -> Result<JobStatus, Refusal> {
    let known = JobStatus::ALL.into_iter().find(|status| status.name() == name);
    known.ok_or_else(|| Refusal::missing(&["serviceJobStatus"]))
}

fn time(call: &Call, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(text) = call.one(name) else { return Ok(None) };
    instant::read(text).map(|at| Some(at.to_utc())).ok_or_else(|| Refusal::missing(&[name]))
}

/// Binds a page token to the query it came from.
fn fingerprint(call: &Call) -> String {
    let mut pairs: Vec<_> = call.query.iter().filter(|(k, _)| k != "pageToken" && k != "pageSize").collect();
    pairs.sort();
    hex::encode(&Sha256::digest(format!("{pairs:?}"))[..5])
}

/// Opaque, and with the characters that a client must encode.
fn write_token(offset: usize, fingerprint: &str) -> String {
    STANDARD.encode(format!("jobs?>{fingerprint}>{offset}"))
}

fn read_token(token: &str, fingerprint: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    text.strip_prefix("jobs?>")?.strip_prefix(fingerprint)?.strip_prefix('>')?.parse().ok()
}
