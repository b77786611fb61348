//! Which of Amazon's appointments is which of our visits. Rescheduling may give a visit a new id at Amazon; ours,
//! and with it the closeout, stays.

use crate::db::intake::StoredVisit;
use doorstep_core::{id::AppointmentId, job::Window};
use doorstep_spapi::job::Appointment;
use std::collections::BTreeSet;

/// An appointment as Amazon sends it, as far as intake looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) amazon_id: String,
    pub(super) status: String,
    pub(super) window: Option<Window>,
    /// Sorted, each once.
    pub(super) technicians: Vec<String>,
    rescheduled_to: Option<String>,
}

/// Where an appointment of Amazon's goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is this visit.
    Visit(AppointmentId),
    /// It is a visit not seen before.
    New,
    /// Another took its place, or it was called off before we saw it: nobody goes there.
    Nowhere,
}

impl Sent {
    /// `None` for an appointment without an id.
    pub(super) fn read(appointment: &Appointment) -> Option<Self> {
        let technicians = appointment.assigned_technicians.iter();
        let technicians: BTreeSet<String> = technicians
            .filter_map(|technician| Some(technician.technician_id.as_ref()?.as_str().to_owned()))
            .collect();
        let window = appointment.appointment_time.as_ref();
        let window = window.map(|time| Window { start: time.start_time.into(), end: time.end_time().into() });
        let amazon_id = appointment.appointment_id.as_ref()?.as_str().to_owned();
        let rescheduled_to = appointment.rescheduled_appointment_id.as_ref().map(|id| id.as_str().to_owned());
        Some(Self {
            // Some answers repeat the id of the visit itself.
            rescheduled_to: rescheduled_to.filter(|to| *to != amazon_id && !to.is_empty()),
            amazon_id,
            // The model has no appointment without a status; one that is only planned is active.
            status: appointment
                .appointment_status
                .as_ref()
                .map_or("ACTIVE", |status| status.as_str())
                .to_owned(),
            window,
            technicians: technicians.into_iter().collect(),
        })
    }
}

/// The place of each appointment in `sent`, whose ids differ.
pub(super) fn places(stored: &[StoredVisit], sent: &[Sent]) -> Vec<Place> {
    let known = |amazon_id: &str| stored.iter().find(|visit| visit.amazon_id == amazon_id);
    let position = |amazon_id: &str| sent.iter().position(|other| other.amazon_id == amazon_id);
    let mut places: Vec<Option<Place>> =
        sent.iter().map(|sent| known(&sent.amazon_id).map(|visit| Place::Visit(visit.appointment))).collect();

    // Amazon says which appointment took the place of which. A visit that was handed over stays what it was:
    // what takes its place is another one.
    for (old, appointment) in sent.iter().enumerate() {
        let Some(new) = successor(sent, old) else { continue };
        match known(&appointment.amazon_id) {
            // Not to one that was called off as well: what comes instead is found below.
            Some(visit) if places[new].is_none() && !visit.handed_over && sent[new].status != "CANCELLED" => {
                places[new] = Some(Place::Visit(visit.appointment));
                places[old] = Some(Place::Nowhere);
            }
            Some(_) => {}
            None => places[old] = Some(Place::Nowhere),
        }
    }
    for (index, appointment) in sent.iter().enumerate() {
        if places[index].is_none() && appointment.status == "CANCELLED" {
            places[index] = Some(Place::Nowhere);
        }
    }

    // Amazon does not say, but one visit has gone and one has come.
    let newcomers: Vec<usize> =
        (0..sent.len()).filter(|&index| places[index].is_none() && sent[index].status == "ACTIVE").collect();
    let moved = |visit: &&StoredVisit| {
        places.iter().zip(sent).any(|(place, sent)| {
            *place == Some(Place::Visit(visit.appointment)) && sent.amazon_id != visit.amazon_id
        })
    };
    let gone: Vec<&StoredVisit> = stored
        .iter()
        .filter(|visit| !visit.handed_over && visit.status != "COMPLETED" && !moved(visit))
        .filter(|visit| position(&visit.amazon_id).is_none_or(|index| sent[index].status == "CANCELLED"))
        .collect();
    let was_active: Vec<&StoredVisit> =
        gone.iter().copied().filter(|visit| visit.status == "ACTIVE").collect();
    let left = if was_active.is_empty() { gone } else { was_active };
    if let ([newcomer], [visit]) = (&newcomers[..], &left[..]) {
        if let Some(old) = position(&visit.amazon_id) {
            places[old] = Some(Place::Nowhere);
        }
        places[*newcomer] = Some(Place::Visit(visit.appointment));
    }
    places.into_iter().map(|place| place.unwrap_or(Place::New)).collect()
}

