//! A day to train on: what a seller meets besides the round.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};

use super::catalogue::{IN_STORE, ONLINE};
use super::store::SECOND_STORE;
use super::{Day, quarter};
use crate::clock::stamp;
use crate::dice::Dice;
use crate::job::{AppointmentStatus, AssignedTechnician, Job, JobStatus};

impl Day {
    pub(super) fn train(&self, dice: &mut Dice, made: &mut Vec<Job>, days: u32) {
        for day in 0..days.into() {
            self.rounds(dice, made, self.from.checked_add_days(Days::new(day)).unwrap_or(self.from));
        }
        self.unscheduled(dice, made);
        self.stuck(dice, made);
        self.without_technician(dice, made);
        self.closed(dice, made);
        self.siblings(dice, made);
        self.awaited(dice, made);
        self.elsewhere(dice, made);
    }

    fn hours(&self, hours: i64) -> DateTime<Utc> {
        quarter(self.from + TimeDelta::hours(hours))
    }

    fn first_technician(&self) -> Vec<AssignedTechnician> {
        self.technicians.first().map(AssignedTechnician::from).into_iter().collect()
    }

    /// One with three preferred times, one whose buyer did not choose.
    fn unscheduled(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        let mut choosy = self.job(dice, made.len(), None);
        let minutes = choosy.facts["preferredAppointmentTimes"][0]["durationInMinutes"].clone();
        let times: Vec<Value> = [26, 50, 76]
            .map(|hours| json!({ "startTime": stamp(self.hours(hours)), "durationInMinutes": minutes }))
            .into();
        choosy.facts.insert("preferredAppointmentTimes".into(), json!(times));
        made.push(choosy);
        let mut open = self.job(dice, made.len(), None);
        open.facts.remove("preferredAppointmentTimes");
        made.push(open);
    }

    /// Jobs that want a person.
    fn stuck(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        for status in [JobStatus::Hold, JobStatus::PaymentDeclined, JobStatus::NotFulfillable] {
            let job = self.job(dice, made.len(), None);
            made.push(Job { service_job_status: status, ..job });
        }
    }

    fn without_technician(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        for hours in [7, 29] {
            made.push(self.job(dice, made.len(), Some((self.hours(hours), Vec::new()))));
        }
    }

    /// One done yesterday, one cancelled.
    fn closed(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        let endings = [
            (-20, JobStatus::Completed, AppointmentStatus::Completed),
            (22, JobStatus::Cancelled, AppointmentStatus::Cancelled),
        ];
        for (hours, status, ending) in endings {
            let visit = (self.hours(hours), self.first_technician());
            let mut job = self.job(dice, made.len(), Some(visit));
            job.service_job_status = status;
            job.last_updated = self.hours(-12).max(job.last_updated);
            if let Some(appointment) = job.active_appointment_mut() {
                appointment.appointment_status = ending;
            }
            made.push(job);
        }
    }

    /// Two jobs of one order: closing the second closes the order.
    fn siblings(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        let first = self.job(dice, made.len(), Some((self.hours(8), self.first_technician())));
        let mut second = self.job(dice, made.len() + 1, Some((self.hours(9), self.first_technician())));
        for shared in ["serviceOrderId", "buyer", "serviceLocation"] {
            if let Some(fact) = first.facts.get(shared) {
                second.facts.insert(shared.into(), fact.clone());
            }
        }
        made.extend([first, second]);
    }

    /// The product is still on its way when the technician is due.
    fn awaited(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        let mut job = self.job(dice, made.len(), Some((self.hours(6), self.first_technician())));
        let (start, end) = (stamp(self.hours(24)), stamp(self.hours(30)));
        if let Some(item) = job.facts.get_mut("associatedItems").and_then(|items| items.get_mut(0)) {
            item["itemStatus"] = json!("SHIPPED");
            item["itemDelivery"] = json!({
                "estimatedDeliveryDate": end,
                "itemDeliveryPromise": { "startTime": start, "endTime": end },
            });
        }
        made.push(job);
    }

    /// Work in a store, on a car that Amazon knows, and over a video call.
    fn elsewhere(&self, dice: &mut Dice, made: &mut Vec<Job>) {
        let bays =
            AssignedTechnician { technician_id: "BAYS2".into(), name: "Bays of the second store".into() };
        let mut in_store = self.job_for(dice, &IN_STORE, made.len(), Some((self.hours(3), vec![bays])));
        in_store.facts.insert("storeId".into(), json!(SECOND_STORE));
        if let Some(item) = in_store.facts.get_mut("associatedItems").and_then(|items| items.get_mut(0)) {
            item["linkedAssets"] = json!([{
                "assetType": "VEHICLE",
                "assetName": "2024 Sample Motors One",
                "additionalAttributes": { "make": "Sample Motors", "model": "One", "year": "2024" },
            }]);
        }
        made.push(in_store);
        let call = Some((self.hours(4), self.first_technician()));
        made.push(self.job_for(dice, &ONLINE, made.len(), call));
    }
}
