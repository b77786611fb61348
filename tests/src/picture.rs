//! Proof photos that nobody took.

use image::{ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

/// A JPEG whose pixels follow from `seed`; every seed gives other bytes.
pub fn jpeg(seed: u32, width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let wave = |k: u32| ((x * k + y * (seed % 7 + 1) + seed * 31) % 251) as u8;
        Rgb([wave(3), wave(5), wave(7)])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80)
        .write_image(&picture, width, height, image::ExtendedColorType::Rgb8)
        .expect("a picture in memory encodes");
    bytes
}
