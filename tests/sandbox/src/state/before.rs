//! Jobs as they were before their last change, for reads that are stale.

use std::mem;

use super::State;
use crate::job::Job;
use crate::operation::Call;

/// A job's id and the job as it was, if it was there.
pub(crate) type Before = (String, Option<Job>);

impl State {
    /// The job that a request is about, as it is before the request.
    pub(crate) fn subject(&self, call: &Call) -> Option<Before> {
        let id = call.parameters.get("serviceJobId")?;
        Some((id.clone(), self.jobs.get(id).cloned()))
    }

    /// Keeps what a job was before, if it is another now.
    pub(crate) fn remember(&mut self, was: Option<Before>) {
        if let Some((id, job)) = was
            && self.jobs.get(&id) != job.as_ref()
        {
            self.before.insert(id, job);
        }
    }

    /// Runs `read` with every job as it was before its last change.
    pub(crate) fn stale<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.swap();
        let outcome = read(self);
        self.swap();
        outcome
    }

    fn swap(&mut self) {
        let mut before = mem::take(&mut self.before);
        for (id, other) in &mut before {
            let current = self.jobs.remove(id);
            if let Some(job) = mem::replace(other, current) {
                self.jobs.insert(id.clone(), job);
            }
        }
        self.before = before;
    }
}
