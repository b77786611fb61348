//! Uploads under way. Their bytes are files; their length so far is the file's, so a crash can make no two truths.

use super::{Tx, id, on};
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, DeviceId, PhotoId, SellerId, UserId},
    time::Timestamp,
};

/// What was announced of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub photo: PhotoId,
    pub appointment: AppointmentId,
    pub device: DeviceId,
    /// Of the envelope, in bytes.
    pub length: u64,
    /// Of the envelope.
    pub uploaded_sha256: Sha256,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Tx {
    /// Announces an upload. False when the photo is announced already, whatever was said of it then.
    pub async fn insert_upload(&mut self, seller: SellerId, upload: &Upload) -> sqlx::Result<bool> {
        let length =
            i64::try_from(upload.length).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))?;
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO upload (photo_id, seller_id, appointment_id, device_id, length, uploaded_sha256,
                                     created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            )
            .bind(upload.photo.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(upload.appointment.as_bytes().as_slice())
            .bind(upload.device.as_bytes().as_slice())
            .bind(length)
            .bind(upload.uploaded_sha256.as_bytes().as_slice())
            .bind(upload.created_at.0)
            .bind(upload.expires_at.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Gives an upload more time: its phone is at it.
    pub async fn prolong_upload(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
        expires_at: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE upload SET expires_at = $3 WHERE seller_id = $1 AND photo_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(photo.as_bytes().as_slice())
                .bind(expires_at.0)
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// The upload of a photo that is under way, and whose phone sends it.
    pub async fn load_upload(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
    ) -> sqlx::Result<Option<(Upload, UserId)>> {
        type Row = (Vec<u8>, Vec<u8>, i64, Vec<u8>, i64, i64, Vec<u8>);
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.appointment_id, u.device_id, u.length, u.uploaded_sha256, u.created_at, u.expires_at,
                        d.user_id
                 FROM upload u JOIN device d ON d.device_id = u.device_id AND d.seller_id = u.seller_id
                 WHERE u.seller_id = $1 AND u.photo_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(photo.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        let Some((appointment, device, length, sha256, created_at, expires_at, user)) = row else {
            return Ok(None);
        };
        let upload = Upload {
            photo,
            appointment: id(&appointment)?,
            device: id(&device)?,
            length: u64::try_from(length).map_err(|refused| sqlx::Error::Decode(Box::new(refused)))?,
            uploaded_sha256: super::photo::sha256(&sha256)?,
            created_at: Timestamp(created_at),
            expires_at: Timestamp(expires_at),
        };
        Ok(Some((upload, id(&user)?)))
    }

    /// All uploads under way.
    pub async fn uploads(&mut self, seller: SellerId) -> sqlx::Result<Vec<PhotoId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT photo_id FROM upload WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .fetch_all(c)
                .await
        })?;
        rows.into_iter().map(|(photo,)| id(&photo)).collect()
    }

    /// Forgets an upload: the photo is safe, was refused, or its time is over. False when it was forgotten before.
    pub async fn delete_upload(&mut self, seller: SellerId, photo: PhotoId) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query("DELETE FROM upload WHERE seller_id = $1 AND photo_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(photo.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}
