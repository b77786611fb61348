//! The end of a day's key: when its day begins, and before a server serves, so that a file of keys from a backup opens
//! nothing that is over.

use super::{Certificate, first_broken};
use crate::app::App;
use anyhow::Context as _;
use doorstep_core::{
    digest::Sha256,
    evidence::{EvidenceDay, EvidenceKey},
    time::Timestamp,
};
use std::collections::BTreeSet;

/// What one run destroyed, and what it found when it looked whether it is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Destruction {
    /// Certificates that were written.
    pub certified: u32,
    /// Keys that are on the disk though their day has come or their destruction is certified.
    pub left: u32,
    /// The first certificate that does not follow from the one before.
    pub broken: Option<i64>,
}

/// The key that evidence of this deadline is sealed to; `None` on the last day.
///
/// # Errors
/// The file of keys or the database fails.
pub async fn key_for(app: &App, deadline: Timestamp) -> anyhow::Result<Option<EvidenceKey>> {
    let now = app.clock.now();
    let Some((key, is_new)) = app.evidence.public(deadline, now, &*app.entropy)? else { return Ok(None) };
    if is_new {
        let mut tx = app.db.write().await?;
        tx.note_evidence_key(app.seller, &key, now).await?;
        tx.commit().await?;
    }
    Ok(Some(key))
}

/// Destroys the keys of the days that have come, certifies it, and looks whether it is so.
///
/// # Errors
/// The file of keys or the database fails. What was destroyed before stays destroyed, and is certified by the next run.
pub async fn destroy_due(app: &App) -> anyhow::Result<Destruction> {
    let now = app.clock.now();
    let certified = app.db.read().await?.certificates(app.seller).await?;
    let gone: Vec<EvidenceDay> = certified.iter().map(|certificate| certificate.day).collect();
    let destroyed = app.evidence.destroy(now, &gone, &*app.entropy)?;

    let mut destruction = Destruction::default();
    let mut tx = app.db.write().await?;
    tx.lock_sellers().await?;
    let mut chain = tx.certificates(app.seller).await?;
    let known: BTreeSet<_> = chain.iter().map(|certificate| certificate.key).collect();
    let mut due: BTreeSet<_> = tx.uncertified_keys(app.seller, now).await?.into_iter().collect();
    // A crash may have come between the file and the database, when it was made.
    due.extend(destroyed.keys.iter().filter(|(_, key)| !known.contains(key)).copied());
    for (day, key) in due {
        let unsigned = Certificate {
            number: 0,
            day,
            key,
            jobs: tx.jobs_of_day(app.seller, day).await?,
            store_before: destroyed.before,
            store_after: destroyed.after,
            destroyed_at: now,
            previous: Sha256::of(b""),
            hash: Sha256::of(b""),
        };
        let next = Certificate::after(chain.last(), unsigned);
        destruction.certified += u32::from(tx.insert_certificate(app.seller, &next).await?);
        chain.push(next);
    }
    tx.commit().await?;

    destruction.broken = first_broken(&chain);
    let left = app.evidence.days()?.into_iter();
    let left =
        left.filter(|day| day.has_come(now) || chain.iter().any(|certificate| certificate.day == *day));
    destruction.left = u32::try_from(left.count()).context("counting days")?;
    if destruction.left > 0 || destruction.broken.is_some() {
        tracing::error!(
            left = destruction.left,
            broken = destruction.broken,
            "evidence keys are not as certified"
        );
    }
    Ok(destruction)
}
