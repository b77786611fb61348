//! Taking jobs in from the file that Seller Central exports under *Manage Jobs*, for sellers whom Amazon does not let
//! use the Services API yet.
//!
//! Its columns are not documented: headers are matched, a line needs the job's id alone, a bad line is listed and the
//! good ones are taken. A job goes the way of every job that Amazon sends, and is marked until Amazon has confirmed
//! it; what Amazon has said of a job before is never overwritten.

mod columns;
mod row;
mod technicians;
mod text;
mod when;

pub use row::IMPORTED_VISIT;

use crate::{
    app::App,
    work::intake::{FromFile, take_in_from_file},
};
use anyhow::Context as _;
use columns::Columns;
use csv::{ReaderBuilder, StringRecord};
use doorstep_core::{
    api::{ImportColumns, ImportFlaw, ImportReport, What},
    id::{AppointmentId, ImportId, UserId},
    time::Timestamp,
};
use row::Good;
use std::{
    collections::HashMap,
    io::{Read, Seek},
};
use technicians::Technicians;
use text::{Form, Unreadable};
use when::Habits;

/// The largest file, in bytes.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// Lines with jobs in one file.
const MOST_ROWS: u32 = 100_000;
/// Flaws that a report names; all are counted.
const MOST_FLAWS: usize = 200;
/// Jobs in one transaction: nobody else who writes waits long.
const BATCH: usize = 50;
/// Records among which the headers are looked for: exports like to begin with a title.
const HEAD: usize = 10;
const LONGEST_HEADER: usize = 80;
const MOST_COLUMNS: usize = 200;
/// How long a report is kept.
const REPORT_LIVES_MS: i64 = 90 * 86_400_000;

/// What becomes of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything is done and then undone: the report says exactly what an import would do.
    Preview,
    TakeIn,
}

/// Who imports.
#[derive(Clone, Debug)]
pub struct By {
    pub user: UserId,
    pub name: String,
}

/// Reads a file and takes its jobs in. `own` are the seller's own names of columns.
///
/// # Errors
/// The file cannot be read to its end, or the database fails; what was committed before is kept. A file that is no
/// table of jobs is no error: the report says why it stopped.
pub async fn run<F: Read + Seek + Send>(
    app: &App,
    file: &mut F,
    own: &ImportColumns,
    by: Option<&By>,
    mode: Mode,
) -> anyhow::Result<ImportReport> {
    let mut report = empty(app.clock.now(), by);
    let form = match Form::of(file) {
        Ok(form) => form,
        Err(Unreadable::NoText(why)) => return Ok(ImportReport { stopped: Some(why.to_owned()), ..report }),
        Err(Unreadable::Io(error)) => return Err(error.into()),
    };
    form.name().clone_into(&mut report.encoding);
    let head = Head::of(form, file, own)?;
    report.separator = head.separator_name().to_owned();
    report.columns = head.columns.named(&head.headers);
    report.ignored = head.columns.ignored(&head.headers);
    let Some(header) = head.header else {
        report.stopped = Some(NO_ID.to_owned());
        return Ok(report);
    };
    let technicians = Technicians::new(app.db.read().await?.technician_names(app.seller).await?);
    let habits = Habits {
        zone: app
            .settings
            .time_zone
            .parse()
            .with_context(|| format!("{} is no time zone of the IANA list", app.settings.time_zone))?,
        month_first: app.settings.marketplace().as_str() == UNITED_STATES,
    };

    let mut reader = reader(head.separator).from_reader(form.text(&mut *file)?);
    let mut record = StringRecord::new();
    for _ in 0..=header {
        reader.read_record(&mut record)?;
    }
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut ended = false;
    while !ended {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH {
            if !reader.read_record(&mut record)? {
                ended = true;
                break;
            }
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            if report.rows == MOST_ROWS {
                report.stopped = Some(TOO_MANY.to_owned());
                ended = true;
                break;
            }
            report.rows += 1;
            let line = line_of(reader.position(), &record);
            match row::read(&head.columns, &record, habits) {
                Ok(good) => batch.extend(once(&mut seen, &mut report, line, good)),
                Err((field, reason)) => bad(&mut report, line, Some(field), reason),
            }
        }
        take_in(app, &technicians, batch, &mut report, mode).await?;
    }
    if mode == Mode::TakeIn {
        let import = ImportId::from_bytes(app.entropy.bytes());
        report.import = Some(import);
        let (user, until) = (by.map(|by| by.user), report.at.plus_ms(REPORT_LIVES_MS));
        let mut tx = app.db.write().await?;
        tx.insert_import_report(app.seller, import, user, &report, until).await?;
        tx.commit().await?;
    }
    Ok(report)
}

const NO_ID: &str = "No column looks like the id of a job. Say which one it is.";
const TOO_MANY: &str = "The file has more than 100,000 lines with jobs. Put the rest into a file of its own; what came before is done.";
/// Where `3/5/2026` is in March.
const UNITED_STATES: &str = "ATVPDKIKX0DER";

