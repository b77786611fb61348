//! How current the jobs of each marketplace are, and when Amazon is asked next.

use super::{Tx, on};
use doorstep_core::{api::IntakeAge, id::SellerId, time::Timestamp};

/// How intake of one marketplace goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub age: IntakeAge,
    /// In a row.
    pub failures: i64,
    pub next_try_at: Timestamp,
    /// When the visits around now were last compared with Amazon's.
    pub compared_at: Option<Timestamp>,
}

impl Progress {
    /// Before the first intake.
    pub fn new(marketplace: &str) -> Self {
        let age = IntakeAge {
            marketplace_id: marketplace.to_owned(),
            as_of: None,
            tried_at: None,
            failing_since: None,
            reason: None,
        };
        Self { age, failures: 0, next_try_at: Timestamp(0), compared_at: None }
    }
}

type Row = (i64, Option<i64>, Option<i64>, i64, Option<String>, i64, Option<i64>);

impl Tx {
    pub async fn intake_progress(&mut self, seller: SellerId, marketplace: &str) -> sqlx::Result<Progress> {
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT tried_at, as_of, failing_since, failures, reason, next_try_at, compared_at FROM intake_age
                 WHERE seller_id = $1 AND marketplace_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .fetch_optional(c)
            .await?
        });
        let Some((tried_at, as_of, failing_since, failures, reason, next_try_at, compared_at)) = row else {
            return Ok(Progress::new(marketplace));
        };
        Ok(Progress {
            age: IntakeAge {
                marketplace_id: marketplace.to_owned(),
                as_of: as_of.map(Timestamp),
                tried_at: Some(Timestamp(tried_at)),
                failing_since: failing_since.map(Timestamp),
                reason,
            },
            failures,
            next_try_at: Timestamp(next_try_at),
            compared_at: compared_at.map(Timestamp),
        })
    }

    pub async fn put_intake_progress(
        &mut self,
        seller: SellerId,
        progress: &Progress,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let age = &progress.age;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO intake_age (seller_id, marketplace_id, tried_at, as_of, failing_since, failures, reason,
                   next_try_at, compared_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (seller_id, marketplace_id) DO UPDATE SET tried_at = excluded.tried_at,
                   as_of = excluded.as_of, failing_since = excluded.failing_since, failures = excluded.failures,
                   reason = excluded.reason, next_try_at = excluded.next_try_at, compared_at = excluded.compared_at",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(&age.marketplace_id)
            .bind(age.tried_at.unwrap_or(now).0)
            .bind(age.as_of.map(|at| at.0))
            .bind(age.failing_since.map(|at| at.0))
            .bind(progress.failures)
            .bind(age.reason.as_deref())
            .bind(progress.next_try_at.0)
            .bind(progress.compared_at.map(|at| at.0))
            .execute(c)
            .await
            .map(|_| ())
        })
    }
}
