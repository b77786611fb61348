//! Which kind of service a job is of, where Amazon's payload does not say.

use crate::{app::App, service_job::Facts};
use doorstep_core::{
    api::{PolicyChanged, ServiceTypeFact, ServiceTypeMark},
    id::UserId,
    job::ServiceType,
};
use std::collections::BTreeSet;

const MOST_MARKS: usize = 500;
const LONGEST_VALUE: usize = 200;

/// Amazon's own word wins; then the service's ASIN before a skill before the store. Marks come in that order.
pub fn of_marks(marks: &[ServiceTypeMark], facts: &Facts) -> ServiceType {
    let has = |mark: &ServiceTypeMark| match mark.fact {
        ServiceTypeFact::Asin => facts.asin.as_ref() == Some(&mark.value),
        ServiceTypeFact::Skill => facts.skills.contains(&mark.value),
        ServiceTypeFact::Store => facts.store.as_ref() == Some(&mark.value),
    };
    let marked = || marks.iter().find(|mark| has(mark)).map(|mark| mark.service_type);
    facts.service_type.or_else(marked).unwrap_or_default()
}

/// Puts these marks in place of those before, with a line in the audit.
///
/// # Errors
/// The database's. What may not be is the inner words, and changes nothing.
pub async fn set_service_types(
    app: &App,
    marks: &[ServiceTypeMark],
    by: UserId,
) -> anyhow::Result<Result<(), &'static str>> {
    let mut marks: Vec<ServiceTypeMark> = marks
        .iter()
        .map(|mark| ServiceTypeMark { value: mark.value.trim().to_owned(), ..mark.clone() })
        .collect();
    marks.sort();
    let known: BTreeSet<_> = marks.iter().map(|mark| (mark.fact, &mark.value)).collect();
    let fits = |value: &str| {
        (1..=LONGEST_VALUE).contains(&value.chars().count()) && !value.chars().any(char::is_control)
    };
    if marks.len() > MOST_MARKS {
        return Ok(Err("There are more lines than fit."));
    }
    if !marks.iter().all(|mark| fits(&mark.value)) {
        return Ok(Err("An ASIN, a skill or a store takes 1 to 200 characters."));
    }
    if known.len() != marks.len() {
        return Ok(Err("One ASIN, skill or store stands there twice."));
    }
    let (seller, now) = (app.seller, app.clock.now());
    let mut tx = app.db.write().await?;
    tx.lock_policies().await?;
    tx.set_service_type_marks(seller, &marks).await?;
    tx.record_policy_change(seller, by, &PolicyChanged::ServiceTypes { marks }, now).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(fact: ServiceTypeFact, value: &str, service_type: ServiceType) -> ServiceTypeMark {
        ServiceTypeMark { fact, value: value.to_owned(), service_type }
    }

    #[test]
    fn amazons_word_wins_then_the_asin_then_a_skill_then_the_store() {
        let (heavy, recurring) = (ServiceType::HeavyBulk, ServiceType::Recurring);
        let marks = [
            mark(ServiceTypeFact::Asin, "B0", heavy),
            mark(ServiceTypeFact::Skill, "HVAC", recurring),
            mark(ServiceTypeFact::Store, "S1", heavy),
        ];
        let facts = |asin: &str, skill: &str, store: &str| Facts {
            asin: Some(asin.to_owned()),
            skills: vec![skill.to_owned()],
            store: Some(store.to_owned()),
            ..Facts::default()
        };
        assert_eq!(of_marks(&marks, &facts("B0", "HVAC", "S1")), heavy);
        assert_eq!(of_marks(&marks, &facts("B1", "HVAC", "S1")), recurring);
        assert_eq!(of_marks(&marks, &facts("B1", "TV", "S1")), heavy);
        assert_eq!(of_marks(&marks, &facts("B1", "TV", "S2")), ServiceType::Standard);
        let told = Facts { service_type: Some(ServiceType::Standard), ..facts("B0", "HVAC", "S1") };
        assert_eq!(of_marks(&marks, &told), ServiceType::Standard);
    }
}
