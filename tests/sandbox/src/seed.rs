//! The day's seed: plausible jobs for made-up people. The same seed gives the same day.

mod catalogue;
mod store;
mod training;

use chrono::{DateTime, DurationRound, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::clock::stamp;
use crate::dice::Dice;
use crate::job::{
    Appointment, AppointmentStatus, AppointmentTime, AssignedTechnician, Job, JobStatus, Technician,
};
use catalogue::{SERVICES, Service};

const STORE: &str = "sampletown-store-1";

const SELLER: &str = "A1SANDBOXSELLER";

/// The marketplace of every seeded job (US).
pub const MARKETPLACE: &str = "ATVPDKIKX0DER";

/// Assigned to one job of the day, and nobody the seller has registered.
pub const STRANGER: &str = "TECHX9";

/// The time within which all appointments of a day start.
const SPREAD: TimeDelta = TimeDelta::hours(10);

/// What a day is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub seed: u64,
    /// When the first appointment starts.
    pub from: DateTime<Utc>,
    pub technicians: Vec<Technician>,
    /// Jobs of the first technician; every other one has half as many.
    pub jobs: usize,
    pub plan: Plan,
}

/// What kind of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Rounds, one job for a stranger, one without an appointment. Everyone works around the clock.
    Rounds,
    /// Rounds on this many days, shifts and breaks, and jobs in every state that a seller meets.
    Training { days: u32 },
}

/// Two technicians who do not exist.
pub fn technicians() -> Vec<Technician> {
    vec![Technician::new("TECHA1", "RESA1", "Robin Sample"), Technician::new("TECHB2", "RESB2", "Kim Sample")]
}

/// A day whose appointments start between 13:00 and 23:00 UTC, the American working day.
pub fn day(seed: u64, date: NaiveDate, technicians: Vec<Technician>, jobs: usize) -> Day {
    let one_o_clock = NaiveTime::MIN + TimeDelta::hours(13);
    Day { seed, from: date.and_time(one_o_clock).and_utc(), technicians, jobs, plan: Plan::Rounds }
}

/// A day laid around `now`, from one hour ago to nine hours ahead, so that it is a working day at any hour.
pub fn day_around(seed: u64, now: DateTime<Utc>, technicians: Vec<Technician>, jobs: usize) -> Day {
    Day { seed, from: quarter(now - TimeDelta::hours(1)), technicians, jobs, plan: Plan::Rounds }
}

/// A day to train on, laid around `now`: besides the rounds, jobs in every status, siblings of one order, a
/// product that has not arrived, visits without a technician, work in a store and online; and resources that
/// may not be sent everywhere.
pub fn training_day(seed: u64, now: DateTime<Utc>, technicians: Vec<Technician>, jobs: usize) -> Day {
    training(seed, now, technicians, jobs, 1)
}

/// The same with rounds on seven days, today and the six that follow. `jobs` is per day.
pub fn training_week(seed: u64, now: DateTime<Utc>, technicians: Vec<Technician>, jobs: usize) -> Day {
    training(seed, now, technicians, jobs, 7)
}

fn training(seed: u64, now: DateTime<Utc>, technicians: Vec<Technician>, jobs: usize, days: u32) -> Day {
    Day { plan: Plan::Training { days }, ..day_around(seed, now, technicians, jobs) }
}

/// A job that does not say whose it is counts as the seller's own.
pub(crate) fn is_of_the_seller(job: &Job) -> bool {
    matches!(job.text("seller/sellerId"), "" | SELLER)
}

impl Day {
    /// The day's jobs: each technician's round, one job for a technician nobody knows, one without an
    /// appointment.
    pub fn jobs(&self) -> Vec<Job> {
        let mut dice = Dice::new(self.seed);
        let mut made = Vec::new();
        match self.plan {
            Plan::Rounds => {
                self.rounds(&mut dice, &mut made, self.from);
                let stranger =
                    AssignedTechnician { technician_id: STRANGER.into(), name: "Sam Placeholder".into() };
                let noon = quarter(self.from + SPREAD / 2);
                made.push(self.job(&mut dice, made.len(), Some((noon, vec![stranger]))));
                made.push(self.job(&mut dice, made.len(), None));
            }
            Plan::Training { days } => self.train(&mut dice, &mut made, days),
        }
        made
    }

    /// One day's visits of everyone.
    fn rounds(&self, dice: &mut Dice, made: &mut Vec<Job>, from: DateTime<Utc>) {
        for (round, technician) in self.technicians.iter().enumerate() {
            let count = if round == 0 { self.jobs } else { self.jobs / 2 };
            for turn in 0..count {
                let start = from + share(turn, count) + TimeDelta::minutes(15) * minutes_apart(round);
                let assigned = vec![AssignedTechnician::from(technician)];
                made.push(self.job(dice, made.len(), Some((quarter(start), assigned))));
            }
        }
    }

