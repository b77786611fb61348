//! What a visit is held to: of the seller's policies the one in force for it, or else one that ships with Doorstep.
//! A visit that is begun keeps what the phone held that began it.

pub mod key;
mod publish;
mod service_type;

pub use publish::{Refused, preview, publish};
pub use service_type::{of_marks, set_service_types};

use crate::{
    app::App,
    db::{Tx, policy::PolicyLine},
};
use doorstep_core::{
    api::{Policies, PolicyScope, StandardPolicy},
    closeout::{Closeout, Policy},
    id::{AppointmentId, DeviceId, SellerId},
    job::ServiceType,
    time::Timestamp,
};
use std::{cmp::Reverse, collections::BTreeMap};

/// So many lines of the audit on a page.
const MOST_CHANGES: i64 = 50;

/// The facts of a visit that decide which policy is for it.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    pub marketplace: &'a str,
    pub service_type: ServiceType,
    pub skills: &'a [String],
    /// When the visit starts.
    pub at: Timestamp,
}

impl Held<'_> {
    fn is_in(&self, scope: &PolicyScope) -> bool {
        scope.marketplace.as_ref().is_none_or(|id| id == self.marketplace)
            && scope.service_type.is_none_or(|service_type| service_type == self.service_type)
            && scope.skill.as_ref().is_none_or(|skill| self.skills.contains(skill))
    }
}

/// How closely a scope names its jobs: by how much it names; then a skill counts before a service type, and that
/// before a marketplace; then the first skill by alphabet.
fn rank(scope: &PolicyScope) -> (usize, bool, bool, Reverse<Option<&str>>) {
    let named = [scope.marketplace.is_some(), scope.service_type.is_some(), scope.skill.is_some()];
    (
        named.iter().filter(|named| **named).count(),
        scope.skill.is_some(),
        scope.service_type.is_some(),
        Reverse(scope.skill.as_deref()),
    )
}

/// The version in force for a visit: of each scope that it is in the last that applies by its start, and of these the
/// closest. A scope that is taken back by then does not count. `None` where the seller has written nothing for it.
pub fn in_force<'a>(lines: &'a [PolicyLine], held: &Held<'_>) -> Option<&'a PolicyLine> {
    let mut last: BTreeMap<&PolicyScope, &PolicyLine> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.applies_from <= held.at && held.is_in(&line.scope)) {
        let newer =
            |before: &&PolicyLine| (before.applies_from, before.version) < (line.applies_from, line.version);
        if last.get(&line.scope).is_none_or(newer) {
            last.insert(&line.scope, line);
        }
    }
    last.into_values().filter(|line| line.body.is_some()).max_by_key(|line| rank(&line.scope))
}

impl Tx {
    /// What a visit that is not begun would be held to.
    ///
    /// # Errors
    /// The database's, or a policy on disk does not read.
    pub async fn policy_for(&mut self, seller: SellerId, held: &Held<'_>) -> anyhow::Result<Policy> {
        let lines = self.policy_lines(seller).await?;
        match in_force(&lines, held).and_then(|line| line.body) {
            Some(body) => self.policy_body(seller, &body).await,
            None => Ok(Policy::standard_for(held.service_type, held.skills)),
        }
    }
}

/// Holds a visit to its policy once a step of it is recorded: to the one that the phone had been told when it heard
/// from the server for the last time before, or else to the one in force. The caller has locked the document.
///
/// # Errors
/// The database's, or what is on disk does not read.
pub async fn hold(
    app: &App,
    tx: &mut Tx,
    device: DeviceId,
    closeout: &Closeout,
    received: Timestamp,
) -> anyhow::Result<()> {
    let (seller, appointment) = (app.seller, closeout.appointment);
    let Some(began) = closeout.steps.values().min_by_key(|moment| moment.corrected()) else { return Ok(()) };
    if tx.held_policy(seller, appointment).await?.is_some() {
        return Ok(());
    }
    // Whatever the server said later had not reached the phone.
    let heard = began.seen.map_or(received, |seen| seen.server);
    let known_by = match tx.policy_handed_by(seller, appointment, device, heard).await? {
        Some(known_by) => known_by,
        None => {
            let Some(job) = tx.load_job(&app.root_key, seller, appointment).await? else { return Ok(()) };
            tx.keep_policy_body(seller, &job.policy).await?
        }
    };
    Ok(tx.hold_policy(seller, appointment, &known_by, received).await?)
}

/// Notes what a phone is being told that its visits are held to, where that is new to it.
///
/// # Errors
/// The database's.
pub async fn hand_out(
    app: &App,
    device: DeviceId,
    policies: &[(AppointmentId, Policy)],
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let known = tx.policies_handed_to(app.seller, device).await?;
    drop(tx);
    let mut news = Vec::new();
    for (appointment, policy) in policies {
        let known_by = crate::db::policy::known_by(policy)?;
        if known.get(appointment) != Some(&known_by) {
            news.push((*appointment, policy));
        }
    }
    if news.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    for (appointment, policy) in news {
        let known_by = tx.keep_policy_body(app.seller, policy).await?;
        tx.hand_policy(app.seller, appointment, device, &known_by, now).await?;
    }
    Ok(tx.commit().await?)
}

