// How a photo looks to a machine: how bright, how sharp, and what it shows in 64 bits. What follows from that the
// core's rules say.

import type { Look } from '../generated/Look';

/** Pixels of the longer edge: enough to tell a blurred picture, and the same for every camera. */
const EDGE = 512;
/** Prints compare each of 9 columns with the next, in 8 rows. */
const COLUMNS = 9;
const ROWS = 8;
/** A variance of 100 is what is commonly taken as the bound of a sharp picture: the core's is 10. */
const VARIANCE_PER_POINT = 10;
const MOST = 255;

interface Gray {
  width: number;
  height: number;
  /** Row by row, 0 to 255. */
  values: Uint8Array;
}

export function lookOf(picture: OffscreenCanvas): Look {
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const size = (pixels: number) => Math.max(3, Math.round(pixels * scale));
  const small = gray(picture, size(picture.width), size(picture.height));
  return { luma: Math.round(mean(small.values)), sharpness: sharpness(small), print: print(gray(picture, COLUMNS, ROWS)) };
}

function gray(picture: OffscreenCanvas, width: number, height: number): Gray {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < values.length; pixel++, at += 4) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    values[pixel] = (77 * red + 150 * green + 29 * blue) >> 8;
  }
  return { width, height, values };
}

function mean(values: Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The variance of the Laplacian: how much each pixel differs from those around it. */
function sharpness({ width, height, values }: Gray): number {
  let [sum, squares] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at++) {
      const around = (values[at - 1] ?? 0) + (values[at + 1] ?? 0) + (values[at - width] ?? 0) + (values[at + width] ?? 0);
      const edge = around - 4 * (values[at] ?? 0);
      sum += edge;
      squares += edge * edge;
    }
  }
  const count = (width - 2) * (height - 2);
  const variance = squares / count - (sum / count) ** 2;
  return Math.min(MOST, Math.round(variance / VARIANCE_PER_POINT));
}

/** A difference hash, as 16 hex digits. */
function print({ width, height, values }: Gray): string {
  let digits = '';
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let at = y * width; at < (y + 1) * width - 1; at++) {
      row = row * 2 + ((values[at] ?? 0) < (values[at + 1] ?? 0) ? 1 : 0);
    }
    digits += row.toString(16).padStart(2, '0');
  }
  return digits;
}