    fn job(
        &self,
        dice: &mut Dice,
        number: usize,
        visit: Option<(DateTime<Utc>, Vec<AssignedTechnician>)>,
    ) -> Job {
        self.job_for(dice, &SERVICES[number % SERVICES.len()], number, visit)
    }

    fn job_for(
        &self,
        dice: &mut Dice,
        service: &Service,
        number: usize,
        visit: Option<(DateTime<Utc>, Vec<AssignedTechnician>)>,
    ) -> Job {
        let id = dice.uuid("job");
        let created = self.from
            - TimeDelta::days(2 + days(dice.below("created", 5)))
            - TimeDelta::milliseconds(days(dice.below("created", 40_000_000)));
        let mut facts = facts(dice, service, number, created);
        let (status, appointments) = match visit {
            Some((start_time, assigned_technicians)) => {
                let appointment = Appointment {
                    appointment_id: format!("{id}_{}", dice.uuid("appointment")),
                    appointment_status: AppointmentStatus::Active,
                    appointment_time: AppointmentTime { start_time, duration_in_minutes: service.minutes },
                    assigned_technicians,
                    rescheduled_appointment_id: None,
                    poa: None,
                };
                (JobStatus::NotServiced, vec![appointment])
            }
            None => {
                let preferred = self.from + TimeDelta::days(2);
                facts.insert(
                    "preferredAppointmentTimes".into(),
                    json!([{ "startTime": stamp(preferred), "durationInMinutes": service.minutes }]),
                );
                (JobStatus::PendingSchedule, Vec::new())
            }
        };
        Job {
            service_job_id: id,
            service_job_status: status,
            create_time: created,
            last_updated: created + TimeDelta::hours(18),
            appointments,
            facts,
        }
    }
}

/// Everything about a job that no rule looks at. `serviceType` is in Amazon's guide and not in its model, so
/// it stands for the fields a client does not know.
fn facts(dice: &mut Dice, service: &Service, number: usize, created: DateTime<Utc>) -> Map<String, Value> {
    let order_id = order_id(dice);
    let product_order = self::order_id(dice);
    let number = number + 1;
    let phone = format!("555-01{:02}", number % 100);
    let name = format!("Test Buyer {number:02}");
    let status = if dice.below("item", 6) == 0 { "SHIPPED" } else { "DELIVERED" };
    let delivery = created + TimeDelta::days(1);
    let facts = json!({
        "serviceOrderId": order_id,
        "productOrderIds": [product_order],
        "trackingIds": [format!("TEST{:012}", dice.below("tracking", 1_000_000_000_000))],
        "marketplaceId": MARKETPLACE,
        "storeId": STORE,
        "seller": { "sellerId": SELLER },
        "serviceJobProvider": { "serviceJobProviderId": "A1SANDBOXPROVIDER" },
        "serviceType": service.service_type,
        "scopeOfWork": {
            "asin": service.asin,
            "title": service.title,
            "quantity": 1,
            "requiredSkills": [service.skill],
        },
        "buyer": {
            "buyerId": format!("ATESTBUYER{number:02}"),
            "name": name,
            "phone": phone,
            "isPrimeMember": number.is_multiple_of(2),
        },
        "associatedItems": [{
            "asin": service.item_asin,
            "title": service.item,
            "quantity": 1,
            "orderId": product_order,
            "itemStatus": status,
            "brandName": "Sample Brand",
            "itemDelivery": {
                "estimatedDeliveryDate": stamp(delivery),
                "itemDeliveryPromise": {
                    "startTime": stamp(delivery - TimeDelta::hours(8)),
                    "endTime": stamp(delivery),
                },
            },
        }],
        "serviceLocation": {
            "serviceLocationType": service.location,
            "address": {
                "name": name,
                "addressLine1": format!("{number} Example Street"),
                "addressLine2": if number.is_multiple_of(3) { "Flat 2" } else { "" },
                "city": "Sampletown",
                "stateOrRegion": "NY",
                "postalCode": "00000",
                "countryCode": "US",
                "phone": phone,
            },
        },
        "payments": [{
            "amount": { "value": f64::from(service.price_cents) / 100.0, "currency": "USD" },
            "instrument": "CREDIT_CARD",
        }],
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// An order id in Amazon's 3-7-7 format.
fn order_id(dice: &mut Dice) -> String {
    let part = dice.below("order", 10_000_000);
    let rest = dice.below("order", 10_000_000);
    format!("113-{part:07}-{rest:07}")
}

fn quarter(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(15)).unwrap_or(at)
}

fn share(turn: usize, count: usize) -> TimeDelta {
    let (turn, count) = (i32::try_from(turn).unwrap_or(0), i32::try_from(count).unwrap_or(i32::MAX));
    SPREAD / count.max(1) * turn
}

fn minutes_apart(round: usize) -> i32 {
    i32::try_from(round % 4).unwrap_or(0)
}

fn days(small: u64) -> i64 {
    i64::try_from(small).unwrap_or(0)
}
