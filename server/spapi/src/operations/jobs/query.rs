//! What to look for with `getServiceJobs`.

use chrono::{DateTime, Utc};

use crate::client::PageTokenEncoding;
use crate::id::{MarketplaceId, OrderId, StoreId};
use crate::job::JobStatus;
use crate::open_enum::open_enum;
use crate::{time, uri};

/// From when on. Amazon wants exactly one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// `createdAfter`: jobs created at this time or later.
    Created(DateTime<Utc>),
    /// `lastUpdatedAfter`: jobs changed at this time or later.
    LastUpdated(DateTime<Utc>),
}

open_enum! {
    /// `sortField`.
    SortField {
        /// By the day of the job.
        JobDate = "JOB_DATE",
        /// By the status.
        JobStatus = "JOB_STATUS",
    }
}

open_enum! {
    /// `sortOrder`.
    SortOrder {
        /// Smallest first.
        Ascending = "ASC",
        /// Greatest first.
        Descending = "DESC",
    }
}

/// The order of the jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Which way.
    pub order: SortOrder,
}

/// The parameters of `getServiceJobs`. Empty lists and `None` filter nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `marketplaceIds`, of which Amazon takes one per call.
    pub marketplace_id: MarketplaceId,
    /// `createdAfter` or `lastUpdatedAfter`.
    pub since: Since,
    /// `createdBefore`.
    pub created_before: Option<DateTime<Utc>>,
    /// `lastUpdatedBefore`.
    pub last_updated_before: Option<DateTime<Utc>>,
    /// `serviceJobStatus`.
    pub statuses: Vec<JobStatus>,
    /// `serviceOrderIds`, up to 20: digits and hyphens.
    pub service_order_ids: Vec<OrderId>,
    /// `productOrderIds`, up to 20: digits and hyphens.
    pub product_order_ids: Vec<OrderId>,
    /// `trackingIds`, up to 20: letters, digits and hyphens.
    pub tracking_ids: Vec<String>,
    /// `scheduleStartDate`.
    pub schedule_start: Option<DateTime<Utc>>,
    /// `scheduleEndDate`.
    pub schedule_end: Option<DateTime<Utc>>,
    /// `asins`, up to 20, of ten characters each.
    pub asins: Vec<String>,
    /// `requiredSkills`, up to 20, of 1 to 50 characters each.
    pub required_skills: Vec<String>,
    /// `storeIds`, up to 50, of 1 to 100 characters each.
    pub store_ids: Vec<StoreId>,
    /// `sortField` and `sortOrder`.
    pub sort: Option<Sort>,
    /// `pageSize`, 1 to 20; Amazon takes 20 when it is absent.
    pub page_size: Option<u8>,
    /// `pageToken`: what the page before gave as the next one's.
    pub page_token: Option<String>,
}

