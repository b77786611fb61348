//! What a supervisor sees of a job that waits: of the buyer's data the city and the wished times, nothing else.

use crate::{app::App, db::queue::QueuedRow, seal, service_job};
use anyhow::Context as _;
use doorstep_core::{
    api::{Awaited, QueuedJob},
    job::Window,
    pii::Pii,
    time::Timestamp,
    vault,
};
use doorstep_spapi::{
    ServiceJob,
    job::{AssociatedItem, ItemStatus},
};

/// One line of a queue.
///
/// # Errors
/// The root key is another one, or what is sealed cannot be read.
pub fn line(app: &App, row: QueuedRow) -> anyhow::Result<QueuedJob> {
    let job = open(app, &row)?;
    let expired = job.is_none();
    let job = job.unwrap_or_default();
    let (appointment, window) = row.visit.unzip();
    let address = job.service_location.as_ref().and_then(|location| location.address.as_ref());
    let city = address.and_then(|address| address.city.as_ref()).map(|city| city.expose().trim());
    Ok(QueuedJob {
        job: row.job,
        service_job_id: row.service_job,
        status: row.status,
        title: row.title,
        quantity: row.quantity,
        created_at: row.created_at,
        time_zone: row.time_zone,
        appointment,
        window,
        preferred: preferred(&job),
        store_id: job.store_id.as_ref().map(|store| store.as_str().to_owned()),
        city: city.filter(|city| !city.is_empty()).map(|city| Pii::new(city.to_owned())),
        awaited: awaited(&job.associated_items),
        imported: row.imported,
        expired,
    })
}

fn open(app: &App, row: &QueuedRow) -> anyhow::Result<Option<ServiceJob>> {
    let (Some(wrapped), Some(sealed)) = (&row.wrapped_key, &row.sealed) else { return Ok(None) };
    let key = app
        .root_key
        .unwrap(&seal::job_key_place(row.job), wrapped)
        .with_context(|| format!("unwrapping the key of job {}", row.job))?;
    let json = vault::open(&key, &seal::job_place(row.job), sealed)
        .with_context(|| format!("opening job {}", row.job))?;
    service_job::read(&json).map(Some)
}

fn preferred(job: &ServiceJob) -> Vec<Window> {
    let times = job.preferred_appointment_times.iter();
    times.map(|time| Window { start: time.start_time.into(), end: time.end_time().into() }).collect()
}

fn awaited(items: &[AssociatedItem]) -> Option<Awaited> {
    let on_the_way = items.iter().filter(|item| {
        let there = [ItemStatus::Delivered, ItemStatus::Cancelled];
        // One whose status Amazon does not say may well be there.
        item.item_status.as_ref().is_some_and(|status| !there.contains(status))
    });
    let mut awaited = Awaited { items: 0, expected: None };
    for item in on_the_way {
        awaited.items += 1;
        let delivery = item.item_delivery.as_ref();
        let promise = delivery.and_then(|delivery| delivery.item_delivery_promise.as_ref()?.end_time);
        let expected = delivery.and_then(|delivery| delivery.estimated_delivery_date).or(promise);
        awaited.expected = awaited.expected.max(expected.map(Timestamp::from));
    }
    (awaited.items > 0).then_some(awaited)
}
