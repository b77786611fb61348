//! Whom a file means by a name.

use super::row::Flaw;
use crate::db::import::TechnicianName;
use doorstep_core::api::ImportField;
use doorstep_spapi::{Pii, ServiceJob, TechnicianId, job::Technician};
use std::collections::BTreeSet;

/// The technicians who can sign in.
#[derive(Debug)]
pub(super) struct Technicians(Vec<TechnicianName>);

impl Technicians {
    pub(super) fn new(names: Vec<TechnicianName>) -> Self {
        Self(names)
    }

    /// Assigns the job's visit to those whom the file names, and says whom it could not find.
    pub(super) fn assign(&self, job: &mut ServiceJob, named: Option<&str>) -> Vec<Flaw> {
        let Some(named) = named else { return Vec::new() };
        let mut notes = Vec::new();
        let Some(visit) = job.appointments.first_mut() else {
            return vec![(ImportField::Technician, "There is no visit to assign anybody to.")];
        };
        // A name may have a comma in it: only what is nobody's name as a whole is a list.
        let whole = self.one(named);
        let found = match whole {
            Ok(_) => vec![whole],
            Err(_) => named.split([';', ',', '/', '&', '|']).map(|part| self.one(part.trim())).collect(),
        };
        for technician in found {
            match technician {
                Ok(id) => visit.assigned_technicians.push(Technician {
                    technician_id: Some(TechnicianId::from(id.as_str())),
                    name: self
                        .0
                        .iter()
                        .find(|known| known.technician_id.as_ref() == Some(&id))
                        .map(|known| Pii::from(known.name.as_str())),
                    ..Technician::default()
                }),
                Err(why) => notes.push((ImportField::Technician, why)),
            }
        }
        notes
    }

    /// Amazon's id of somebody who is named by it or by the name they sign in with.
    fn one(&self, text: &str) -> Result<String, &'static str> {
        if self.0.iter().any(|known| known.technician_id.as_deref() == Some(text)) {
            return Ok(text.to_owned());
        }
        let same = |known: &&TechnicianName| known.name.to_lowercase() == text.to_lowercase();
        let people: BTreeSet<&str> = self.0.iter().filter(same).map(|known| known.name.as_str()).collect();
        match (people.len(), self.0.iter().find(same)) {
            (1, Some(TechnicianName { technician_id: Some(id), .. })) => Ok(id.clone()),
            (1, _) => {
                Err("This technician is not linked to an id of Amazon's. The visit is assigned to nobody.")
            }
            (0, _) if looks_like_an_id(text) => Ok(text.to_owned()),
            (0, _) => Err("Nobody here signs in with this name. The visit is assigned to nobody."),
            _ => Err("Several people here have this name. The visit is assigned to nobody."),
        }
    }
}

/// Amazon's ids have no spaces and always a digit; names are the other way round.
fn looks_like_an_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.len() >= 4 && text.bytes().all(fits) && text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_spapi::job::Appointment;

    fn assigned(named: &str) -> (Vec<String>, usize) {
        let known = |name: &str, id: Option<&str>| TechnicianName {
            name: name.to_owned(),
            technician_id: id.map(str::to_owned),
        };
        let technicians = Technicians::new(vec![
            known("Robin Sample", Some("TECH1")),
            known("Robin Sample", Some("TECH9")),
            known("Placeholder, Sam", Some("TECH2")),
            known("Kim Sample", None),
        ]);
        let mut job = ServiceJob { appointments: vec![Appointment::default()], ..ServiceJob::default() };
        let notes = technicians.assign(&mut job, Some(named));
        let ids = job.appointments[0].assigned_technicians.iter();
        (ids.map(|one| one.technician_id.as_ref().unwrap().as_str().to_owned()).collect(), notes.len())
    }

    #[test]
    fn technicians_are_found_by_name_and_by_id() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(assigned("robin sample"), (ids(&["TECH1"]), 0));
        assert_eq!(assigned("TECH9"), (ids(&["TECH9"]), 0));
        assert_eq!(assigned("Placeholder, Sam"), (ids(&["TECH2"]), 0));
        assert_eq!(assigned("TECH2; Robin Sample"), (ids(&["TECH2", "TECH1"]), 0));
        assert_eq!(
            assigned("A1B2C3"),
            (ids(&["A1B2C3"]), 0),
            "somebody of Amazon's whom nobody is linked to"
        );
        assert_eq!(assigned("Kim Sample"), (ids(&[]), 1));
        assert_eq!(assigned("Nobody Here"), (ids(&[]), 1));
    }
}
