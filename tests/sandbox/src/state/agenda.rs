//! What is still to come: the script's events and the effects that take place late.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{State, UnknownJob};
use crate::clock::{Clock, is_within_reach};
use crate::event::{Change, Event, Happening, UnfitEvent, Which};
use crate::job::Job;
use crate::operation::{Call, Operation};
use crate::script::{Script, UnfitScript};

/// Something that happens at its time without anybody asking.
#[derive(Debug)]
pub(crate) enum Due {
    Event(Change),
    /// A request whose caller was told off, and which takes effect after all.
    Effect {
        sequence: u64,
        operation: &'static Operation,
        call: Box<Call>,
    },
}

impl State {
    /// Takes the whole script or nothing of it.
    pub(crate) fn follow(&mut self, script: Script, clock: &Clock) -> Result<(), UnfitScript> {
        let now = clock.true_now();
        for (at, fault) in script.faults.iter().enumerate() {
            fault.check().map_err(|why| UnfitScript::Fault { line: at + 1, why })?;
        }
        let mut events = Vec::new();
        for (at, event) in script.events.into_iter().enumerate() {
            events.push(self.resolve(event, now).map_err(|why| UnfitScript::Event { line: at + 1, why })?);
        }
        let seed = script.seed.unwrap_or(self.day.seed);
        for (at, fault) in script.faults.into_iter().enumerate() {
            self.faults.add(fault, seed, now).map_err(|why| UnfitScript::Fault { line: at + 1, why })?;
        }
        for (at, change) in events {
            self.expect(at, Due::Event(change));
        }
        Ok(())
    }

    /// Puts something on the agenda. What is due at the same time happens in the order of adding.
    pub(crate) fn expect(&mut self, at: DateTime<Utc>, due: Due) {
        self.expected += 1;
        self.agenda.insert((at, self.expected), due);
    }

    /// The events to come, by their times.
    pub(crate) fn events(&self) -> Vec<Event> {
        let event = |(at, due): (&(DateTime<Utc>, u64), &Due)| match due {
            Due::Event(change) => Some(Event::at(at.0, change.clone())),
            Due::Effect { .. } => None,
        };
        self.agenda.iter().filter_map(event).collect()
    }

    /// Takes the script's events back. Late effects stay: their callers have been told already.
    pub(crate) fn forget_events(&mut self) {
        self.agenda.retain(|_, due| matches!(due, Due::Effect { .. }));
    }

    /// Lets happen what is due. Returns whether there was anything.
    pub(crate) fn catch_up(&mut self, clock: &Clock) -> bool {
        let mut any = false;
        while let Some(next) = self.agenda.first_entry() {
            let at = next.key().0;
            if at > clock.true_now() {
                break;
            }
            any = true;
            match next.remove() {
                Due::Event(change) => {
                    let refused = self.apply(change.clone(), at, clock).err().map(|why| why.to_string());
                    self.happenings.push(Happening { at, change, refused });
                }
                Due::Effect { sequence, operation, call } => {
                    self.take_late_effect(sequence, operation, &call, at + clock.skewed_by());
                }
            }
        }
        any
    }

    fn take_late_effect(&mut self, sequence: u64, operation: &Operation, call: &Call, at: DateTime<Utc>) {
        let was = self.subject(call);
        match (operation.act)(self, call, at) {
            Ok(_) => {
                self.remember(was);
                if let Some(exchange) = self.record.iter_mut().find(|e| e.sequence == sequence) {
                    (exchange.took_effect, exchange.effect_at) = (true, Some(at));
                }
            }
            Err(refusal) => {
                tracing::info!(sequence, why = refusal.message, "a late effect was refused");
            }
        }
    }

