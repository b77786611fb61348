/** A page of either engine, which runs what it is given. */
export interface Canvas {
  evaluate<Given, Answer>(work: (given: Given) => Promise<Answer>, given: Given): Promise<Answer>;
}

/** A file as a camera's dialogue hands it over. */
export interface Shot {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** The colours of the quarters of a picture as somebody sees it: top left, top right, bottom left, bottom right. */
export const QUARTERS = ['red', 'green', 'blue', 'yellow'] as const;

const WIDTH = 2400;
const HEIGHT = 1800;

/**
 * A photo as a camera held upright takes it: pixels lie on their side, EXIF says how to turn them and where it
 * was taken. Grain makes it as large as a real one, some 2 MB.
 */
export async function cameraPhoto(page: Canvas, seed: number): Promise<Shot> {
  const plain = await drawn(page, 'image/jpeg', seed, { width: WIDTH, height: HEIGHT });
  return { name: `IMG_${seed}.jpg`, mimeType: 'image/jpeg', buffer: withExif(plain, 6) };
}

/** How the quarters lie in a file of each orientation, so that upright they are those of [`QUARTERS`]. */
const LYING: Record<number, string> = { 1: 'rgby', 2: 'gryb', 3: 'ybgr', 4: 'byrg', 5: 'rbgy', 6: 'gyrb', 7: 'ygbr', 8: 'bryg' };

/** A photo in one of the eight orientations of EXIF, under the one name that some phones give to all of theirs. */
export async function turnedPhoto(page: Canvas, orientation: number, seed: number): Promise<Shot> {
  const isOnItsSide = orientation > 4;
  const size = isOnItsSide ? { width: 800, height: 600 } : { width: 600, height: 800 };
  const plain = await drawn(page, 'image/jpeg', seed, { ...size, quarters: LYING[orientation] });
  return { name: 'image.jpg', mimeType: 'image/jpeg', buffer: withExif(plain, orientation) };
}

function withExif(jpeg: Buffer, orientation: number): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), exif(orientation), jpeg.subarray(2)]);
}

/** What a phone's camera makes: 12 MP, four to five megabytes, light that falls off and grain everywhere. */
export async function largePhoto(page: Canvas, seed: number): Promise<Shot> {
  const base64 = await page.evaluate(async (seed) => {
    const [width, height] = [4000, 3000];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    const image = context.createImageData(width, height);
    let grain = seed;
    for (let at = 0, pixel = 0; at < image.data.length; at += 4, pixel++) {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
      const noise = (grain >>> 27) - 16;
      const board = (x >> 7) % 3 === 0 ? 24 : 0;
      image.data[at] = 90 + 70 * Math.sin(x / 610) + board + noise;
      image.data[at + 1] = 100 + 50 * Math.sin((x + y) / 890) + board + noise;
      image.data[at + 2] = 80 + 60 * Math.cos(y / 450) + noise;
      image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    for (let quality = 0.95; quality > 0.3; quality -= 0.025) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (blob.size > 5_000_000) continue;
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return btoa(text);
    }
    throw new Error('the picture does not get small enough');
  }, seed);
  const buffer = Buffer.from(base64, 'base64');
  if (buffer.length < 4_000_000) throw new Error(`a picture of ${buffer.length} bytes is none of a camera`);
  return { name: `IMG_${seed}.jpg`, mimeType: 'image/jpeg', buffer };
}

/** A small picture without metadata. */
export async function smallPhoto(page: Canvas, type: 'image/jpeg' | 'image/png', seed: number): Promise<Shot> {
  const buffer = await drawn(page, type, seed, { width: 640, height: 480 });
  return { name: `small-${seed}.${type === 'image/png' ? 'png' : 'jpg'}`, mimeType: type, buffer };
}

/** What a picture shows, decoded by the browser without heeding metadata. */
export async function seen(page: Canvas, picture: Buffer): Promise<{ width: number; height: number; quarters: string[] }> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'none' as 'from-image' });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    const named = (x: number, y: number): string => {
      const [red = 0, green = 0, blue = 0] = context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data;
      if (red > 128) return green > 128 ? 'yellow' : 'red';
      return green > 128 ? 'green' : blue > 128 ? 'blue' : 'black';
    };
    return { width, height, quarters: [named(0.25, 0.25), named(0.75, 0.25), named(0.25, 0.75), named(0.75, 0.75)] };
  }, picture.toString('base64'));
}

async function drawn(
  page: Canvas,
  type: 'image/jpeg' | 'image/png',
  seed: number,
  size: { width: number; height: number; quarters?: string | undefined },
): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ({ type, seed, width, height, quarters }) => {
      const context = new OffscreenCanvas(width, height).getContext('2d');
      if (!context) throw new Error('no canvas');
      const image = context.createImageData(width, height);
      // Turned by a quarter to the right, as EXIF orientation 6 asks, these come out in the order of QUARTERS.
      const colours: Record<string, number[]> = { r: [220, 40, 40], g: [40, 200, 60], b: [40, 60, 220], y: [220, 200, 40] };
      const turned = [...(quarters ?? 'gyrb')].map((letter) => colours[letter] ?? []);
      let grain = seed * 2654435761;
      for (let at = 0, pixel = 0; at < image.data.length; at += 4, pixel++) {
        const quarter = (Math.floor(pixel / width) < height / 2 ? 0 : 2) + (pixel % width < width / 2 ? 0 : 1);
        grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
        const noise = (grain >>> 25) - 64;
        for (let band = 0; band < 3; band++) image.data[at + band] = (turned[quarter]?.[band] ?? 0) + noise;
        image.data[at + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      const blob = await context.canvas.convertToBlob({ type, quality: 0.9 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return btoa(text);
    },
    { type, seed, ...size },
  );
  return Buffer.from(base64, 'base64');
}

/** APP1 with an orientation, a camera's name and a place (made up, in the sea). */
function exif(orientation: number): Buffer {
  const ASCII = 2;
  const SHORT = 3;
  const LONG = 4;
  const RATIONAL = 5;
  // After the header (8) come this directory (2 + 3 × 12 + 4), the place's (2 + 4 × 12 + 4), then what they point to.
  const main = 8;
  const place = main + 2 + 3 * 12 + 4;
  const data = place + 2 + 4 * 12 + 4;
  const model = Buffer.from('Made-up camera\0\0');
  const degrees = (whole: number, minutes: number): Buffer => words([whole, 1, minutes, 1, 0, 1]);
  const latitude = data + model.length;
  const longitude = latitude + 24;
  const directories = Buffer.concat([
    directory([
      [0x0110, ASCII, 15, data],
      [0x0112, SHORT, 1, orientation],
      [0x8825, LONG, 1, place],
    ]),
    directory([
      [1, ASCII, 2, 'N'.charCodeAt(0)],
      [2, RATIONAL, 3, latitude],
      [3, ASCII, 2, 'W'.charCodeAt(0)],
      [4, RATIONAL, 3, longitude],
    ]),
  ]);
  const tiff = Buffer.concat([Buffer.from('II*\0'), words([main]), directories, model, degrees(40, 30), degrees(50, 15)]);
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function directory(entries: [tag: number, type: number, count: number, value: number][]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16LE(entries.length);
  const rows = entries.map(([tag, type, length, value]) => {
    const row = Buffer.alloc(12);
    row.writeUInt16LE(tag, 0);
    row.writeUInt16LE(type, 2);
    row.writeUInt32LE(length, 4);
    row.writeUInt32LE(value, 8);
    return row;
  });
  return Buffer.concat([count, ...rows, words([0])]);
}

function words(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4));
  return bytes;
}