/// A parameter and why the model does not allow it.
type Refusal = (&'static str, String);

impl Query {
    /// Everything in a marketplace from a time on.
    pub fn new(marketplace_id: MarketplaceId, since: Since) -> Self {
        Self {
            marketplace_id,
            since,
            created_before: None,
            last_updated_before: None,
            statuses: Vec::new(),
            service_order_ids: Vec::new(),
            product_order_ids: Vec::new(),
            tracking_ids: Vec::new(),
            schedule_start: None,
            schedule_end: None,
            asins: Vec::new(),
            required_skills: Vec::new(),
            store_ids: Vec::new(),
            sort: None,
            page_size: None,
            page_token: None,
        }
    }

    /// The query string, or the parameter that the model does not allow.
    pub(crate) fn encoded(&self, tokens: PageTokenEncoding) -> Result<String, Refusal> {
        let (created_after, last_updated_after) = match self.since {
            Since::Created(time) => (Some(time), None),
            Since::LastUpdated(time) => (None, Some(time)),
        };
        if let (Some(start), Some(end)) = (self.schedule_start, self.schedule_end)
            && end < start
        {
            return Err(("scheduleEndDate", "is before scheduleStartDate".to_owned()));
        }
        if self.marketplace_id.as_str().is_empty() {
            return Err(("marketplaceIds", "is missing".to_owned()));
        }
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'-';
        let mut query = Parameters::default();
        query.one("marketplaceIds", Some(self.marketplace_id.as_str()));
        query.time("createdAfter", created_after);
        query.time("createdBefore", self.created_before);
        query.time("lastUpdatedAfter", last_updated_after);
        query.time("lastUpdatedBefore", self.last_updated_before);
        query.time("scheduleStartDate", self.schedule_start);
        query.time("scheduleEndDate", self.schedule_end);
        query.list("serviceJobStatus", self.statuses.iter().map(JobStatus::as_str), &Limit::any(20))?;
        query.list(
            "serviceOrderIds",
            self.service_order_ids.iter().map(OrderId::as_str),
            &Limit::of(20, digits),
        )?;
        query.list(
            "productOrderIds",
            self.product_order_ids.iter().map(OrderId::as_str),
            &Limit::of(20, digits),
        )?;
        query.list(
            "trackingIds",
            self.tracking_ids.iter().map(String::as_str),
            &Limit::of(20, |byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        )?;
        query.list(
            "asins",
            self.asins.iter().map(String::as_str),
            &Limit { shortest: 10, longest: 10, ..Limit::any(20) },
        )?;
        let skills = self.required_skills.iter().map(String::as_str);
        query.list("requiredSkills", skills, &Limit { longest: 50, ..Limit::any(20) })?;
        query.list(
            "storeIds",
            self.store_ids.iter().map(StoreId::as_str),
            &Limit { longest: 100, ..Limit::any(50) },
        )?;
        if let Some(sort) = &self.sort {
            query.one("sortField", Some(sort.field.as_str()));
            query.one("sortOrder", Some(sort.order.as_str()));
        }
        if let Some(size) = self.page_size {
            if !(1..=20).contains(&size) {
                return Err(("pageSize", format!("is {size}, not 1 to 20")));
            }
            query.one("pageSize", Some(&size.to_string()));
        }
        match (&self.page_token, tokens) {
            (Some(token), PageTokenEncoding::AsReceived) => query.raw("pageToken", &uri::keep_encoded(token)),
            (token, PageTokenEncoding::Encoded) => query.one("pageToken", token.as_deref()),
            (None, _) => {}
        }
        Ok(query.0)
    }
}

/// What a list may hold.
struct Limit {
    items: usize,
    shortest: usize,
    longest: usize,
    allowed: fn(u8) -> bool,
}

impl Limit {
    fn any(items: usize) -> Self {
        Self::of(items, |_| true)
    }

    fn of(items: usize, allowed: fn(u8) -> bool) -> Self {
        Self { items, shortest: 1, longest: usize::MAX, allowed }
    }
}

#[derive(Default)]
struct Parameters(String);

impl Parameters {
    fn raw(&mut self, name: &str, encoded: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(encoded);
    }

    fn one(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.raw(name, &uri::encode(value));
        }
    }

    fn time(&mut self, name: &str, value: Option<DateTime<Utc>>) {
        self.one(name, value.map(time::format).as_deref());
    }

    /// Lists are one parameter with commas, which stay as they are, and a value must not hold one.
    fn list<'a>(
        &mut self,
        name: &'static str,
        values: impl Iterator<Item = &'a str>,
        limit: &Limit,
    ) -> Result<(), Refusal> {
        let values: Vec<&str> = values.collect();
        if values.len() > limit.items {
            return Err((name, format!("has {} values, more than {}", values.len(), limit.items)));
        }
        for value in &values {
            let length = value.chars().count();
            if !(limit.shortest..=limit.longest).contains(&length) {
                return Err((name, format!("has a value of {length} characters")));
            }
            if value.contains(',') || !value.bytes().all(limit.allowed) {
                return Err((name, "has a value with a character that is not allowed".to_owned()));
            }
        }
        if !values.is_empty() {
            self.raw(name, &values.iter().map(|value| uri::encode(value)).collect::<Vec<_>>().join(","));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        time::parse("2026-03-05T12:00:00Z").unwrap()
    }

    fn query() -> Query {
        Query::new("ATVPDKIKX0DER".into(), Since::LastUpdated(noon()))
    }

    #[test]
    fn the_smallest_query_is_a_marketplace_and_a_time() {
        let encoded = query().encoded(PageTokenEncoding::Encoded).unwrap();
        assert_eq!(encoded, "marketplaceIds=ATVPDKIKX0DER&lastUpdatedAfter=2026-03-05T12%3A00%3A00Z");
    }

    #[test]
    fn every_parameter_has_its_place_and_its_encoding() {
        let full = Query {
            since: Since::Created(noon()),
            created_before: Some(noon()),
            last_updated_before: Some(noon()),
            statuses: vec![JobStatus::NotServiced, JobStatus::Other("NEW_ONE".into())],
            service_order_ids: vec!["111-222".into()],
            product_order_ids: vec!["333-444".into(), "555".into()],
            tracking_ids: vec!["TBA-1".into()],
            schedule_start: Some(noon()),
            schedule_end: Some(noon()),
            asins: vec!["B000000001".into()],
            required_skills: vec!["wall mount & wire".into()],
            store_ids: vec!["store 1".into()],
            sort: Some(Sort { field: SortField::JobDate, order: SortOrder::Descending }),
            page_size: Some(20),
            page_token: Some("abc%3D".into()),
            ..query()
        };
        let expected = "marketplaceIds=ATVPDKIKX0DER&createdAfter=2026-03-05T12%3A00%3A00Z\
            &createdBefore=2026-03-05T12%3A00%3A00Z&lastUpdatedBefore=2026-03-05T12%3A00%3A00Z\
            &scheduleStartDate=2026-03-05T12%3A00%3A00Z&scheduleEndDate=2026-03-05T12%3A00%3A00Z\
            &serviceJobStatus=NOT_SERVICED,NEW_ONE&serviceOrderIds=111-222&productOrderIds=333-444,555\
            &trackingIds=TBA-1&asins=B000000001&requiredSkills=wall%20mount%20%26%20wire&storeIds=store%201\
            &sortField=JOB_DATE&sortOrder=DESC&pageSize=20&pageToken=";
        assert_eq!(full.encoded(PageTokenEncoding::Encoded).unwrap(), format!("{expected}abc%253D"));
        assert_eq!(full.encoded(PageTokenEncoding::AsReceived).unwrap(), format!("{expected}abc%3D"));
    }

    #[test]
    fn what_the_model_does_not_allow_is_named() {
        let field = |query: Query| query.encoded(PageTokenEncoding::Encoded).unwrap_err().0;
        assert_eq!(field(Query { page_size: Some(0), ..query() }), "pageSize");
        assert_eq!(field(Query { page_size: Some(21), ..query() }), "pageSize");
        assert_eq!(field(Query { marketplace_id: "".into(), ..query() }), "marketplaceIds");
        assert_eq!(field(Query { tracking_ids: vec!["A".into(); 21], ..query() }), "trackingIds");
        assert_eq!(field(Query { tracking_ids: vec!["A,B".into()], ..query() }), "trackingIds");
        assert_eq!(field(Query { service_order_ids: vec!["12a".into()], ..query() }), "serviceOrderIds");
        assert_eq!(field(Query { product_order_ids: vec!["".into()], ..query() }), "productOrderIds");
        assert_eq!(field(Query { asins: vec!["B1".into()], ..query() }), "asins");
        assert_eq!(field(Query { required_skills: vec!["s".repeat(51)], ..query() }), "requiredSkills");
        assert_eq!(field(Query { store_ids: vec!["s".into(); 51], ..query() }), "storeIds");
        let backwards = Query {
            schedule_start: Some(noon()),
            schedule_end: Some(noon() - chrono::TimeDelta::seconds(1)),
            ..query()
        };
        assert_eq!(field(backwards), "scheduleEndDate");
    }
}
