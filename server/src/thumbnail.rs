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
/// What a sample picture may weigh, in bytes: every phone brings it along before it leaves the signal.
pub const SAMPLE_BYTES: usize = 60 * 1024;
/// The longest edge of a sample picture in pixels and its quality, the best that fits: the first fills a phone's screen.
const SAMPLES: [(u32, u8); 5] = [(960, QUALITY), (960, 60), (800, 55), (640, 50), (480, 40)];

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
    jpeg(&decoded(picture, media)?, THUMBNAIL_EDGE, QUALITY)
}

/// The same with at most 960 pixels and 60 KiB: the picture and nothing else that lay in its file.
///
/// # Errors
/// As `of`.
pub fn sample(picture: &[u8], media: MediaType) -> Result<Vec<u8>, Undecodable> {
    let decoded = decoded(picture, media)?;
    let mut drawn = Vec::new();
    for (edge, quality) in SAMPLES {
        drawn = jpeg(&decoded, edge, quality)?;
        if drawn.len() <= SAMPLE_BYTES {
            break;
        }
    }
    Ok(drawn)
}

fn decoded(picture: &[u8], media: MediaType) -> Result<DynamicImage, Undecodable> {
    decode(picture, media).map_err(|error| match error {
        ImageError::Limits(limit)
            if matches!(
                limit.kind(),
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory
            ) =>
        {
            Undecodable::TooManyPixels
        }
        _ => Undecodable::Damaged,
    })
}

fn jpeg(decoded: &DynamicImage, edge: u32, quality: u8) -> Result<Vec<u8>, Undecodable> {
    let small = if decoded.width() > edge || decoded.height() > edge {
        decoded.thumbnail(edge, edge).into_rgb8()
    } else {
        decoded.to_rgb8()
    };
    let mut jpeg = Vec::new();
    small
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality))
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
    fn a_sample_of_noise_is_no_heavier_than_phones_carry() {
        let mut grain = 7u32;
        let noise = image::RgbImage::from_fn(2000, 1500, |_, _| {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(grain >> 24) as u8, (grain >> 16) as u8, (grain >> 8) as u8])
        });
        let mut bytes = Vec::new();
        DynamicImage::from(noise).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        let drawn = sample(&bytes, MediaType::Png).unwrap();
        assert!(drawn.len() <= SAMPLE_BYTES, "{} bytes", drawn.len());
        assert!(size(&drawn).0 >= 480);
        assert_eq!(size(&sample(&png(1600, 1200), MediaType::Png).unwrap()), (960, 720));
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
