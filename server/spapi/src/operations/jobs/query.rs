//! What to look for with `getServiceJobs`.

use chrono::{DateTime, Utc};

use super::GET_SERVICE_JOBS;
use crate::call::Draft;
use crate::id::{MarketplaceId, OrderId, StoreId};
use crate::job::JobStatus;
use crate::open_enum::open_enum;
use crate::operations::Parameter;
use crate::schema::{Pattern, Schema};

/// From when on: Amazon wants exactly one of the two.
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

const ORDERS: Schema = Schema::List {
    of: &Schema::pattern(Pattern {
        expression: r"^[0-9\-]+$",
        fits: |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-'),
        words: "digits and hyphens",
    }),
    fewest: 1,
    most: 20,
};

const TRACKING: Schema = Schema::List {
    of: &Schema::pattern(Pattern {
        expression: r"^[A-Za-z0-9\-]+$",
        fits: |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
        words: "letters, digits and hyphens",
    }),
    fewest: 1,
    most: 20,
};

const ASINS: Schema =
    Schema::List { of: &Schema::Text { shortest: 10, longest: 10, pattern: None }, fewest: 1, most: 20 };

const SKILLS: Schema =
    Schema::List { of: &Schema::Text { shortest: 1, longest: 50, pattern: None }, fewest: 1, most: 20 };

const STORES: Schema = Schema::List { of: &Schema::IDENTIFIER, fewest: 1, most: 50 };

/// The parameters of `getServiceJobs`, in the model's order.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::optional("serviceOrderIds", &ORDERS),
    Parameter::optional("productOrderIds", &ORDERS),
    Parameter::optional("trackingIds", &TRACKING),
    Parameter::optional("serviceJobStatus", &Schema::list(&Schema::Choice(JobStatus::WORDS))),
    Parameter::optional("pageToken", &Schema::PageToken),
    Parameter::optional("pageSize", &Schema::Integer { least: Some(1), most: Some(20) }),
    Parameter::optional("sortField", &Schema::Choice(SortField::WORDS)),
    Parameter::optional("sortOrder", &Schema::Choice(SortOrder::WORDS)),
    Parameter::optional("createdAfter", &Schema::TimeByName),
    Parameter::optional("createdBefore", &Schema::TimeByName),
    Parameter::optional("lastUpdatedAfter", &Schema::TimeByName),
    Parameter::optional("lastUpdatedBefore", &Schema::TimeByName),
    Parameter::optional("scheduleStartDate", &Schema::TimeByName),
    Parameter::optional("scheduleEndDate", &Schema::TimeByName),
    Parameter::MARKETPLACE,
    Parameter::optional("asins", &ASINS),
    Parameter::optional("requiredSkills", &SKILLS),
    Parameter::optional("storeIds", &STORES),
];

/// The parameters of `getServiceJobs`. Empty lists and `None` filter nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `marketplaceIds`, of which Amazon takes one per call.
    pub marketplace_id: MarketplaceId,
    /// `createdAfter`. Amazon wants either this or `last_updated_after`, and refuses both and neither.
    pub created_after: Option<DateTime<Utc>>,
    /// `createdBefore`.
    pub created_before: Option<DateTime<Utc>>,
    /// `lastUpdatedAfter`.
    pub last_updated_after: Option<DateTime<Utc>>,
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
    /// `scheduleEndDate`. Amazon refuses one before `schedule_start`.
    pub schedule_end: Option<DateTime<Utc>>,
    /// `asins`, up to 20, of ten characters each.
    pub asins: Vec<String>,
    /// `requiredSkills`, up to 20, of 1 to 50 characters each.
    pub required_skills: Vec<String>,
    /// `storeIds`, up to 50, of 1 to 100 characters each.
    pub store_ids: Vec<StoreId>,
    /// `sortField`.
    pub sort_field: Option<SortField>,
    /// `sortOrder`.
    pub sort_order: Option<SortOrder>,
    /// `pageSize`, 1 to 20; Amazon takes 20 when it is absent.
    pub page_size: Option<u8>,
    /// `pageToken`: what the page before gave as the next one's.
    pub page_token: Option<String>,
}

impl Query {
    /// Everything in a marketplace from a time on.
    pub fn new(marketplace_id: MarketplaceId, since: Since) -> Self {
        let (created_after, last_updated_after) = match since {
            Since::Created(time) => (Some(time), None),
            Since::LastUpdated(time) => (None, Some(time)),
        };
        Self { created_after, last_updated_after, ..Self::without_time(marketplace_id) }
    }

    /// Everything in a marketplace. Amazon refuses it until it has `created_after` or `last_updated_after`.
    pub fn without_time(marketplace_id: MarketplaceId) -> Self {
        Self {
            marketplace_id,
            created_after: None,
            created_before: None,
            last_updated_after: None,
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
            sort_field: None,
            sort_order: None,
            page_size: None,
            page_token: None,
        }
    }

