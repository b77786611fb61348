//! Everything the sandbox knows.

mod agenda;
mod before;
mod calendar;
mod change;
mod document;
mod restricted;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub(crate) use agenda::Due;
pub use change::UnknownJob;
pub(crate) use document::Destination;
pub use document::{Attachment, Document};
pub(crate) use restricted::Restricted;

use crate::clock::{self, Clock};
use crate::config::{Config, ContentHash, Credentials, Rates};
use crate::dice::Dice;
use crate::event::Happening;
use crate::fault::Faults;
use crate::job::Job;
use crate::offering::Offering;
use crate::operation::Refusal;
use crate::rate::Bucket;
use crate::record::Exchange;
use crate::reservation::{Reservation, ReservationKind};
use crate::resource::Resource;
use crate::scenario::Scenario;
use crate::schedule::Availability;
use crate::seed::{self, Day};

/// What `setAppointmentFulfillmentData` last said about an appointment. Amazon does not publish whether a
/// second call replaces or appends; here it replaces, so a client must always send all of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    pub service_job_id: String,
    pub appointment_id: String,
    #[serde(serialize_with = "clock::serialize")]
    pub at: DateTime<Utc>,
    /// How many calls took effect.
    pub times: u32,
    /// The last body.
    pub body: Value,
}

impl Fulfilment {
    pub(crate) fn has_documents(&self) -> bool {
        self.body["fulfillmentDocuments"].as_array().is_some_and(|documents| !documents.is_empty())
    }

    pub(crate) fn names_document(&self, upload_destination_id: &str) -> bool {
        let documents = self.body["fulfillmentDocuments"].as_array();
        documents.is_some_and(|all| all.iter().any(|d| d["uploadDestinationId"] == upload_destination_id))
    }
}

#[derive(Debug)]
pub(crate) struct State {
    /// What it was started with: a scenario is laid with its technicians.
    pub(crate) staff: Day,
    pub(crate) day: Day,
    pub(crate) scenario: Option<Scenario>,
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) rates: Rates,
    pub(crate) content_hash: ContentHash,
    /// The operations that take a restricted token only.
    pub(crate) restricted: BTreeSet<String>,
    /// What an upload's signature covers besides its content type and host.
    pub(crate) signed_headers: BTreeMap<String, String>,
    pub(crate) dice: Dice,
    pub(crate) resources: BTreeMap<String, Resource>,
    pub(crate) offerings: Vec<Offering>,
    /// An updated reservation is a new one with another id.
    pub(crate) reservations: BTreeMap<String, Reservation>,
    /// How many were ever made, so that no id comes twice.
    pub(crate) reservations_made: u64,
    pub(crate) jobs: BTreeMap<String, Job>,
    /// By the object key in the URL.
    pub(crate) destinations: BTreeMap<String, Destination>,
    /// By appointment.
    pub(crate) fulfilments: BTreeMap<String, Fulfilment>,
    /// How often a job went to COMPLETED.
    pub(crate) completions: BTreeMap<String, u32>,
    /// Access tokens and when they expire.
    pub(crate) access_tokens: BTreeMap<String, DateTime<Utc>>,
    pub(crate) restricted_tokens: BTreeMap<String, Restricted>,
    pub(crate) buckets: BTreeMap<&'static str, Bucket>,
    pub(crate) faults: Faults,
    /// What is to come, by its time and then in the order of adding.
    pub(crate) agenda: BTreeMap<(DateTime<Utc>, u64), Due>,
    pub(crate) expected: u64,
    /// The events that have happened.
    pub(crate) happenings: Vec<Happening>,
    /// The jobs where nobody will open the door.
    pub(crate) absent: BTreeSet<String>,
    /// Each changed job as it was before its last change; nothing for one that was not there.
    before: BTreeMap<String, Option<Job>>,
    pub(crate) record: Vec<Exchange>,
}

