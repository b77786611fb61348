//! Where Amazon wants each photo. The destination itself (address, key, IV) is sealed under the job's key.

use super::{Tx, id, on};
use doorstep_core::{
    id::{AppointmentId, PhotoId, SellerId},
    time::Timestamp,
};

/// The destination of one photo. It is used for this photo only, and for no second picture ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmazonDocument {
    pub photo: PhotoId,
    /// Amazon's `uploadDestinationId`: what fulfilment names.
    pub upload_destination_id: String,
    /// The destination, sealed for `place`.
    pub sealed: Vec<u8>,
    pub url_deadline: Timestamp,
    /// `contentSha256`, once the photo was uploaded.
    pub content_sha256: Option<String>,
    pub expires_at: Timestamp,
}

/// The place a destination is sealed for.
pub fn place(photo: PhotoId) -> String {
    format!("amazon-document/{photo}")
}

impl Tx {
    /// Keeps a photo's destination, in place of one that ran out unused.
    pub async fn put_amazon_document(
        &mut self,
        seller: SellerId,
        document: &AmazonDocument,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO amazon_document (photo_id, seller_id, upload_destination_id, sealed, url_deadline,
                                              content_sha256, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (photo_id) DO UPDATE SET upload_destination_id = excluded.upload_destination_id,
                   sealed = excluded.sealed, url_deadline = excluded.url_deadline,
                   content_sha256 = excluded.content_sha256, uploaded_at = NULL",
            )
            .bind(document.photo.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(document.upload_destination_id.as_str())
            .bind(document.sealed.as_slice())
            .bind(document.url_deadline.0)
            .bind(document.content_sha256.as_deref())
            .bind(document.expires_at.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    pub async fn load_amazon_document(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
    ) -> sqlx::Result<Option<AmazonDocument>> {
        type Row = (String, Vec<u8>, i64, Option<String>, i64);
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT upload_destination_id, sealed, url_deadline, content_sha256, expires_at
                 FROM amazon_document WHERE seller_id = $1 AND photo_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(photo.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        Ok(row.map(|(upload_destination_id, sealed, url_deadline, content_sha256, expires_at)| {
            AmazonDocument {
                photo,
                upload_destination_id,
                sealed,
                url_deadline: Timestamp(url_deadline),
                content_sha256,
                expires_at: Timestamp(expires_at),
            }
        }))
    }

    /// Notes that the photo is at its destination.
    pub async fn note_uploaded(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
        content_sha256: &str,
        at: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE amazon_document SET content_sha256 = $3, uploaded_at = $4
                 WHERE seller_id = $1 AND photo_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(photo.as_bytes().as_slice())
            .bind(content_sha256)
            .bind(at.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Forgets a destination that is of no use any more.
    pub async fn delete_amazon_document(&mut self, seller: SellerId, photo: PhotoId) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM amazon_document WHERE seller_id = $1 AND photo_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(photo.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// The uploaded documents of a visit, by photo id: destination id and `contentSha256`.
    pub async fn uploaded_documents(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<(PhotoId, String, String)>> {
        let rows: Vec<(Vec<u8>, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT d.photo_id, d.upload_destination_id, d.content_sha256
                 FROM amazon_document d JOIN photo p ON p.photo_id = d.photo_id AND p.seller_id = d.seller_id
                 WHERE d.seller_id = $1 AND p.appointment_id = $2 AND d.content_sha256 IS NOT NULL
                 ORDER BY d.photo_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(photo, destination, sha256)| Ok((id(&photo)?, destination, sha256))).collect()
    }
}