    pub(super) fn draft(&self) -> Draft {
        Draft::of(&GET_SERVICE_JOBS)
            .list("serviceOrderIds", self.service_order_ids.iter().map(OrderId::as_str))
            .list("productOrderIds", self.product_order_ids.iter().map(OrderId::as_str))
            .list("trackingIds", &self.tracking_ids)
            .list("serviceJobStatus", self.statuses.iter().map(JobStatus::as_str))
            .maybe("pageToken", self.page_token.as_deref())
            .maybe("pageSize", self.page_size.map(|size| size.to_string()))
            .maybe("sortField", self.sort_field.as_ref().map(SortField::as_str))
            .maybe("sortOrder", self.sort_order.as_ref().map(SortOrder::as_str))
            .time("createdAfter", self.created_after)
            .time("createdBefore", self.created_before)
            .time("lastUpdatedAfter", self.last_updated_after)
            .time("lastUpdatedBefore", self.last_updated_before)
            .time("scheduleStartDate", self.schedule_start)
            .time("scheduleEndDate", self.schedule_end)
            .with("marketplaceIds", self.marketplace_id.as_str())
            .list("asins", &self.asins)
            .list("requiredSkills", &self.required_skills)
            .list("storeIds", self.store_ids.iter().map(StoreId::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::PageTokenEncoding;
    use crate::time;

    fn noon() -> DateTime<Utc> {
        time::parse("2026-03-05T12:00:00Z").unwrap()
    }

    fn query() -> Query {
        Query::new("ATVPDKIKX0DER".into(), Since::LastUpdated(noon()))
    }

    fn encoded(query: &Query, tokens: PageTokenEncoding) -> String {
        query.draft().finish(tokens).unwrap().query
    }

    #[test]
    fn the_smallest_query_is_a_marketplace_and_a_time() {
        let sent = encoded(&query(), PageTokenEncoding::Encoded);
        assert_eq!(sent, "lastUpdatedAfter=2026-03-05T12%3A00%3A00Z&marketplaceIds=ATVPDKIKX0DER");
    }

    #[test]
    fn every_parameter_has_its_place_and_its_encoding() {
        let full = Query {
            created_after: Some(noon()),
            created_before: Some(noon()),
            last_updated_before: Some(noon()),
            statuses: vec![JobStatus::NotServiced, JobStatus::Hold],
            service_order_ids: vec!["111-222".into()],
            product_order_ids: vec!["333-444".into(), "555".into()],
            tracking_ids: vec!["TBA-1".into()],
            schedule_start: Some(noon()),
            schedule_end: Some(noon() - chrono::TimeDelta::seconds(1)),
            asins: vec!["B000000001".into()],
            required_skills: vec!["wall mount & wire".into()],
            store_ids: vec!["store 1".into()],
            sort_field: Some(SortField::JobDate),
            sort_order: Some(SortOrder::Descending),
            page_size: Some(20),
            page_token: Some("abc%3D".into()),
            ..Query::without_time("ATVPDKIKX0DER".into())
        };
        let expected = |token: &str| {
            format!(
                "serviceOrderIds=111-222&productOrderIds=333-444,555&trackingIds=TBA-1\
                &serviceJobStatus=NOT_SERVICED,HOLD&pageToken={token}&pageSize=20&sortField=JOB_DATE&sortOrder=DESC\
                &createdAfter=2026-03-05T12%3A00%3A00Z&createdBefore=2026-03-05T12%3A00%3A00Z\
                &lastUpdatedBefore=2026-03-05T12%3A00%3A00Z&scheduleStartDate=2026-03-05T12%3A00%3A00Z\
                &scheduleEndDate=2026-03-05T11%3A59%3A59Z&marketplaceIds=ATVPDKIKX0DER&asins=B000000001\
                &requiredSkills=wall%20mount%20%26%20wire&storeIds=store%201"
            )
        };
        assert_eq!(encoded(&full, PageTokenEncoding::Encoded), expected("abc%253D"));
        assert_eq!(encoded(&full, PageTokenEncoding::AsReceived), expected("abc%3D"));
    }

    #[test]
    fn what_the_schema_does_not_allow_is_named() {
        let field = |query: Query| {
            let refusal = query.draft().finish(PageTokenEncoding::Encoded).unwrap_err();
            refusal.not_allowed().unwrap().0.to_owned()
        };
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
        assert_eq!(field(Query { sort_order: Some("UP".into()), ..query() }), "sortOrder");
        let statuses = vec![JobStatus::Other("NEW_ONE".into())];
        assert_eq!(field(Query { statuses, ..query() }), "serviceJobStatus");
    }

    #[test]
    fn what_only_prose_forbids_is_amazons_to_refuse() {
        let both = Query { created_after: Some(noon()), ..query() };
        assert!(encoded(&both, PageTokenEncoding::Encoded).contains("createdAfter=2026"));
        let neither = Query::without_time("ATVPDKIKX0DER".into());
        assert_eq!(encoded(&neither, PageTokenEncoding::Encoded), "marketplaceIds=ATVPDKIKX0DER");
    }
}
