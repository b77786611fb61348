//! A stand-in for Amazon's Services API v1 that has state: jobs are read, documents are uploaded and
//! decrypted, appointments are fulfilled and jobs are closed, over real HTTP.
//!
//! Written from Amazon's published model alone. It shares no type with Doorstep, so a mistake in Doorstep's
//! wire types cannot hide behind the same mistake here. `README.md` says how to run it and what it leaves out.

mod clock;
mod config;
mod control;
mod dice;
mod event;
mod fault;
mod http;
mod job;
mod operation;
mod rate;
mod record;
mod sandbox;
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
pub use record::Exchange;
pub use sandbox::Sandbox;
pub use script::{Script, UnfitScript};
pub use state::{Attachment, Document, Fulfilment, UnknownJob};
