//! One line of a file as the service job it tells of.

use super::{
    columns::Columns,
    when::{self, Habits, Written},
};
use chrono::{DateTime, NaiveDate, Utc};
use doorstep_core::api::ImportField;
use doorstep_spapi::{
    AmazonAppointmentId, OrderId, Other, Pii, ServiceJob, ServiceJobId, StoreId,
    job::{
        Address, Appointment, AppointmentStatus, AppointmentTime, Buyer, JobStatus, ScopeOfWork,
        ServiceLocation,
    },
};

/// Stands where Amazon's id of the visit will be: a file has none.
pub const IMPORTED_VISIT: &str = "imported";

const LONGEST_TEXT: usize = 500;
const LONGEST_ID: usize = 100;
/// Of a visit whose end and duration the file does not say.
const USUAL_MINUTES: u32 = 60;

/// What is wrong with a field. Never quotes it.
pub(super) type Flaw = (ImportField, &'static str);

/// A line that can be taken in.
#[derive(Debug)]
pub(super) struct Good {
    pub(super) job: ServiceJob,
    /// As the file names them: a name or an id of Amazon's.
    pub(super) technician: Option<String>,
    /// What is left out of it.
    pub(super) notes: Vec<Flaw>,
}

/// Reads a line.
///
/// # Errors
/// What keeps it from being taken in.
pub(super) fn read(columns: &Columns, record: &csv::StringRecord, habits: Habits) -> Result<Good, Flaw> {
    for field in ImportField::ALL {
        let Some(text) = columns.text(record, field) else { continue };
        if text.starts_with('=') {
            return Err((field, "This is a formula. Export the values instead."));
        }
        if text.chars().count() > LONGEST_TEXT {
            return Err((field, "This is far too long. A quotation mark may be missing on this line."));
        }
    }
    let text = |field| columns.text(record, field);
    let id = job_id(text(ImportField::ServiceJobId))?;
    let mut notes = Vec::new();

    let visit = visit(columns, record, habits)?;
    let status = match text(ImportField::Status) {
        None => None,
        Some(words) => match status(words) {
            Some(status) => Some(status),
            None => {
                notes.push((ImportField::Status, "This is no status we know. The job is taken as open."));
                None
            }
        },
    };
    let created = match text(ImportField::Created) {
        None => None,
        Some(words) => match created(words, habits) {
            Some(created) => Some(created),
            None => {
                notes.push((ImportField::Created, "This is no date we can read. It is left out."));
                None
            }
        },
    };
    let personal = |field| text(field).map(|text| Pii::from(one_line(text)));
    let address = address(columns, record);
    let buyer = Buyer {
        name: personal(ImportField::BuyerName),
        phone: personal(ImportField::Phone),
        ..Buyer::default()
    };
    let work = ScopeOfWork {
        asin: text(ImportField::Asin).map(one_line),
        title: text(ImportField::Title).map(one_line),
        ..ScopeOfWork::default()
    };
    let job = ServiceJob {
        service_job_id: Some(id),
        service_job_status: status,
        create_time: created,
        service_order_id: text(ImportField::OrderId).map(|text| OrderId::from(one_line(text).as_str())),
        store_id: text(ImportField::StoreId).map(|text| StoreId::from(one_line(text).as_str())),
        scope_of_work: (work != ScopeOfWork::default()).then_some(work),
        buyer: (buyer != Buyer::default()).then_some(buyer),
        service_location: (address != Address::default())
            .then(|| ServiceLocation { address: Some(address), ..ServiceLocation::default() }),
        appointments: visit.into_iter().collect(),
        ..ServiceJob::default()
    };
    Ok(Good { job, technician: text(ImportField::Technician).map(one_line), notes })
}

fn job_id(text: Option<&str>) -> Result<ServiceJobId, Flaw> {
    let field = ImportField::ServiceJobId;
    let text = text.ok_or((field, "The job's id is missing."))?;
    let shortened = text.split_once(['E', 'e']).is_some_and(|(number, exponent)| {
        number.parse::<f64>().is_ok() && exponent.starts_with('+') && number.contains(['.', ','])
    });
    if shortened {
        return Err((
            field,
            "A spreadsheet has shortened this number. Format the column as text and export again.",
        ));
    }
    if text.len() > LONGEST_ID || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err((field, "This cannot be the id of a job."));
    }
    Ok(ServiceJobId::from(text))
}

/// Amazon's statuses, and what people call them.
fn status(text: &str) -> Option<JobStatus> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Some(match plain.as_str() {
        "notserviced" | "scheduled" | "open" | "assigned" | "unassigned" | "accepted" | "confirmed"
        | "inprogress" | "active" => JobStatus::NotServiced,
        "pendingschedule" | "pendingscheduling" | "pending" | "unscheduled" | "needsscheduling"
        | "toschedule" => JobStatus::PendingSchedule,
        "completed" | "complete" | "done" | "serviced" | "closed" => JobStatus::Completed,
        "cancelled" | "canceled" => JobStatus::Cancelled,
        "hold" | "onhold" => JobStatus::Hold,
        "notfulfillable" | "unfulfillable" => JobStatus::NotFulfillable,
        "paymentdeclined" => JobStatus::PaymentDeclined,
        _ => return None,
    })
}