    /// Does what an event says, as of the true time `at`.
    pub(crate) fn apply(
        &mut self,
        change: Change,
        at: DateTime<Utc>,
        clock: &Clock,
    ) -> Result<Value, UnfitEvent> {
        let mut change = change;
        let Some(which) = change.which() else {
            if let Change::Skew { seconds } = change {
                clock.skew(TimeDelta::seconds(seconds.into()));
            }
            return Ok(json!({}));
        };
        let id = self.resolved(which)?;
        let (now, was) = (at + clock.skewed_by(), self.jobs.get(&id).cloned());
        let answer = match change {
            Change::Touch { .. } => self.touch(&id, now).map(|_job| json!({}))?,
            Change::Cancel { .. } => self.cancel(&id, now).map(|()| json!({}))?,
            Change::Reschedule { start_time, by_minutes, .. } => {
                let start = self.new_start(&id, start_time, by_minutes)?;
                json!({ "appointmentId": self.reschedule(&id, start, now)? })
            }
            Change::Assign { technician_ids, .. } => {
                let technicians: Vec<&str> = technician_ids.iter().map(String::as_str).collect();
                self.assign(&id, &technicians, now).map(|()| json!({}))?
            }
            Change::Deliver { .. } => self.deliver(&id, now).map(|()| json!({}))?,
            Change::Absent { .. } => {
                self.absent.insert(id.clone());
                json!({})
            }
            Change::Relist { marketplace_id, service_type, .. } => {
                let job = self.touch(&id, now)?;
                job.facts.insert("marketplaceId".into(), json!(marketplace_id));
                job.facts.insert("serviceType".into(), json!(service_type));
                json!({})
            }
            Change::Skew { .. } => json!({}),
        };
        self.remember(Some((id, was)));
        Ok(answer)
    }

    fn new_start(
        &self,
        job_id: &str,
        start_time: Option<DateTime<Utc>>,
        by_minutes: Option<i64>,
    ) -> Result<DateTime<Utc>, UnfitEvent> {
        let start = match (start_time, by_minutes) {
            (Some(start), None) => Some(start),
            (None, Some(minutes)) => {
                let job = self.jobs.get(job_id).ok_or_else(|| UnknownJob::Job(job_id.into()))?;
                let visit = job.active_appointment().ok_or_else(|| UnknownJob::Appointment(job_id.into()))?;
                let by = TimeDelta::try_minutes(minutes);
                by.and_then(|by| visit.appointment_time.start_time.checked_add_signed(by))
            }
            _ => return Err(UnfitEvent::WhereTo),
        };
        start.filter(|start| is_within_reach(*start)).ok_or(UnfitEvent::FarOff)
    }

    /// The products arrive.
    fn deliver(&mut self, job_id: &str, now: DateTime<Utc>) -> Result<(), UnknownJob> {
        let job = self.touch(job_id, now)?;
        for item in job.facts.get_mut("associatedItems").and_then(Value::as_array_mut).into_iter().flatten() {
            item["itemStatus"] = json!("DELIVERED");
        }
        Ok(())
    }

    fn resolve(&self, event: Event, now: DateTime<Utc>) -> Result<(DateTime<Utc>, Change), UnfitEvent> {
        let (at, mut change) = (event.due(now)?, event.change);
        if let Change::Reschedule { start_time, by_minutes, .. } = &change
            && start_time.is_some() == by_minutes.is_some()
        {
            return Err(UnfitEvent::WhereTo);
        }
        if let Some(which) = change.which() {
            *which = Which::Id(self.resolved(which)?);
        }
        Ok((at, change))
    }

    fn resolved(&self, which: &Which) -> Result<String, UnfitEvent> {
        match which {
            Which::Id(id) if self.jobs.contains_key(id) => Ok(id.clone()),
            Which::Id(id) => Err(UnknownJob::Job(id.clone()).into()),
            Which::Visit(number) => {
                let at = number.checked_sub(1).ok_or(UnfitEvent::Visit(*number))?;
                self.visits().get(at).map(|job| job.service_job_id.clone()).ok_or(UnfitEvent::Visit(*number))
            }
        }
    }

    /// The jobs with an active appointment, by its start.
    pub(crate) fn visits(&self) -> Vec<&Job> {
        let start = |job: &Job| job.active_appointment().map(|visit| visit.appointment_time.start_time);
        let mut visits: Vec<&Job> = self.jobs.values().filter(|job| start(job).is_some()).collect();
        visits.sort_by_key(|job| start(job));
        visits
    }
}