/// What the fields of a closeout under this policy are called, where the standard policy, which the board has, has no
/// words or others for them.
pub fn names(policy: &Policy) -> BTreeMap<String, String> {
    fn all(policy: &Policy) -> BTreeMap<String, String> {
        let questions = policy.questions.iter().map(|one| ("answers", &one.id, &one.text));
        let shots = policy.shots.iter().map(|one| ("photos", &one.id, &one.text));
        let serials = policy.serials.iter().map(|one| ("serials", &one.id, &one.text));
        let named = questions.chain(shots).chain(serials);
        named.map(|(kind, id, text)| (format!("{kind}.{id}"), text.clone())).collect()
    }
    let known = all(&Policy::standard());
    all(policy).into_iter().filter(|(field, text)| known.get(field) != Some(text)).collect()
}

/// All that `GET /api/policies` shows.
///
/// # Errors
/// The database's, or what is on disk does not read.
pub async fn load(app: &App, tx: &mut Tx) -> anyhow::Result<Policies> {
    let mut versions = tx.policy_versions(app.seller).await?;
    versions.sort_by(|a, b| (&a.scope, a.version).cmp(&(&b.scope, b.version)));
    Ok(Policies {
        server_time: app.clock.now(),
        marketplaces: app.settings.marketplaces().iter().map(|id| id.as_str().to_owned()).collect(),
        versions,
        standards: Policy::standards()
            .into_iter()
            .map(|(name, policy)| StandardPolicy { name: name.to_owned(), policy })
            .collect(),
        changes: tx.policy_changes(app.seller, MOST_CHANGES).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::digest::Sha256;

    fn line(
        market: &str,
        service_type: Option<ServiceType>,
        skill: &str,
        version: u32,
        from: i64,
    ) -> PolicyLine {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        PolicyLine {
            scope: PolicyScope { marketplace: named(market), service_type, skill: named(skill) },
            version,
            applies_from: Timestamp(from),
            body: Some(Sha256::of(format!("{market} {service_type:?} {skill} {version}").as_bytes())),
        }
    }

    /// Which of the lines is in force for a visit in US, of the heavy kind, with two skills.
    fn found(lines: &[PolicyLine], at: i64) -> Option<usize> {
        let skills = ["TV".to_owned(), "CABLES".to_owned()];
        let held = Held {
            marketplace: "US",
            service_type: ServiceType::HeavyBulk,
            skills: &skills,
            at: Timestamp(at),
        };
        let line = in_force(lines, &held)?;
        lines.iter().position(|one| one == line)
    }

    #[test]
    fn the_scope_that_names_most_wins_and_a_skill_decides_a_tie() {
        let heavy = Some(ServiceType::HeavyBulk);
        let lines = [
            line("", None, "", 1, 0),
            line("US", None, "", 1, 0),
            line("", heavy, "", 1, 0),
            line("", None, "TV", 1, 0),
            line("", None, "CABLES", 1, 0),
            line("US", heavy, "", 1, 0),
            line("US", None, "TV", 1, 0),
            line("", heavy, "TV", 1, 0),
            line("US", heavy, "TV", 1, 0),
        ];
        for (many, winner) in [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 7), (9, 8)] {
            assert_eq!(found(&lines[..many], 5), Some(winner), "of {many}");
            let mut backwards = lines[..many].to_vec();
            backwards.reverse();
            assert_eq!(found(&backwards, 5).map(|at| many - 1 - at), Some(winner), "of {many}, backwards");
        }
    }

    #[test]
    fn what_is_for_other_jobs_does_not_count() {
        let lines = [
            line("DE", None, "", 1, 0),
            line("", Some(ServiceType::Recurring), "", 1, 0),
            line("US", None, "HVAC", 1, 0),
        ];
        assert_eq!(found(&lines, 5), None);
    }

    #[test]
    fn a_version_is_for_visits_from_its_date_and_the_later_written_wins_one_date() {
        let mut lines = vec![
            line("", None, "", 1, 0),
            line("", None, "", 2, 10),
            line("", None, "", 3, 7),
            line("", None, "", 4, 10),
        ];
        assert_eq!(
            [-1, 0, 6, 7, 9, 10, 99].map(|at| found(&lines, at)),
            [None, Some(0), Some(0), Some(2), Some(2), Some(3), Some(3)]
        );
        // Taken back from then on; what is wider holds again.
        lines.push(PolicyLine { body: None, ..line("US", None, "", 2, 10) });
        lines.push(line("US", None, "", 1, 5));
        assert_eq!([4, 5, 9, 10].map(|at| found(&lines, at)), [Some(0), Some(5), Some(5), Some(3)]);
    }
}