fn created(text: &str, habits: Habits) -> Option<DateTime<Utc>> {
    let written = when::read(text, habits)?;
    when::instant(written.date?.and_time(written.time.unwrap_or_default()), written.zone, habits.zone)
}

/// The visit, where the line has a time.
fn visit(columns: &Columns, record: &csv::StringRecord, habits: Habits) -> Result<Option<Appointment>, Flaw> {
    let text = |field| columns.text(record, field);
    let read = |field| match text(field) {
        None => Ok(None),
        Some(text) => {
            when::read(text, habits).map(Some).ok_or((field, "This is no date and time we can read."))
        }
    };
    let (day, clock) = (read(ImportField::Start)?, read(ImportField::StartTime)?);
    let Some(day) = day else {
        return match clock {
            Some(_) => Err((ImportField::Start, "There is a time of day and no date.")),
            None => Ok(None),
        };
    };
    let date = day.date.ok_or((ImportField::Start, "There is a time of day and no date."))?;
    // The column of times knows better than a date that a spreadsheet has given midnight.
    let with_time = clock.filter(|clock| clock.time.is_some()).unwrap_or(day);
    let (Some(time), zone) = (with_time.time, with_time.zone.or(day.zone)) else {
        return Err((ImportField::Start, "The time of day is missing."));
    };
    let starts = when::instant(date.and_time(time), zone, habits.zone)
        .ok_or((ImportField::Start, "This time does not exist: the clocks go forward then."))?;
    let ends = match (read(ImportField::End)?, with_time.until) {
        (Some(end), _) => Some(end_of(end, date, zone, habits)?),
        (None, Some(until)) => when::instant(date.and_time(until), zone, habits.zone),
        (None, None) => None,
    };
    let minutes = match (text(ImportField::DurationMinutes), ends) {
        (Some(text), _) => {
            when::minutes(text).ok_or((ImportField::DurationMinutes, "This is no duration we can read."))?
        }
        (None, Some(ends)) => {
            let minutes = (ends - starts).num_minutes();
            u32::try_from(minutes).ok().filter(|minutes| (1..=7 * 24 * 60).contains(minutes)).ok_or((
                ImportField::End,
                "The visit does not end after it begins, or lasts more than a week.",
            ))?
        }
        (None, None) => USUAL_MINUTES,
    };
    Ok(Some(Appointment {
        appointment_id: Some(AmazonAppointmentId::from(IMPORTED_VISIT)),
        appointment_status: Some(AppointmentStatus::Active),
        appointment_time: Some(AppointmentTime {
            start_time: starts,
            duration_in_minutes: minutes,
            other: Other::default(),
        }),
        ..Appointment::default()
    }))
}

fn end_of(
    end: Written,
    date: NaiveDate,
    zone: Option<chrono::FixedOffset>,
    habits: Habits,
) -> Result<DateTime<Utc>, Flaw> {
    let time = end.time.ok_or((ImportField::End, "The time of day is missing."))?;
    let at = end.date.unwrap_or(date).and_time(time);
    when::instant(at, end.zone.or(zone), habits.zone)
        .ok_or((ImportField::End, "This time does not exist: the clocks go forward then."))
}

fn address(columns: &Columns, record: &csv::StringRecord) -> Address {
    let text = |field| columns.text(record, field);
    let personal = |field| text(field).map(|text| Pii::from(one_line(text)));
    // One field may hold the whole of it, line by line.
    let lines = [ImportField::AddressLine1, ImportField::AddressLine2, ImportField::AddressLine3];
    let mut lines: Vec<&str> =
        lines.into_iter().filter_map(text).flat_map(str::lines).map(str::trim).collect();
    lines.retain(|line| !line.is_empty());
    let last = lines.get(2..).filter(|rest| !rest.is_empty()).map(|rest| one_line(&rest.join(", ")));
    let line = |at: usize| lines.get(at).map(|line| Pii::from(one_line(line)));
    Address {
        address_line1: line(0),
        address_line2: line(1),
        address_line3: last.map(Pii::from),
        city: personal(ImportField::City),
        state_or_region: personal(ImportField::StateOrRegion),
        postal_code: personal(ImportField::PostalCode),
        country_code: text(ImportField::Country).map(|text| Pii::from(country(text))),
        ..Address::default()
    }
}

/// The two letters of the countries where Amazon sells services; another one stays as it is written.
fn country(text: &str) -> String {
    let code = match text.to_lowercase().as_str() {
        "united states" | "united states of america" | "usa" | "u.s." => "US",
        "united kingdom" | "great britain" | "uk" => "GB",
        "germany" | "deutschland" => "DE",
        "japan" => "JP",
        "india" => "IN",
        "canada" => "CA",
        "united arab emirates" => "AE",
        _ if text.len() == 2 => return text.to_uppercase(),
        _ => return one_line(text),
    };
    code.to_owned()
}

