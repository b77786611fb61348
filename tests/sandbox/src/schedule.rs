//! When a resource is available: records of one stretch of time, once or on the days of a recurrence.

use chrono::{DateTime, Datelike, Days, FixedOffset, SecondsFormat, TimeDelta, TimeZone, Utc, Weekday};
use serde::Serialize;

/// A stretch of time, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
}

impl Span {
    pub(crate) fn of(start: DateTime<Utc>, minutes: u32) -> Self {
        Self { start, end: start + TimeDelta::minutes(minutes.into()) }
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// `AvailabilityRecord` of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    #[serde(serialize_with = "zoned")]
    pub start_time: DateTime<FixedOffset>,
    #[serde(serialize_with = "zoned")]
    pub end_time: DateTime<FixedOffset>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    pub capacity: u32,
}

/// `Recurrence` of the model. A day counts when it is in each list that is given; with none, every day counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recurrence {
    /// Nothing is available from then on.
    #[serde(serialize_with = "zoned")]
    pub end_time: DateTime<FixedOffset>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "weekdays")]
    pub days_of_week: Vec<Weekday>,
    /// From 1 to 31.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days_of_month: Vec<u32>,
}

/// The model's names, Monday first.
pub(crate) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MONDAY", Weekday::Mon),
    ("TUESDAY", Weekday::Tue),
    ("WEDNESDAY", Weekday::Wed),
    ("THURSDAY", Weekday::Thu),
    ("FRIDAY", Weekday::Fri),
    ("SATURDAY", Weekday::Sat),
    ("SUNDAY", Weekday::Sun),
];

/// With its offset, which the days of a recurrence depend on; `Z` for none.
fn zoned<S: serde::Serializer>(at: &DateTime<FixedOffset>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn weekdays<S: serde::Serializer>(days: &[Weekday], to: S) -> Result<S::Ok, S::Error> {
    let name = |day| WEEKDAYS.iter().find(|(_, known)| known == day).map_or("", |(name, _)| name);
    to.collect_seq(days.iter().map(name))
}

impl Availability {
    /// Every day from `start`, for `length`, until `until`.
    pub fn daily(start: DateTime<Utc>, length: TimeDelta, until: DateTime<Utc>) -> Self {
        let recurrence = Recurrence {
            end_time: until.fixed_offset(),
            days_of_week: Vec::new(),
            days_of_month: Vec::new(),
        };
        Self { recurrence: Some(recurrence), ..Self::once(start, length) }
    }

    /// One stretch, with a capacity of 1.
    pub fn once(start: DateTime<Utc>, length: TimeDelta) -> Self {
        let (start_time, end_time) = (start.fixed_offset(), (start + length).fixed_offset());
        Self { start_time, end_time, recurrence: None, capacity: 1 }
    }

    pub(crate) fn length(&self) -> TimeDelta {
        self.end_time - self.start_time
    }

    /// The stretches that reach into `span`, in order. Days are those of the record's own offset.
    pub(crate) fn occurrences(&self, span: Span) -> impl Iterator<Item = Span> {
        let once = Span { start: self.start_time.to_utc(), end: self.end_time.to_utc() };
        let once = Some(once).filter(|once| self.recurrence.is_none() && once.overlaps(span));
        let recurring = self.recurrence.iter().flat_map(move |r| self.recurring(r, span));
        once.into_iter().chain(recurring)
    }

    fn recurring<'a>(
        &'a self,
        recurrence: &'a Recurrence,
        span: Span,
    ) -> impl Iterator<Item = Span> + use<'a> {
        let zone = *self.start_time.offset();
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        // A stretch that began the day before may reach in.
        let first = local(span.start).checked_sub_days(Days::new(1)).unwrap_or(local(span.start));
        let first = first.max(self.start_time.date_naive());
        let last = local(span.end).min(local(recurrence.end_time.to_utc()));
        first
            .iter_days()
            .take_while(move |day| *day <= last)
            .filter(move |day| recurrence.falls_on(day.weekday(), day.day()))
            .filter_map(move |day| zone.from_local_datetime(&day.and_time(self.start_time.time())).single())
            .map(move |start| {
                let end = (start + self.length()).min(recurrence.end_time);
                Span { start: start.to_utc(), end: end.to_utc() }
            })
            .filter(move |found| found.start < found.end && found.overlaps(span))
    }

    /// Everything it covers, first to last.
    pub(crate) fn extent(&self) -> Span {
        let end = self.recurrence.as_ref().map_or(self.end_time, |r| r.end_time.max(self.end_time));
        Span { start: self.start_time.to_utc(), end: end.to_utc() }
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.extent(), other.extent());
        let shared = Span { start: mine.start.max(theirs.start), end: mine.end.min(theirs.end) };
        if shared.start >= shared.end {
            return false;
        }
        // Both are in order: whichever ends first can overlap nothing that comes later.
        let (mut ours, mut theirs) = (self.occurrences(shared), other.occurrences(shared));
        let (mut one, mut another) = (ours.next(), theirs.next());
        while let (Some(mine), Some(yours)) = (one, another) {
            if mine.overlaps(yours) {
                return true;
            }
            if mine.end <= yours.end {
                one = ours.next();
            } else {
                another = theirs.next();
            }
        }
        false
    }
}

impl Recurrence {
    fn falls_on(&self, weekday: Weekday, day: u32) -> bool {
        (self.days_of_week.is_empty() || self.days_of_week.contains(&weekday))
            && (self.days_of_month.is_empty() || self.days_of_month.contains(&day))
    }
}
