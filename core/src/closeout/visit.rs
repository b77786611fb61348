//! What follows from all that was recorded of a visit: who was there, which times count, how it ends.

use super::{Asked, Closeout, Fact, Outcome, Step};
use crate::{
    decision::{DecisionState, OfficeDecision},
    id::{RequestId, UserId},
    job::{CrewMember, Job},
    time::{Moment, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What Amazon is told once nothing stops a closeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The fulfilment, and that the job is completed.
    Complete,
    /// The fulfilment alone: somebody comes again.
    FulfilOnly,
    /// Nothing of it: nobody was there, or the office has to decide first.
    Nothing,
}

impl Closeout {
    /// Everybody who was at the visit: those Amazon has assigned, unless the technician says otherwise.
    pub fn present(&self, crew: &[CrewMember]) -> BTreeSet<UserId> {
        let assigned = crew.iter().filter(|member| member.assigned).map(|member| member.user);
        let mut present: BTreeSet<UserId> = assigned.collect();
        for (user, presence) in &self.crew {
            if presence.was_there {
                present.insert(*user)
            } else {
                present.remove(user)
            };
        }
        present
    }

    /// When a step was, as far as the phone can tell: what the technician said, or else the tap by a clock set right.
    pub fn time_of(&self, step: Step) -> Option<Timestamp> {
        let said = self.corrections.get(&step).map(|correction| correction.at);
        said.or_else(|| self.steps.get(&step).map(Moment::corrected))
    }

    /// Nothing is left to be recorded: the work is finished, or nobody was there.
    pub fn is_over(&self) -> bool {
        self.is_finished() || matches!(self.outcome, Some(Outcome::NoShow { .. }))
    }

    /// Requests that the technician has not taken back, the office has not declined, and no move has met: a visit that
    /// was moved goes on, with the same closeout.
    pub fn open_requests(&self, decisions: &[OfficeDecision]) -> impl Iterator<Item = (&RequestId, &Asked)> {
        let is_answered = |id: &RequestId| {
            // The last word counts.
            let last = decisions.iter().rev().find(|decision| decision.request == Some(*id));
            last.is_some_and(|last| last.state == DecisionState::Declined || last.is_moved())
        };
        self.requests.iter().filter(move |(id, asked)| !asked.withdrawn && !is_answered(id))
    }

    /// How the visit ends by what was recorded and what the office has said to it.
    pub fn ending(&self, job: &Job) -> Ending {
        if matches!(self.outcome, Some(Outcome::NoShow { .. }))
            || self.open_requests(&job.decisions).next().is_some()
        {
            Ending::Nothing
        } else if self.wants_another_visit(job) {
            Ending::FulfilOnly
        } else {
            Ending::Complete
        }
    }

    /// Somebody has to come again. A visit that the office has moved since, before it was reported, is that other
    /// visit; one that was reported stays at its time.
    #[inline(never)]
    pub(super) fn wants_another_visit(&self, job: &Job) -> bool {
        matches!(self.outcome, Some(Outcome::SecondVisit { at, .. }) if !job.was_moved_since(at.corrected()))
    }

    /// Takes a fact over, as one value among those that are there.
    pub(crate) fn take(&mut self, fact: Fact) {
        match fact {
            Fact::Correction(step, correction) => drop(self.corrections.insert(step, correction)),
            Fact::Pause(id, pause) => drop(self.pauses.insert(id, pause)),
            Fact::Eta(eta) => self.eta = Some(eta),
            Fact::Crew(user, presence) => drop(self.crew.insert(user, presence)),
            Fact::CrewStep(user, step, moment) => {
                self.crew_steps.entry(user).or_default().insert(step, moment);
            }
            Fact::Acceptance(acceptance) => self.acceptance = Some(acceptance),
            Fact::Serial(slot, serial) => drop(self.serials.insert(slot, serial)),
            Fact::Caption(photo, caption) => drop(self.captions.insert(photo, caption)),
            Fact::Look(photo, look) => drop(self.looks.insert(photo, look)),
            Fact::Attempt(id, attempt) => drop(self.attempts.insert(id, attempt)),
            Fact::Outcome(outcome) => self.outcome = Some(outcome),
            Fact::Request(id, asked) => drop(self.requests.insert(id, asked)),
        }
    }

    /// All facts it holds: what `take` was given.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(self.corrections.iter().map(|(step, value)| Fact::Correction(*step, *value)));
        facts.extend(self.pauses.iter().map(|(id, value)| Fact::Pause(*id, *value)));
        facts.extend(self.eta.map(Fact::Eta));
        facts.extend(self.crew.iter().map(|(user, value)| Fact::Crew(*user, *value)));
        for (user, steps) in &self.crew_steps {
            facts.extend(steps.iter().map(|(step, value)| Fact::CrewStep(*user, *step, *value)));
        }
        facts.extend(self.acceptance.map(Fact::Acceptance));
        facts.extend(self.serials.iter().map(|(slot, value)| Fact::Serial(slot.clone(), *value)));
        facts.extend(self.captions.iter().map(|(photo, value)| Fact::Caption(*photo, *value)));
        facts.extend(self.looks.iter().map(|(photo, value)| Fact::Look(*photo, *value)));
        facts.extend(self.attempts.iter().map(|(id, value)| Fact::Attempt(*id, *value)));
        facts.extend(self.outcome.map(Fact::Outcome));
        facts.extend(self.requests.iter().map(|(id, value)| Fact::Request(*id, *value)));
        facts
    }

    /// Of a crew each person's steps are recorded by themselves; the visit's are the first of them, and the last
    /// *finished*: whoever records that leads. What is recorded of somebody who was not there stays on record alone.
    pub(crate) fn derive_steps(&mut self) {
        for (user, steps) in &self.crew_steps {
            if self.crew.get(user).is_some_and(|presence| !presence.was_there) {
                continue;
            }
            for (step, moment) in steps {
                let counts = self.steps.entry(*step).or_insert(*moment);
                let (known, new) = (in_order(counts), in_order(moment));
                if if *step == Step::Finished { new > known } else { new < known } {
                    *counts = *moment;
                }
            }
        }
    }

    /// Whether the step the closeout shows is one of a person's own.
    pub fn is_of_crew(&self, step: Step) -> Option<UserId> {
        let shown = self.steps.get(&step)?;
        self.crew_steps.iter().find(|(_, steps)| steps.get(&step) == Some(shown)).map(|(user, _)| *user)
    }
}

/// Moments of two phones by their clocks set right; what follows makes the order the same everywhere.
fn in_order(moment: &Moment) -> impl Ord + use<> {
    (moment.corrected(), moment.epoch, moment.monotonic_ms, moment.wall)
}
