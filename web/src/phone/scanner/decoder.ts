// Worker: reads barcodes from pictures where the browser has no reader of its own (no browser of an iPhone has one).
// zxing-cpp in WASM, loaded with the first scan. One picture at a time, off the page's thread.

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import address from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { DECODER_FORMATS, type Sought } from './codes';

export interface Look {
  id: number;
  picture: ImageBitmap;
  sought: Sought;
}

/** `failed`: the decoder itself did not load or did not work. Nothing found is `null`. */
export type Seen = { id: number; text: string | null } | { id: number; failed: true };

prepareZXingModule({ overrides: { locateFile: () => address } });

async function read({ picture, sought }: Look): Promise<string | null> {
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas to read from');
  context.drawImage(picture, 0, 0);
  picture.close();
  const pixels = context.getImageData(0, 0, width, height);
  const codes = await readBarcodes(pixels, { formats: DECODER_FORMATS[sought], maxNumberOfSymbols: 1 });
  return codes.find(({ isValid }) => isValid)?.text ?? null;
}

let last = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Look>) => {
  last = last.then(async () => {
    let seen: Seen;
    try {
      seen = { id: data.id, text: await read(data) };
    } catch {
      seen = { id: data.id, failed: true };
    }
    postMessage(seen);
  });
});
