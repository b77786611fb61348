// What stands before the phone's camera: a label with a code on it, as a video that Chromium takes for its camera.
// The code is drawn by the writer of a library whose reader the phone may use: nothing of ours is on both sides but the text.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { prepareZXingModule, type WriteInputBarcodeFormat, writeBarcode } from 'zxing-wasm/writer';
import { CHROMIUM } from './chromium';

const WIDTH = 640;
const HEIGHT = 480;
const PAPER = 235;
const INK = 20;

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });

const CAMERA = '--use-fake-device-for-media-stream';
/** Somebody who says yes to whatever a page asks for. */
const YES = '--use-fake-ui-for-media-stream';

/** A browser with a camera that sees something that moves; pages may have it, or are refused it. */
export function withCamera(asked: 'allowed' | 'refused'): Promise<Browser> {
  return chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, CAMERA, ...(asked === 'allowed' ? [YES] : [])] });
}

/** A browser whose camera sees `text` as a code of that kind. */
export async function seeing(text: string, format: WriteInputBarcodeFormat, folder: string): Promise<Browser> {
  const file = join(folder, 'label.y4m');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, await video(text, format));
  return chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, CAMERA, YES, `--use-file-for-fake-video-capture=${file}`] });
}

/** One frame of YUV4MPEG2, which is played over and over. */
async function video(text: string, format: WriteInputBarcodeFormat): Promise<Buffer> {
  const { symbol, error } = await writeBarcode(text, { format, withQuietZones: true });
  if (error) throw new Error(error);
  const isLinear = symbol.height < symbol.width / 4;
  const scale = Math.floor(Math.min(WIDTH / symbol.width, isLinear ? Infinity : HEIGHT / symbol.height));
  const tall = isLinear ? 160 : symbol.height * scale;
  const left = Math.floor((WIDTH - symbol.width * scale) / 2);
  const top = Math.floor((HEIGHT - tall) / 2);
  const luma = Buffer.alloc(WIDTH * HEIGHT, PAPER);
  for (let y = 0; y < tall; y++) {
    const row = isLinear ? 0 : Math.floor(y / scale);
    for (let x = 0; x < symbol.width * scale; x++) {
      const dark = symbol.data[row * symbol.width + Math.floor(x / scale)] === 0;
      if (dark) luma[(top + y) * WIDTH + left + x] = INK;
    }
  }
  const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), luma, grey]);
}
