//! Who was there.

use crate::{
    closeout::{Closeout, Finding, Rule},
    job::Job,
};

/// Amazon takes fulfilment without resources, but then cannot know who was there: told, not stopped, since the
/// technician at the door cannot mend it. Where the crew was named, each of them is asked about instead.
pub(super) fn technician_is_linked(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    if job.technician_linked || !closeout.crew.is_empty() {
        vec![]
    } else {
        vec![Finding::warn(Rule::TechnicianUnlinked, "job")]
    }
}

pub(super) fn crew_is_known(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    if closeout.crew.is_empty() {
        return vec![];
    }
    let present = closeout.present(&job.crew);
    if present.is_empty() {
        return vec![Finding::stop(Rule::CrewEmpty, "crew")];
    }
    let is_linked = |user| job.crew.iter().any(|member| member.user == user && member.linked);
    let unlinked = present.into_iter().filter(|user| !is_linked(*user));
    unlinked.map(|user| Finding::warn(Rule::CrewUnlinked, ["crew.", &user.to_string()].concat())).collect()
}