fn empty(at: Timestamp, by: Option<&By>) -> ImportReport {
    ImportReport {
        import: None,
        at,
        by: by.map(|by| by.name.clone()),
        rows: 0,
        taken_in: 0,
        changed: 0,
        unchanged: 0,
        known: 0,
        bad: 0,
        stopped: None,
        encoding: String::new(),
        separator: String::new(),
        columns: Vec::new(),
        ignored: Vec::new(),
        flaws: Vec::new(),
        flaws_left_out: 0,
    }
}

/// The beginning of a file: how its fields are separated, and which record has the headers.
struct Head {
    separator: u8,
    /// The number of the record; `None` when no record names a job's id.
    header: Option<usize>,
    headers: Vec<String>,
    columns: Columns,
}

impl Head {
    /// Of the separators there are, the one with which most fields are found.
    fn of<F: Read + Seek>(form: Form, file: &mut F, own: &ImportColumns) -> anyhow::Result<Self> {
        let mut best: Option<Self> = None;
        for separator in [b',', b';', b'\t'] {
            let mut reader = reader(separator).from_reader(form.text(&mut *file)?);
            let mut head = Self { separator, header: None, headers: Vec::new(), columns: Columns::default() };
            for (number, record) in reader.records().take(HEAD).enumerate() {
                let headers = headers(&record?);
                let columns = Columns::among(&headers, own);
                let found = columns.has(doorstep_core::api::ImportField::ServiceJobId);
                // Without an id, the widest record is the likeliest: its names are shown.
                if found || headers.len() > head.headers.len() {
                    (head.headers, head.columns) = (headers, columns);
                }
                if found {
                    head.header = Some(number);
                    break;
                }
            }
            let worth = |head: &Self| (head.header.is_some(), head.columns.len(), head.headers.len());
            if best.as_ref().is_none_or(|best| worth(&head) > worth(best)) {
                best = Some(head);
            }
        }
        best.ok_or_else(|| anyhow::anyhow!("no separator was tried"))
    }

    const fn separator_name(&self) -> &'static str {
        match self.separator {
            b';' => "semicolon",
            b'\t' => "tab",
            _ => "comma",
        }
    }
}

fn reader(separator: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).flexible(true).has_headers(false);
    builder
}

fn headers(record: &StringRecord) -> Vec<String> {
    let short = |header: &str| {
        let words: Vec<&str> = header.split_whitespace().collect();
        words.join(" ").chars().take(LONGEST_HEADER).collect()
    };
    record.iter().take(MOST_COLUMNS).map(short).collect()
}

/// Where a record began, from where its reading ended: the reader's own count begins with the empty lines before.
fn line_of(end: &csv::Position, record: &StringRecord) -> u32 {
    let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
    u32::try_from(end.line().saturating_sub(inside + 1)).unwrap_or(u32::MAX)
}

/// The first line of a job counts; each other is told as a flaw.
fn once(
    seen: &mut HashMap<String, u32>,
    report: &mut ImportReport,
    line: u32,
    good: Good,
) -> Option<(u32, Good)> {
    let id = good.job.service_job_id.as_ref().map_or("", |id| id.as_str());
    if let Some(first) = seen.get(id) {
        let reason = format!("Line {first} has the same job. That one is taken.");
        bad(report, line, Some(doorstep_core::api::ImportField::ServiceJobId), &reason);
        return None;
    }
    seen.insert(id.to_owned(), line);
    Some((line, good))
}

fn bad(report: &mut ImportReport, line: u32, field: Option<doorstep_core::api::ImportField>, reason: &str) {
    report.bad += 1;
    note(report, ImportFlaw { line, field, reason: reason.to_owned(), taken: false });
}

fn note(report: &mut ImportReport, flaw: ImportFlaw) {
    if report.flaws.len() < MOST_FLAWS {
        report.flaws.push(flaw);
    } else {
        report.flaws_left_out += 1;
    }
}

/// One batch, one transaction.
async fn take_in(
    app: &App,
    technicians: &Technicians,
    batch: Vec<(u32, Good)>,
    report: &mut ImportReport,
    mode: Mode,
) -> anyhow::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    tx.lock_intake(app.seller).await?;
    let known: Vec<&str> =
        batch.iter().filter_map(|(_, good)| Some(good.job.service_job_id.as_ref()?.as_str())).collect();
    tx.lock_lanes_of(app.seller, &known).await?;
    let mut events: Vec<(AppointmentId, What)> = Vec::new();
    for (line, mut good) in batch {
        good.notes.extend(technicians.assign(&mut good.job, good.technician.as_deref()));
        for (field, reason) in good.notes {
            note(report, ImportFlaw { line, field: Some(field), reason: reason.to_owned(), taken: true });
        }
        match take_in_from_file(app, &mut tx, &good.job, now, &mut events).await? {
            FromFile::New => report.taken_in += 1,
            FromFile::Changed => report.changed += 1,
            FromFile::Unchanged => report.unchanged += 1,
            FromFile::Known => report.known += 1,
        }
    }
    if mode == Mode::Preview {
        // Dropped, the transaction leaves nothing behind.
        return Ok(());
    }
    // Last, as intake does: an event locks the seller's row.
    for (appointment, what) in &events {
        tx.record_event(app.seller, *appointment, what, now).await?;
    }
    tx.commit().await?;
    if !events.is_empty() {
        app.bell.ring();
    }
    Ok(())
}
