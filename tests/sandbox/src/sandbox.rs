//! A running sandbox and what a test may ask of it.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{Config, Credentials, Rates};
use crate::event::{Event, Happening};
use crate::fault::{Fault, UnfitFault};
use crate::http::{self, Caller, Door, Inner};
use crate::job::Job;
use crate::offering::Offering;
use crate::operation;
use crate::order::{self, Order};
use crate::record::Exchange;
use crate::reservation::Reservation;
use crate::resource::Resource;
use crate::scenario::Scenario;
use crate::script::{Script, UnfitScript};
use crate::seed::Day;
use crate::state::{Document, Fulfilment, State, UnknownJob};

/// A sandbox that listens until it is dropped or stopped.
pub struct Sandbox {
    inner: Arc<Inner>,
    url: String,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Listens and serves on the current tokio runtime.
    ///
    /// # Errors
    /// When the address is not on loopback (the control endpoints have no password) or cannot be bound, the
    /// script does not fit the day, or an operation that is to be restricted is not one of the Services API.
    pub async fn start(config: Config) -> io::Result<Self> {
        if !config.listen.ip().is_loopback() {
            let why = format!("{} is not a loopback address", config.listen.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if let Some(name) = config.restricted.iter().find(|name| !operation::is_restrictable(name)) {
            let why = format!("{name} is not an operation of the Services API");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let listener = TcpListener::bind(config.listen).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut state = State::new(&config, url.clone());
        if let Some(scenario) = config.scenario {
            state.play(scenario, config.day.seed, config.day.jobs, &config.clock);
        }
        state
            .follow(config.script, &config.clock)
            .map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        let inner = Inner::new(state, config.clock);
        let service = http::router(Arc::clone(&inner)).into_make_service_with_connect_info::<Caller>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(Door(listener), service).with_graceful_shutdown(async {
            // A dropped handle stops the sandbox as well.
            let _asked_or_dropped = stopped.await;
        });
        let server = tokio::spawn(server.into_future());
        Ok(Self { inner, url, stop: Some(stop), server: Some(server) })
    }

    /// Stops listening, lets go what hangs, and waits until every open request is answered.
    ///
    /// # Errors
    /// When the server task failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.shut();
        match self.server.take() {
            Some(server) => server.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }

    fn shut(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Fails only if the server is gone already.
            let _server_gone = stop.send(());
            self.inner.release_for_good();
        }
    }

    /// `http://127.0.0.1:PORT`: the Services API, Login with Amazon, the uploads and the control endpoints.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub fn credentials(&self) -> Credentials {
        self.inner.state().credentials.clone()
    }

    /// Every job, by id.
    pub fn jobs(&self) -> Vec<Job> {
        self.inner.state().jobs.values().cloned().collect()
    }

    pub fn job(&self, service_job_id: &str) -> Option<Job> {
        self.inner.state().jobs.get(service_job_id).cloned()
    }

    /// Every request so far, in the order in which they were decided.
    pub fn record(&self) -> Vec<Exchange> {
        self.inner.state().record.clone()
    }

    /// How many requests of an operation took effect, whatever the caller was told.
    pub fn effects(&self, operation: &str) -> usize {
        let state = self.inner.state();
        state.record.iter().filter(|e| e.took_effect && e.operation == Some(operation)).count()
    }

    /// Every upload destination with what was put there, in the order of making.
    pub fn documents(&self) -> Vec<Document> {
        self.inner.state().documents(self.inner.clock.now())
    }

    /// What was last said about an appointment.
    pub fn fulfilment(&self, appointment_id: &str) -> Option<Fulfilment> {
        self.inner.state().fulfilments.get(appointment_id).cloned()
    }

    /// How often the job went to COMPLETED: effects, not requests.
    pub fn completions(&self, service_job_id: &str) -> u32 {
        self.inner.state().completions.get(service_job_id).copied().unwrap_or_default()
    }

    /// Adds a fault to the script.
    ///
    /// # Errors
    /// When the operation is unknown or the fault makes no sense for it.
    pub fn fault(&self, fault: Fault) -> Result<(), UnfitFault> {
        let mut state = self.inner.state();
        let seed = state.day.seed;
        state.faults.add(fault, seed, self.inner.clock.true_now())
    }

    /// Adds a whole script, or nothing of it.
    ///
    /// # Errors
    /// When one of its lines could never happen.
    pub fn follow(&self, script: Script) -> Result<(), UnfitScript> {
        self.changed(|state| state.follow(script, &self.inner.clock))
    }

    /// What of the script has not happened yet.
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.inner.state().faults.pending()
    }

    /// The script's events to come.
    pub fn events(&self) -> Vec<Event> {
        self.inner.state().events()
    }

