//! A stand-in for Amazon's Services API v1 that has state: jobs are read, documents are uploaded and
//! decrypted, appointments are fulfilled and jobs are closed, over real HTTP.
//!
//! Written from Amazon's published model alone. It shares no type with Doorstep, so a mistake in Doorstep's
//! wire types cannot hide behind the same mistake here. `README.md` says how to run it and what it leaves out.

mod capacity;
mod clock;
mod config;
mod control;
mod dice;
mod event;
mod fault;
mod http;
mod instant;
mod job;
mod offering;
mod operation;
mod order;
mod page;
mod rate;
mod reason;
mod record;
mod reservation;
mod resource;
mod sandbox;
mod scenario;
mod schedule;
mod script;
pub mod seed;
mod state;

pub use clock::Clock;
pub use config::{Config, ContentHash, Credentials, Rates};
pub use event::{Change, Event, Happening, UnfitEvent, Which};
pub use fault::{Fault, FaultKind, UnfitFault};
pub use job::{
    Appointment, AppointmentStatus, AppointmentTime, AssignedTechnician, Job, JobStatus, Technician,
};
pub use offering::{Offering, SchedulingType};
pub use order::{Order, OrderStatus};
pub use record::Exchange;
pub use reservation::{Reservation, ReservationKind};
pub use resource::{BackgroundCheck, Registration, Resource};
pub use sandbox::Sandbox;
pub use scenario::Scenario;
pub use schedule::{Availability, Recurrence};
pub use script::{Script, UnfitScript};
pub use state::{Attachment, Document, Fulfilment, UnknownJob};
