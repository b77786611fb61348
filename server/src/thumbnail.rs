//! Decodes a picture within limits, which proves that it is one, and makes it small.

use doorstep_core::photo::MediaType;
use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    error::LimitErrorKind,
};
use std::io::Cursor;

/// Longer than this on either edge, in pixels, no phone takes pictures.
pub const LONGEST_EDGE: u32 = 12_000;
/// What decoding one picture may take, in bytes of memory: 85 megapixels of RGB.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The longest edge of a thumbnail, in pixels.
const THUMBNAIL_EDGE: u32 = 320;
const QUALITY: u8 = 75;
/// The longest edge of a sample picture, in pixels: it fills a phone's screen.
const SAMPLE_EDGE: u32 = 960;

/// Why there is no thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    #[error("the picture has too many pixels")]
    TooManyPixels,
    #[error("the picture is damaged")]
    Damaged,
}

/// A JPEG of the picture with at most 320 pixels on its longer edge, turned the way it is to be looked at.
///
/// # Errors
/// The picture does not decode, or only with more pixels or memory than a photo has.
pub fn of(picture: &[u8], media: MediaType) -> Result<Vec<u8>, Undecodable> {
    drawn(picture, media, THUMBNAIL_EDGE)
}

/// The same with at most 960 pixels: the picture and nothing else that lay in its file.
///
/// # Errors
/// As `of`.
pub fn sample(picture: &[u8], media: MediaType) -> Result<Vec<u8>, Undecodable> {
    drawn(picture, media, SAMPLE_EDGE)
}

fn drawn(picture: &[u8], media: MediaType, edge: u32) -> Result<Vec<u8>, Undecodable> {
    let decoded = decode(picture, media).map_err(|error| match error {
        ImageError::Limits(limit)
            if matches!(
                limit.kind(),
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory
            ) =>
        {
            Undecodable::TooManyPixels
        }
        _ => Undecodable::Damaged,
    })?;
    let small = if decoded.width() > edge || decoded.height() > edge {
        decoded.thumbnail(edge, edge)
    } else {
        decoded
    };
    let mut jpeg = Vec::new();
    small
        .into_rgb8()
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(|_| Undecodable::Damaged)?;
    Ok(jpeg)
}

fn decode(picture: &[u8], media: MediaType) -> Result<DynamicImage, ImageError> {
    let format = match media {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(picture), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // Before anything of that size is allocated.
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut decoded = DynamicImage::from_decoder(decoder)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_luma8(width, height)
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        bytes
    }

    fn size(jpeg: &[u8]) -> (u32, u32) {
        let decoded = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap();
        (decoded.width(), decoded.height())
    }

    #[test]
    fn a_picture_becomes_small_and_a_small_one_stays() {
        assert_eq!(size(&of(&png(1600, 1200), MediaType::Png).unwrap()), (320, 240));
        assert_eq!(size(&of(&png(10, 400), MediaType::Png).unwrap()), (8, 320));
        assert_eq!(size(&of(&png(5, 7), MediaType::Png).unwrap()), (5, 7));
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_not_decoded() {
        let wide = png(12_001, 1);
        assert_eq!(of(&wide, MediaType::Png), Err(Undecodable::TooManyPixels));
        // 12,000 x 12,000 pixels with transparency: 576 MB out of a header and nothing else.
        let mut bomb = Vec::new();
        DynamicImage::new_rgba8(1, 1).write_to(&mut Cursor::new(&mut bomb), ImageFormat::Png).unwrap();
        bomb[16..20].copy_from_slice(&12_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&12_000u32.to_be_bytes());
        let sum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(of(&bomb, MediaType::Png), Err(Undecodable::TooManyPixels));
    }

    #[test]
    fn a_picture_that_breaks_off_is_damaged() {
        let whole = png(300, 300);
        for end in [8, 20, whole.len() / 2] {
            assert_eq!(of(&whole[..end], MediaType::Png), Err(Undecodable::Damaged), "{end} bytes");
        }
        assert_eq!(of(&whole, MediaType::Jpeg), Err(Undecodable::Damaged));
        assert_eq!(of(&[0xff, 0xd8, 0xff], MediaType::Jpeg), Err(Undecodable::Damaged));
    }

    /// The checksum of a PNG chunk (ISO 3309).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            })
        })
    }
}