impl State {
    pub(crate) fn new(config: &Config, base_url: String) -> Self {
        let mut state = Self {
            staff: config.day.clone(),
            day: config.day.clone(),
            scenario: None,
            base_url,
            credentials: config.credentials.clone(),
            rates: config.rates,
            content_hash: config.content_hash,
            restricted: config.restricted.clone(),
            signed_headers: config.signed_headers.clone(),
            dice: Dice::new(config.day.seed),
            resources: BTreeMap::new(),
            offerings: Vec::new(),
            reservations: BTreeMap::new(),
            reservations_made: 0,
            jobs: BTreeMap::new(),
            destinations: BTreeMap::new(),
            fulfilments: BTreeMap::new(),
            completions: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            restricted_tokens: BTreeMap::new(),
            buckets: BTreeMap::new(),
            faults: Faults::default(),
            agenda: BTreeMap::new(),
            expected: 0,
            happenings: Vec::new(),
            absent: BTreeSet::new(),
            before: BTreeMap::new(),
            record: Vec::new(),
        };
        state.reset(config.day.clone());
        state
    }

    /// Starts over with `day`: all that happened is forgotten, access tokens too. Credentials and settings
    /// stay.
    pub(crate) fn reset(&mut self, day: Day) {
        self.dice = Dice::new(day.seed);
        self.resources = day.resources().into_iter().map(|r| (r.resource_id.clone(), r)).collect();
        self.offerings = day.offerings();
        self.reservations.clear();
        self.reservations_made = 0;
        for (resource_id, kind, availability) in day.reservations() {
            self.reserve(&resource_id, kind, availability);
        }
        self.jobs = day.jobs().into_iter().map(|job| (job.service_job_id.clone(), job)).collect();
        self.destinations.clear();
        self.fulfilments.clear();
        self.completions.clear();
        self.access_tokens.clear();
        self.restricted_tokens.clear();
        self.buckets.clear();
        self.faults.clear();
        self.agenda.clear();
        self.happenings.clear();
        self.absent.clear();
        self.before.clear();
        self.record.clear();
        self.day = day;
        self.scenario = None;
    }

    /// Starts over with a scenario around the clock's present.
    pub(crate) fn play(&mut self, scenario: Scenario, seed: u64, jobs: usize, clock: &Clock) {
        let day = scenario.day(seed, clock.now(), self.staff.technicians.clone(), jobs);
        self.reset(day);
        let script = scenario.script(seed, &self.visits(), clock.true_now());
        // Its events are made from the jobs that are there.
        if let Err(unfit) = self.follow(script, clock) {
            tracing::error!(%unfit, "the scenario's own script does not fit it");
        }
        self.scenario = Some(scenario);
    }

    /// A reservation under an id that was never given before.
    pub(crate) fn reserve(
        &mut self,
        resource_id: &str,
        kind: ReservationKind,
        availability: Availability,
    ) -> &Reservation {
        self.reservations_made += 1;
        let reservation_id = (1000 + self.reservations_made).to_string();
        let reservation = Reservation {
            reservation_id: reservation_id.clone(),
            resource_id: resource_id.into(),
            kind,
            availability,
        };
        self.reservations.entry(reservation_id).insert_entry(reservation).into_mut()
    }

    /// The job, if it is there and of this seller; `absent` says that there is none.
    pub(crate) fn own_job(
        &self,
        service_job_id: &str,
        absent: impl FnOnce() -> String,
    ) -> Result<&Job, Refusal> {
        let job = self.jobs.get(service_job_id).ok_or_else(|| Refusal::rule(absent()))?;
        if seed::is_of_the_seller(job) { Ok(job) } else { Err(Refusal::foreign()) }
    }

    /// The authority of every address given out.
    pub(crate) fn host(&self) -> &str {
        self.base_url.strip_prefix("http://").unwrap_or(&self.base_url)
    }

    pub(crate) fn destination_by_id(&self, upload_destination_id: &str) -> Option<&Destination> {
        self.destinations.values().find(|d| d.id == upload_destination_id)
    }

    /// In the order in which the destinations were made.
    pub(crate) fn documents(&self, now: DateTime<Utc>) -> Vec<Document> {
        let mut made: Vec<&Destination> = self.destinations.values().collect();
        made.sort_by_key(|d| d.number);
        made.into_iter().map(|d| d.document(&self.fulfilments, now)).collect()
    }
}
