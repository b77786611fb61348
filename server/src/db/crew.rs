//! Who goes to a visit, and who might.

use super::{Tx, id, on};
use doorstep_core::{
    id::{AppointmentId, ResourceId, SellerId, UserId},
    job::CrewMember,
};

/// Colleagues that a phone is told of, besides those assigned: a list that a thumb can go through.
const COLLEAGUES: i64 = 40;

impl Tx {
    /// The technicians who are assigned to a visit, and then colleagues by name.
    pub async fn crew(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<CrewMember>> {
        let rows: Vec<(Vec<u8>, String, i64, i64)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT w.user_id, w.name, w.linked, w.assigned FROM (
                   SELECT u.user_id, u.name, u.disabled_at,
                     (SELECT COUNT(*) FROM user_link r WHERE r.seller_id = u.seller_id AND r.user_id = u.user_id
                       AND r.kind = 'resource') AS linked,
                     (SELECT COUNT(*) FROM assignment s JOIN user_link l ON l.seller_id = s.seller_id
                       AND l.kind = 'technician' AND l.amazon_id = s.technician_id
                       WHERE s.seller_id = u.seller_id AND s.appointment_id = $2 AND l.user_id = u.user_id) AS assigned
                   FROM user_account u WHERE u.seller_id = $1 AND u.role = 'technician') w
                 WHERE w.assigned > 0 OR w.disabled_at IS NULL
                 ORDER BY CASE WHEN w.assigned > 0 THEN 0 ELSE 1 END, w.name LIMIT $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(COLLEAGUES)
            .fetch_all(c)
            .await?
        });
        rows.into_iter()
            .map(|(user, name, linked, assigned)| {
                Ok(CrewMember { user: id(&user)?, name, linked: linked > 0, assigned: assigned > 0 })
            })
            .collect()
    }

    /// The resource ids of these users, each once and in order.
    pub async fn resources_of_users(
        &mut self,
        seller: SellerId,
        users: impl IntoIterator<Item = UserId> + Send,
    ) -> sqlx::Result<Vec<ResourceId>> {
        let users: Vec<UserId> = users.into_iter().collect();
        let mut resources = Vec::new();
        for user in users {
            let rows: Vec<(String,)> = on!(self, |c| {
                sqlx::query_as(
                    "SELECT amazon_id FROM user_link WHERE seller_id = $1 AND user_id = $2 AND kind = 'resource'",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(user.as_bytes().as_slice())
                .fetch_all(c)
                .await?
            });
            resources.extend(rows.into_iter().map(|(resource,)| ResourceId::new(resource)));
        }
        resources.sort();
        resources.dedup();
        Ok(resources)
    }
}