/// Without what would break a line or hide in it.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::api::ImportColumns;

    const BERLIN: Habits = Habits { zone: chrono_tz::Europe::Berlin, month_first: false };

    fn line(pairs: &[(&str, &str)]) -> Result<Good, Flaw> {
        let headers: Vec<String> = pairs.iter().map(|(header, _)| (*header).to_owned()).collect();
        let columns = Columns::among(&headers, &ImportColumns::default());
        let record = csv::StringRecord::from(pairs.iter().map(|(_, text)| *text).collect::<Vec<_>>());
        read(&columns, &record, BERLIN)
    }

    fn window(pairs: &[(&str, &str)]) -> Result<String, ImportField> {
        let good = line(&[&[("Job ID", "J1")], pairs].concat()).map_err(|(field, _)| field)?;
        let Some(visit) = good.job.appointments.first() else { return Ok("none".to_owned()) };
        let time = visit.appointment_time.as_ref().unwrap();
        Ok(format!("{} {}", time.start_time.format("%FT%RZ"), time.duration_in_minutes))
    }

    #[test]
    fn a_job_id_alone_is_a_job() {
        let good = line(&[("Job ID", " =\"00123\" ")]).unwrap();
        assert_eq!(good.job.service_job_id.unwrap().as_str(), "00123");
        assert!(good.notes.is_empty() && good.job.appointments.is_empty() && good.job.buyer.is_none());
    }

    #[test]
    fn a_line_without_a_usable_id_is_refused_and_not_quoted() {
        let long = "9".repeat(101);
        for id in ["", " ", "=A1", "3.4534E+13", "two words", "naïve", "a\u{fffd}b", long.as_str()] {
            let (field, reason) = line(&[("Job ID", id), ("City", "Sampletown")]).unwrap_err();
            assert_eq!(field, ImportField::ServiceJobId, "{id}");
            assert!(reason.ends_with('.'));
        }
    }

    #[test]
    fn the_visit_is_put_together_from_whatever_columns_there_are() {
        let is = |text: &str| Ok(text.to_owned());
        assert_eq!(window(&[("Start", "2026-03-05 09:00")]), is("2026-03-05T08:00Z 60"));
        assert_eq!(window(&[("Start", "2026-03-05 09:00"), ("Duration", "90")]), is("2026-03-05T08:00Z 90"));
        assert_eq!(window(&[("Start", "2026-03-05 09:00"), ("End", "10:30")]), is("2026-03-05T08:00Z 90"));
        assert_eq!(
            window(&[("Start", "5.3.2026 0:00"), ("Start Time", "9:00 - 11:00")]),
            is("2026-03-05T08:00Z 120")
        );
        assert_eq!(
            window(&[("Start", "2026-03-05T09:00+03:00"), ("End", "10:00")]),
            is("2026-03-05T06:00Z 60")
        );
        assert_eq!(window(&[("Start", ""), ("End", "10:00")]), is("none"));
        assert_eq!(window(&[("Start", "2026-03-05")]), Err(ImportField::Start));
        assert_eq!(window(&[("Start", "tomorrow")]), Err(ImportField::Start));
        assert_eq!(window(&[("Start", "2026-03-29 02:30")]), Err(ImportField::Start));
        assert_eq!(window(&[("Start", "2026-03-05 09:00"), ("End", "08:00")]), Err(ImportField::End));
        assert_eq!(
            window(&[("Start", "2026-03-05 09:00"), ("Duration", "long")]),
            Err(ImportField::DurationMinutes)
        );
    }

    #[test]
    fn a_visit_that_takes_no_time_is_refused() {
        for none in ["0", "0:00", "0 h"] {
            let refused = window(&[("Start", "2026-03-05 09:00"), ("Duration", none)]);
            assert_eq!(refused, Err(ImportField::DurationMinutes), "{none}");
        }
        let refused = window(&[("Start", "2026-03-05 09:00"), ("End", "2026-03-05 09:00")]);
        assert_eq!(refused, Err(ImportField::End));
    }

    #[test]
    fn an_address_of_several_lines_in_one_field_is_lines() {
        let good = line(&[
            ("Job ID", "J1"),
            ("Address", "7 Sample Street\nBack house\nDoor 2\nBell 3"),
            ("Country", "Germany"),
        ]);
        let address = good.unwrap().job.service_location.unwrap().address.unwrap();
        let shown =
            [&address.address_line1, &address.address_line2, &address.address_line3, &address.country_code]
                .map(|line| line.as_ref().unwrap().expose().clone());
        assert_eq!(shown, ["7 Sample Street", "Back house", "Door 2, Bell 3", "DE"]);
    }

    #[test]
    fn an_unknown_status_is_noted_and_a_known_one_is_amazons() {
        let job = |words: &str| line(&[("Job ID", "J1"), ("Status", words)]).unwrap();
        assert_eq!(job("Not Serviced").job.service_job_status, Some(JobStatus::NotServiced));
        assert_eq!(job("PENDING_SCHEDULE").job.service_job_status, Some(JobStatus::PendingSchedule));
        let unknown = job("Frobnicated");
        assert_eq!(unknown.job.service_job_status, None);
        assert_eq!(unknown.notes[0].0, ImportField::Status);
    }
}