    /// The script's events that have happened.
    pub fn happenings(&self) -> Vec<Happening> {
        self.inner.state().happenings.clone()
    }

    pub fn clear_faults(&self) {
        self.inner.state().faults.clear();
    }

    /// How many requests hang.
    pub fn held(&self) -> usize {
        self.inner.held.load(Ordering::SeqCst)
    }

    /// Lets go what hangs. Returns how many requests that was.
    pub fn release(&self) -> usize {
        self.inner.release()
    }

    /// Waits until the condition holds, looking again after everything that happens here.
    pub async fn until(&self, condition: impl Fn(&Self) -> bool) {
        let mut happened = self.inner.happened.subscribe();
        while !condition(self) {
            if happened.changed().await.is_err() {
                return;
            }
        }
    }

    /// Adds or replaces a job, as if Amazon had just changed it.
    pub fn put_job(&self, job: Job) {
        let now = self.inner.clock.now();
        let id = job.service_job_id.clone();
        self.changed_job(&id, |state| {
            state.jobs.insert(id.clone(), Job { last_updated: now, ..job });
        });
    }

    pub fn resources(&self) -> Vec<Resource> {
        self.inner.state().resources.values().cloned().collect()
    }

    /// Adds or replaces a resource.
    pub fn put_resource(&self, resource: Resource) {
        self.changed(|state| state.resources.insert(resource.resource_id.clone(), resource));
    }

    pub fn offerings(&self) -> Vec<Offering> {
        self.inner.state().offerings.clone()
    }

    /// Adds something that may be booked.
    pub fn offer(&self, offering: Offering) {
        self.changed(|state| state.offerings.push(offering));
    }

    pub fn reservations(&self) -> Vec<Reservation> {
        self.inner.state().reservations.values().cloned().collect()
    }

    /// Every order, as its jobs leave it.
    pub fn orders(&self) -> Vec<Order> {
        order::orders(self.inner.state().jobs.values())
    }

    /// Amazon does not have the job any more: it is on no list, and asking for it is refused.
    pub fn remove_job(&self, service_job_id: &str) {
        self.changed(|state| state.jobs.remove(service_job_id));
    }

    /// Amazon touches the job without a visible change.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn touch(&self, service_job_id: &str) -> Result<(), UnknownJob> {
        let now = self.inner.clock.now();
        self.changed_job(service_job_id, |state| state.touch(service_job_id, now).map(|_job| ()))
    }

    /// The customer cancels.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn cancel(&self, service_job_id: &str) -> Result<(), UnknownJob> {
        let now = self.inner.clock.now();
        self.changed_job(service_job_id, |state| state.cancel(service_job_id, now))
    }

    /// The customer moves the visit. Returns the new appointment's id.
    ///
    /// # Errors
    /// When there is no such job or it has no active appointment.
    pub fn reschedule(&self, service_job_id: &str, start: DateTime<Utc>) -> Result<String, UnknownJob> {
        let now = self.inner.clock.now();
        self.changed_job(service_job_id, |state| state.reschedule(service_job_id, start, now))
    }

    /// The seller assigns technicians elsewhere, in Seller Central say. An id nobody has is taken as it is.
    ///
    /// # Errors
    /// When there is no such job or it has no active appointment.
    pub fn assign(&self, service_job_id: &str, technician_ids: &[&str]) -> Result<(), UnknownJob> {
        let now = self.inner.clock.now();
        self.changed_job(service_job_id, |state| state.assign(service_job_id, technician_ids, now))
    }

    /// A change of one job, whose state before it is kept for stale reads.
    fn changed_job<T>(&self, id: &str, change: impl FnOnce(&mut State) -> T) -> T {
        self.changed(|state| {
            let was = state.jobs.get(id).cloned();
            let outcome = change(state);
            state.remember(Some((id.to_owned(), was)));
            outcome
        })
    }

    fn changed<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.inner.state());
        self.inner.tell();
        outcome
    }

    /// Enforces the published rates, or not.
    pub fn set_rates(&self, rates: Rates) {
        self.inner.state().rates = rates;
    }

    /// Starts over with a scenario around the clock's present. Its technicians are those of the start.
    pub fn play(&self, scenario: Scenario) {
        self.changed(|state| {
            let (seed, jobs) = (state.staff.seed, state.staff.jobs);
            state.play(scenario, seed, jobs, &self.inner.clock);
        });
    }

    /// Starts over, with the same day or another; everything that happened is forgotten, access tokens too.
    pub fn reset(&self, day: Option<Day>) {
        self.changed(|state| {
            let day = day.unwrap_or_else(|| state.day.clone());
            state.reset(day);
        });
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shut();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}
