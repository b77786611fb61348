//! Which column of a file is what. Amazon does not document its export, so the seller's own names come first, and then
//! our guesses; only the job's id has to be found.

use doorstep_core::api::{ImportColumn, ImportColumns, ImportField};
use std::collections::BTreeMap;

/// What a column may be called, as `plain` writes it; the likeliest first.
const fn guesses(field: ImportField) -> &'static [&'static str] {
    use ImportField as F;
    match field {
        F::ServiceJobId => &[
            "servicejobid",
            "jobid",
            "amazonjobid",
            "servicejobnumber",
            "jobnumber",
            "servicejob",
            "serviceid",
            "workorderid",
            "job",
        ],
        F::OrderId => &["serviceorderid", "orderid", "amazonorderid", "ordernumber", "order"],
        F::Status => &["servicejobstatus", "jobstatus", "servicestatus", "status"],
        F::Title => &[
            "servicetitle",
            "jobtitle",
            "servicename",
            "title",
            "service",
            "servicetype",
            "jobtype",
            "work",
            "description",
        ],
        F::Asin => &["serviceasin", "asin"],
        F::Created => &[
            "createtime",
            "createdtime",
            "createdat",
            "createddate",
            "creationdate",
            "creationtime",
            "created",
            "createdon",
            "orderdate",
            "purchasedate",
        ],
        F::Start => &[
            "appointmentstart",
            "appointmentstarttime",
            "appointmentdatetime",
            "appointmentdate",
            "appointment",
            "scheduledstart",
            "scheduledstarttime",
            "scheduleddatetime",
            "scheduleddate",
            "scheduledfor",
            "servicedate",
            "visitdate",
            "startdate",
            "start",
        ],
        F::StartTime => {
            &["appointmenttime", "scheduledtime", "starttime", "timeslot", "appointmentwindow", "time"]
        }
        F::DurationMinutes => {
            &["durationinminutes", "durationminutes", "appointmentduration", "durationmin", "duration"]
        }
        F::End => {
            &["appointmentend", "appointmentendtime", "scheduledend", "scheduledendtime", "endtime", "end"]
        }
        F::Technician => &[
            "technicianid",
            "technicianname",
            "technician",
            "assignedtechnician",
            "technicians",
            "assignedto",
        ],
        F::BuyerName => {
            &["buyername", "customername", "buyer", "customer", "recipientname", "contactname", "shiptoname"]
        }
        F::Phone => &[
            "buyerphone",
            "buyerphonenumber",
            "customerphone",
            "customerphonenumber",
            "contactphone",
            "phonenumber",
            "phone",
            "telephone",
            "mobile",
        ],
        F::AddressLine1 => &[
            "addressline1",
            "address1",
            "serviceaddress",
            "streetaddress",
            "customeraddress",
            "buyeraddress",
            "shippingaddress",
            "street",
            "address",
        ],
        F::AddressLine2 => &["addressline2", "address2"],
        F::AddressLine3 => &["addressline3", "address3"],
        F::City => &["city", "town", "servicecity", "customercity", "buyercity", "shipcity"],
        F::StateOrRegion => &["stateorregion", "state", "region", "province", "shipstate"],
        F::PostalCode => &["postalcode", "zipcode", "zip", "postcode", "shippostalcode"],
        F::Country => &["countrycode", "country", "shipcountry"],
        F::StoreId => &["storeid", "store"],
    }
}

/// The columns of a file, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns(BTreeMap<ImportField, usize>);

