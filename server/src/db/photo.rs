//! Photos that are safe: on this server's disk, sealed, and known to the database.

use super::{Tx, id, on};
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, DeviceId, PhotoId, SellerId, UserId},
    photo::{ENVELOPE_HEADER, MediaType},
    time::Timestamp,
};

/// A photo that is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafePhoto {
    pub photo: PhotoId,
    pub appointment: AppointmentId,
    pub device: DeviceId,
    pub media: MediaType,
    /// Of the picture, in bytes.
    pub size: u64,
    /// Of the envelope, in bytes.
    pub uploaded_length: u64,
    /// Of the envelope.
    pub uploaded_sha256: Sha256,
    /// Of the picture.
    pub picture_sha256: Sha256,
    pub safe_at: Timestamp,
    pub expires_at: Timestamp,
}

const fn media_name(media: MediaType) -> &'static str {
    match media {
        MediaType::Jpeg => "jpeg",
        MediaType::Png => "png",
    }
}

/// A SHA-256 as a column holds it.
pub(crate) fn sha256(column: &[u8]) -> sqlx::Result<Sha256> {
    let bytes = column
        .try_into()
        .map_err(|refused| sqlx::Error::Decode(Box::<std::array::TryFromSliceError>::new(refused)))?;
    Ok(Sha256::from_bytes(bytes))
}

impl Tx {
    /// Makes a photo safe, once the transaction is committed. False when it is already.
    pub async fn insert_photo(&mut self, seller: SellerId, photo: &SafePhoto) -> sqlx::Result<bool> {
        let column =
            |bytes: u64| i64::try_from(bytes).map_err(|refused| sqlx::Error::Encode(Box::new(refused)));
        let (size, uploaded_length) = (column(photo.size)?, column(photo.uploaded_length)?);
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO photo (photo_id, seller_id, appointment_id, device_id, media, size, uploaded_sha256,
                                    picture_sha256, safe_at, expires_at, uploaded_length)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
            )
            .bind(photo.photo.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(photo.appointment.as_bytes().as_slice())
            .bind(photo.device.as_bytes().as_slice())
            .bind(media_name(photo.media))
            .bind(size)
            .bind(photo.uploaded_sha256.as_bytes().as_slice())
            .bind(photo.picture_sha256.as_bytes().as_slice())
            .bind(photo.safe_at.0)
            .bind(photo.expires_at.0)
            .bind(uploaded_length)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// A safe photo, and whose phone sent it.
    pub async fn load_photo(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
    ) -> sqlx::Result<Option<(SafePhoto, UserId)>> {
        type Row = (Vec<u8>, Vec<u8>, String, i64, Vec<u8>, Vec<u8>, i64, i64, Vec<u8>, Option<i64>);
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT p.appointment_id, p.device_id, p.media, p.size, p.uploaded_sha256, p.picture_sha256,
                        p.safe_at, p.expires_at, d.user_id, p.uploaded_length
                 FROM photo p JOIN device d ON d.device_id = p.device_id AND d.seller_id = p.seller_id
                 WHERE p.seller_id = $1 AND p.photo_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(photo.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        let Some((appointment, device, media, size, uploaded, picture, safe_at, expires_at, user, length)) =
            row
        else {
            return Ok(None);
        };
        let media = [MediaType::Jpeg, MediaType::Png]
            .into_iter()
            .find(|kind| media_name(*kind) == media)
            .ok_or_else(|| sqlx::Error::Decode("photo.media holds an unknown kind".into()))?;
        let bytes =
            |column: i64| u64::try_from(column).map_err(|refused| sqlx::Error::Decode(Box::new(refused)));
        let safe = SafePhoto {
            photo,
            appointment: id(&appointment)?,
            device: id(&device)?,
            media,
            size: bytes(size)?,
            // Before this was noted, an envelope was a header and the picture.
            uploaded_length: bytes(length.unwrap_or(size + ENVELOPE_HEADER.len() as i64))?,
            uploaded_sha256: sha256(&uploaded)?,
            picture_sha256: sha256(&picture)?,
            safe_at: Timestamp(safe_at),
            expires_at: Timestamp(expires_at),
        };
        Ok(Some((safe, id(&user)?)))
    }

    /// The photos of a visit that are safe and count, by id.
    pub async fn safe_photos(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<PhotoId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT p.photo_id FROM photo p WHERE p.seller_id = $1 AND p.appointment_id = $2
                   AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.item_id = p.photo_id
                                   AND q.seller_id = p.seller_id
                                   AND (q.decision IS NULL OR q.decision <> 'release'))
                 ORDER BY p.photo_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(photo,)| id(&photo)).collect()
    }
}
