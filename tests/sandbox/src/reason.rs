//! The reason codes for cancelling and rescheduling: which marketplace takes which code, by the kind of
//! service.

/// A code and the countries that take it, for each column of Amazon's tables.
struct Reason {
    code: &'static str,
    standard: &'static str,
    heavy_bulk: &'static str,
    recurring: &'static str,
}

const fn cancel(code: &'static str, standard: &'static str, heavy_bulk: &'static str) -> Reason {
    // Recurring services have no column of their own here.
    Reason { code, standard, heavy_bulk, recurring: standard }
}

const fn reschedule(
    code: &'static str,
    standard: &'static str,
    heavy_bulk: &'static str,
    recurring: &'static str,
) -> Reason {
    Reason { code, standard, heavy_bulk, recurring }
}

#[rustfmt::skip]
const CANCELLATION: [Reason; 36] = [
    cancel("S1", "US IN UK DE", "US IN UK DE"),
    cancel("S2", "", "DE"),
    cancel("S3", "US IN UK DE", "US IN UK DE"),
    cancel("S4", "", "DE"),
    cancel("S5", "", "DE"),
    cancel("S6", "", "DE"),
    cancel("S13", "US IN UK DE", "US IN UK"),
    cancel("S14", "US", "US"),
    cancel("S15", "US IN UK DE", "US IN UK"),
    cancel("S16", "US UK DE", "US UK"),
    cancel("S17", "US IN", "US IN"),
    cancel("S20", "IN", "IN"),
    cancel("S27", "IN", "IN"),
    cancel("S28", "", ""),
    cancel("S29", "", ""),
    cancel("S30", "", ""),
    cancel("S31", "IN", ""),
    cancel("S32", "IN", ""),
    cancel("S33", "IN", ""),
    cancel("S34", "IN", ""),
    cancel("S35", "IN", ""),
    cancel("S36", "IN", ""),
    cancel("S37", "IN", ""),
    cancel("S38", "IN", ""),
    cancel("S39", "IN", ""),
    cancel("S40", "IN", ""),
    cancel("S41", "IN", ""),
    cancel("S42", "IN", ""),
    cancel("S43", "IN", ""),
    cancel("S44", "IN", ""),
    cancel("S45", "IN", ""),
    cancel("S46", "IN", ""),
    cancel("S47", "IN", ""),
    cancel("S51", "IN", ""),
    cancel("S52", "IN", ""),
    cancel("S55", "IN", ""),
];

#[rustfmt::skip]
const RESCHEDULE: [Reason; 18] = [
    reschedule("RS1", "", "DE", ""),
    reschedule("RS2", "", "DE", ""),
    reschedule("RS3", "", "DE", ""),
    reschedule("RS4", "US AE JP", "US DE JP", "US JP"),
    reschedule("RS5", "", "DE", ""),
    reschedule("RS6", "US IN UK DE AE JP", "US IN UK JP", ""),
    reschedule("RS8", "UK DE", "US UK JP", "US JP"),
    reschedule("RS9", "US IN UK DE AE JP", "US IN UK JP", ""),
    reschedule("RS10", "US UK DE AE JP", "US UK JP", ""),
    reschedule("RS11", "US IN UK DE AE JP", "US IN UK JP", "US JP"),
    reschedule("RS12", "IN UK DE", "IN UK", ""),
    reschedule("DRS1", "", "US JP", ""),
    reschedule("DRS2", "", "US JP", ""),
    reschedule("DRS3", "", "US JP", ""),
    reschedule("DRS4", "", "US JP", ""),
    reschedule("DRS5", "", "US JP", ""),
    reschedule("DRS6", "", "US JP", ""),
    reschedule("SRS1", "", "US JP", ""),
];

/// The marketplaces that the tables name.
const COUNTRIES: [(&str, &str); 6] = [
    ("ATVPDKIKX0DER", "US"),
    ("A21TJRUUN4KGV", "IN"),
    ("A1F83G8C2ARO7P", "UK"),
    ("A1PA6795UKMFR9", "DE"),
    ("A2VIGQ35RCS4UG", "AE"),
    ("A1VC38T7YXB528", "JP"),
];

/// Whether a job may be cancelled for this reason.
pub(crate) fn cancels(code: &str, marketplace_id: &str, service_type: &str) -> bool {
    taken(&CANCELLATION, code, marketplace_id, service_type)
}

/// Whether an appointment may be moved for this reason.
pub(crate) fn reschedules(code: &str, marketplace_id: &str, service_type: &str) -> bool {
    taken(&RESCHEDULE, code, marketplace_id, service_type)
}

/// A marketplace that the tables leave out takes every code there is: nobody outside Amazon knows better.
fn taken(table: &[Reason], code: &str, marketplace_id: &str, service_type: &str) -> bool {
    let Some(reason) = table.iter().find(|reason| reason.code == code) else { return false };
    let column = match service_type {
        "heavybulky" => reason.heavy_bulk,
        "recurring" => reason.recurring,
        _ => reason.standard,
    };
    match COUNTRIES.iter().find(|(id, _)| *id == marketplace_id) {
        Some((_, country)) => column.split(' ').any(|taken| taken == *country),
        None => true,
    }
}