/// The appointment at the end of the chain of reschedulings, if it was sent as well.
fn successor(sent: &[Sent], old: usize) -> Option<usize> {
    let mut at = old;
    // A chain is no longer than the list; one that is goes round in circles.
    for _ in 0..sent.len() {
        let next = sent[at].rescheduled_to.as_ref();
        match next.and_then(|to| sent.iter().position(|other| other.amazon_id == *to)) {
            Some(next) => at = next,
            None => return (at != old).then_some(at),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::time::Timestamp;
    use proptest::{collection::btree_map, option, prelude::*, sample::select};

    const WINDOW: Window = Window { start: Timestamp(0), end: Timestamp(1) };

    fn stored(number: u8, amazon_id: &str, status: &str) -> StoredVisit {
        StoredVisit {
            appointment: AppointmentId::from_bytes([number; 16]),
            amazon_id: amazon_id.to_owned(),
            status: status.to_owned(),
            window: WINDOW,
            handed_over: false,
        }
    }

    fn sent(amazon_id: &str, status: &str, rescheduled_to: Option<&str>) -> Sent {
        Sent {
            amazon_id: amazon_id.to_owned(),
            status: status.to_owned(),
            window: Some(WINDOW),
            technicians: Vec::new(),
            rescheduled_to: rescheduled_to.map(str::to_owned),
        }
    }

    fn visit(number: u8) -> Place {
        Place::Visit(AppointmentId::from_bytes([number; 16]))
    }

    #[test]
    fn an_appointment_keeps_its_visit_and_an_unknown_one_is_new() {
        let places =
            places(&[stored(1, "a", "ACTIVE")], &[sent("a", "ACTIVE", None), sent("b", "COMPLETED", None)]);
        assert_eq!(places, [visit(1), Place::New]);
    }

    #[test]
    fn a_visit_follows_its_reschedulings_to_the_last() {
        let chain =
            [sent("a", "CANCELLED", Some("b")), sent("b", "CANCELLED", Some("c")), sent("c", "ACTIVE", None)];
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &chain), [Place::Nowhere, Place::Nowhere, visit(1)]);
        // The same answer again finds the visit at its new id.
        assert_eq!(places(&[stored(1, "c", "ACTIVE")], &chain), [Place::Nowhere, Place::Nowhere, visit(1)]);
    }

    #[test]
    fn one_gone_and_one_come_is_the_same_visit() {
        let come = [sent("a", "CANCELLED", None), sent("b", "ACTIVE", None)];
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &come), [Place::Nowhere, visit(1)]);
        assert_eq!(places(&[stored(1, "b", "ACTIVE")], &come), [Place::Nowhere, visit(1)]);
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &come[1..]), [visit(1)]);
        assert_eq!(places(&[stored(1, "a", "CANCELLED")], &come), [Place::Nowhere, visit(1)]);
        let both = [stored(1, "x", "CANCELLED"), stored(2, "a", "ACTIVE")];
        assert_eq!(places(&both, &come), [Place::Nowhere, visit(2)]);
    }

    #[test]
    fn what_is_not_certain_is_a_new_visit() {
        let two = [sent("b", "ACTIVE", None), sent("c", "ACTIVE", None)];
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &two), [Place::New, Place::New]);
        let one = [sent("b", "ACTIVE", None)];
        assert_eq!(places(&[stored(1, "a", "CANCELLED"), stored(2, "x", "CANCELLED")], &one), [Place::New]);
        assert_eq!(places(&[stored(1, "a", "COMPLETED")], &one), [Place::New]);
        let stays = [sent("a", "ACTIVE", None), sent("b", "ACTIVE", None)];
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &stays), [visit(1), Place::New]);
    }

    #[test]
    fn a_visit_that_was_handed_over_is_not_moved() {
        let handed_over = StoredVisit { handed_over: true, ..stored(1, "a", "ACTIVE") };
        let moved = [sent("a", "CANCELLED", Some("b")), sent("b", "ACTIVE", None)];
        assert_eq!(places(std::slice::from_ref(&handed_over), &moved), [visit(1), Place::New]);
        assert_eq!(places(&[handed_over], &moved[1..]), [Place::New]);
    }

    #[test]
    fn a_chain_that_goes_round_in_circles_moves_nothing() {
        let circle = [sent("a", "ACTIVE", Some("b")), sent("b", "ACTIVE", Some("a"))];
        assert_eq!(places(&[stored(1, "a", "ACTIVE")], &circle), [visit(1), Place::New]);
        assert_eq!(places(&[], &[sent("a", "CANCELLED", None)]), [Place::Nowhere]);
    }

    const STATUSES: [&str; 3] = ["ACTIVE", "CANCELLED", "COMPLETED"];

    proptest! {
        // Whatever Amazon sends: a visit is in one place only, no two visits get one id of Amazon's, and the same
        // answer again moves nothing and makes nothing new.
        #[test]
        fn the_same_answer_twice_is_the_answer_once(
            known in btree_map("[a-f]", (select(STATUSES.to_vec()), any::<bool>()), 0..4),
            answer in btree_map("[a-f]", (select(STATUSES.to_vec()), option::of("[a-g]")), 0..5),
        ) {
            let mut visits: Vec<StoredVisit> = known
                .iter()
                .zip(1..)
                .map(|((id, (status, handed_over)), number)| {
                    StoredVisit { handed_over: *handed_over, ..stored(number, id, status) }
                })
                .collect();
            let answer: Vec<Sent> = answer
                .iter()
                .map(|(id, (status, to))| sent(id, status, to.as_deref().filter(|to| to != id)))
                .collect();
            for round in 0..3 {
                let before = visits.clone();
                for (place, sent) in places(&before, &answer).into_iter().zip(&answer) {
                    match place {
                        Place::Nowhere => {}
                        Place::New => {
                            prop_assert_eq!(round, 0);
                            let number = u8::try_from(visits.len() + 100).unwrap();
                            visits.push(stored(number, &sent.amazon_id, &sent.status));
                        }
                        Place::Visit(appointment) => {
                            let visit = visits.iter_mut().find(|visit| visit.appointment == appointment).unwrap();
                            prop_assert!(!visit.handed_over || visit.amazon_id == sent.amazon_id);
                            visit.amazon_id.clone_from(&sent.amazon_id);
                            visit.status.clone_from(&sent.status);
                        }
                    }
                }
                let ids: BTreeSet<&str> = visits.iter().map(|visit| visit.amazon_id.as_str()).collect();
                prop_assert_eq!(ids.len(), visits.len());
                prop_assert!(round == 0 || before == visits, "{:?} {:?}", before, visits);
            }
        }
    }
}
