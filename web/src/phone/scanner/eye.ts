// Who reads a picture: the browser where it can, our decoder where it cannot.

import { scriptAddress } from '../../trust';
import { BROWSER_FORMATS, type Sought } from './codes';
import moduleAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import decoderAddress from './decoder?worker&url';
import type { Look, Seen } from './decoder';

export interface Eye {
  /** The text of a code in the picture, which is closed afterwards; `null` when there is none. */
  read(picture: ImageBitmap): Promise<string | null>;
  close(): void;
}

interface Detector {
  detect(source: ImageBitmap): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** The decoder is not on this phone and there is no network, or it does not run here. */
export class NoDecoder extends Error {}

export async function openEye(sought: Sought): Promise<Eye> {
  return (await browsersEye(sought)) ?? new DecoderEye(sought);
}

/** The service worker keeps what passes it. */
export async function fetchDecoder(sought: Sought): Promise<void> {
  if (await browsersEye(sought)) return;
  // Without a network it comes another time, and typing works.
  await Promise.all([decoderAddress, moduleAddress].map((address) => fetch(address).catch(() => null)));
}

async function browsersEye(sought: Sought): Promise<Eye | null> {
  const Detectors = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!Detectors) return null;
  let known: string[];
  try {
    known = await Detectors.getSupportedFormats();
  } catch {
    // There in name, without the system's part of it.
    return null;
  }
  const formats = BROWSER_FORMATS[sought].filter((format) => known.includes(format));
  // One that reads half of the labels would look like a bad label.
  if (formats.length < BROWSER_FORMATS[sought].length) return null;
  const detector = new Detectors({ formats });
  return {
    async read(picture) {
      const [found] = await detector.detect(picture);
      picture.close();
      return found?.rawValue ?? null;
    },
    close: () => undefined,
  };
}

class DecoderEye implements Eye {
  private readonly worker = new Worker(scriptAddress(decoderAddress), { type: 'module' });
  private waiting: { resolve(text: string | null): void; reject(cause: Error): void } | null = null;
  private next = 0;

  constructor(private readonly sought: Sought) {
    this.worker.onmessage = ({ data }: MessageEvent<Seen>) => {
      if ('failed' in data) this.waiting?.reject(new NoDecoder());
      else this.waiting?.resolve(data.text);
      this.waiting = null;
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.waiting?.reject(new NoDecoder());
      this.waiting = null;
    };
  }

  read(picture: ImageBitmap): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      const look: Look = { id: this.next++, picture, sought: this.sought };
      this.worker.postMessage(look, [picture]);
    });
  }

  close(): void {
    this.worker.terminate();
    this.waiting?.resolve(null);
    this.waiting = null;
  }
}
