//! Handing over what waited. Whoever takes away what a closeout waits for settles it after the commit, in another
//! transaction: where that did not come to pass, after a crash or because nobody thinks of it, this finds the closeout.

use super::Worker;
use crate::{app::App, closing};
use doorstep_core::id::AppointmentId;

impl Worker {
    /// Settles every closeout that is not handed over yet, and answers how many of them are now.
    ///
    /// # Errors
    /// The database fails. A closeout that cannot be judged is in the log and keeps no other waiting.
    pub async fn settle_unclosed(&self) -> anyhow::Result<usize> {
        let app = &self.app;
        let before = app.db.read().await?.unclosed_visits(app.seller).await?;
        settle_each(app, &before).await;
        let after = app.db.read().await?.unclosed_visits(app.seller).await?;
        let handed_over = before.iter().filter(|visit| !after.contains(visit)).count();
        if handed_over > 0 {
            tracing::warn!(closeouts = handed_over, "closeouts that had waited are handed over");
            app.bell.ring();
        }
        Ok(handed_over)
    }
}

/// Settles closeouts, each in a transaction of its own. One that cannot be is in the log, and comes by
/// again with `Worker::settle_unclosed`.
pub(super) async fn settle_each(app: &App, visits: &[AppointmentId]) {
    for visit in visits {
        if let Err(error) = settle(app, *visit).await {
            tracing::error!(%visit, error = format!("{error:#}"), "a closeout cannot be settled");
        }
    }
}

async fn settle(app: &App, visit: AppointmentId) -> anyhow::Result<()> {
    let mut tx = app.db.write().await?;
    if !tx.is_recorded(app.seller, visit).await? {
        return Ok(());
    }
    tx.lock_documents(app.seller, &[visit]).await?;
    closing::settle(app, &mut tx, app.seller, visit, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
