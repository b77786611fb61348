//! Capacity, derived: what the schedule gives, less what reservations and appointments take.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::schedule::{Availability, Span};

/// The four capacities of the model at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Levels {
    pub(crate) scheduled: u32,
    /// Taken by appointments.
    pub(crate) encumbered: u32,
    /// Taken by breaks, leaves and the like.
    pub(crate) reserved: u32,
}

impl Levels {
    pub(crate) fn available(self) -> u32 {
        self.scheduled.saturating_sub(self.encumbered).saturating_sub(self.reserved)
    }
}

/// A stretch of time in which nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) span: Span,
    pub(crate) levels: Levels,
}

/// Something that takes part of the capacity for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) span: Span,
    pub(crate) amount: u32,
    pub(crate) kind: ClaimKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimKind {
    Encumbers,
    Reserves,
}

/// The whole of `span` in steps, without gaps.
pub(crate) fn steps(span: Span, schedule: &[Availability], claims: &[Claim]) -> Vec<Step> {
    let shifts: Vec<(Span, u32)> = schedule
        .iter()
        .flat_map(|record| record.occurrences(span).map(|found| (found, record.capacity)))
        .collect();
    let claims: Vec<&Claim> = claims.iter().filter(|claim| claim.span.overlaps(span)).collect();
    let edges = shifts.iter().map(|(span, _)| *span).chain(claims.iter().map(|claim| claim.span));
    let mut turns: BTreeSet<DateTime<Utc>> = edges
        .flat_map(|edge| [edge.start, edge.end])
        .filter(|at| *at > span.start && *at < span.end)
        .collect();
    turns.insert(span.start);
    turns.insert(span.end);
    let turns: Vec<DateTime<Utc>> = turns.into_iter().collect();
    let mut steps = Vec::with_capacity(turns.len());
    for pair in turns.windows(2) {
        let &[start, end] = pair else { continue };
        let here = Span { start, end };
        let taken = |kind| {
            let claims = claims.iter().filter(|claim| claim.kind == kind && claim.span.overlaps(here));
            claims.map(|claim| claim.amount).sum()
        };
        let levels = Levels {
            scheduled: shifts.iter().rfind(|(shift, _)| shift.overlaps(here)).map_or(0, |(_, many)| *many),
            encumbered: taken(ClaimKind::Encumbers),
            reserved: taken(ClaimKind::Reserves),
        };
        steps.push(Step { span: here, levels });
    }
    steps
}

/// What can be counted on throughout `span`.
pub(crate) fn least(steps: &[Step], span: Span, level: impl Fn(Levels) -> u32) -> u32 {
    over(steps, span).map(|step| level(step.levels)).min().unwrap_or(0)
}

/// The most there is at any time of `span`.
pub(crate) fn most(steps: &[Step], span: Span, level: impl Fn(Levels) -> u32) -> u32 {
    over(steps, span).map(|step| level(step.levels)).max().unwrap_or(0)
}

/// The steps are in order, so the search ends early.
fn over(steps: &[Step], span: Span) -> impl Iterator<Item = &Step> {
    let first = steps.partition_point(|step| step.span.end <= span.start);
    steps.iter().skip(first).take_while(move |step| step.span.start < span.end)
}