impl Columns {
    /// Finds the fields among the headers. A header is one field at most; of two with one name the first counts.
    pub(super) fn among(headers: &[String], own: &ImportColumns) -> Self {
        let plain_headers: Vec<String> = headers.iter().map(|header| plain(header)).collect();
        let mut found = BTreeMap::new();
        let free = |found: &BTreeMap<ImportField, usize>, name: &str| {
            let at = plain_headers.iter().position(|header| !header.is_empty() && header == name);
            at.filter(|at| !found.values().any(|taken| taken == at))
        };
        for (field, names) in &own.0 {
            if let Some(at) = names.iter().find_map(|name| free(&found, &plain(name))) {
                found.insert(*field, at);
            }
        }
        for field in ImportField::ALL {
            // A field that the seller has named is what the seller says, also when that is nothing.
            if !own.0.contains_key(&field)
                && let Some(at) = guesses(field).iter().find_map(|name| free(&found, name))
            {
                found.insert(field, at);
            }
        }
        // Without a date of its own, a column of times has the date as well.
        if !found.contains_key(&ImportField::Start)
            && !own.0.contains_key(&ImportField::Start)
            && let Some(at) = found.remove(&ImportField::StartTime)
        {
            found.insert(ImportField::Start, at);
        }
        Self(found)
    }

    pub(super) fn has(&self, field: ImportField) -> bool {
        self.0.contains_key(&field)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The field's text in this record, without what a spreadsheet puts around it.
    pub(super) fn text<'r>(&self, record: &'r csv::StringRecord, field: ImportField) -> Option<&'r str> {
        let text = record.get(*self.0.get(&field)?)?.trim();
        // `="00123"` keeps a spreadsheet from reading a number.
        let text = match text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
            Some(inside) if !inside.contains('"') => inside.trim(),
            _ => text,
        };
        let text = text.strip_prefix('\'').unwrap_or(text);
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn named(&self, headers: &[String]) -> Vec<ImportColumn> {
        let named = |(field, at): (&ImportField, &usize)| ImportColumn {
            field: *field,
            header: headers[*at].clone(),
        };
        self.0.iter().map(named).collect()
    }

    pub(super) fn ignored(&self, headers: &[String]) -> Vec<String> {
        let ignored = headers
            .iter()
            .enumerate()
            .filter(|(at, header)| !header.is_empty() && !self.0.values().any(|taken| taken == at));
        ignored.map(|(_, header)| header.clone()).collect()
    }
}

/// A header without what people write differently: case, spaces, punctuation.
fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(headers: &[&str], own: &[(ImportField, &[&str])]) -> Vec<(ImportField, String)> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let own = own.iter().map(|(field, names)| (*field, names.iter().map(|n| (*n).to_owned()).collect()));
        let columns = Columns::among(&headers, &ImportColumns(own.collect()));
        columns.named(&headers).into_iter().map(|column| (column.field, column.header)).collect()
    }

    fn pair(field: ImportField, header: &str) -> (ImportField, String) {
        (field, header.to_owned())
    }

    #[test]
    fn headers_are_found_however_they_are_written() {
        use ImportField::*;
        assert_eq!(
            among(&["Service Job ID", "JOB-STATUS", "zip code", "Colour"], &[]),
            [pair(ServiceJobId, "Service Job ID"), pair(Status, "JOB-STATUS"), pair(PostalCode, "zip code")]
        );
        assert_eq!(among(&["job", "Job ID"], &[]), [pair(ServiceJobId, "Job ID")]);
        assert_eq!(among(&["", "Name"], &[]), []);
    }

    #[test]
    fn the_sellers_own_names_come_first_and_an_empty_list_is_no_column() {
        use ImportField::*;
        let headers = ["Auftrag", "Job ID", "Status"];
        assert_eq!(
            among(&headers, &[(ServiceJobId, &["auftrag"]), (Status, &[])]),
            [pair(ServiceJobId, "Auftrag")]
        );
        assert_eq!(among(&headers, &[(ServiceJobId, &["not there"])]), [pair(Status, "Status")]);
    }

    #[test]
    fn a_time_without_a_date_column_has_the_date_itself() {
        use ImportField::*;
        assert_eq!(
            among(&["Appointment Date", "Appointment Time"], &[]),
            [pair(Start, "Appointment Date"), pair(StartTime, "Appointment Time")]
        );
        assert_eq!(among(&["Appointment Time"], &[]), [pair(Start, "Appointment Time")]);
    }

    #[test]
    fn every_guess_is_written_as_headers_are_compared_and_means_one_field() {
        let mut all: Vec<&str> = ImportField::ALL.into_iter().flat_map(guesses).copied().collect();
        assert!(all.iter().all(|guess| plain(guess) == *guess));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
