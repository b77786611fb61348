// Reading a code with the camera, live or from one picture. Typing always works.

import { openCamera } from '../camera/stream';
import type { Sought } from './codes';
import { type Eye, fetchDecoder, openEye } from './eye';

const LOOK_EVERY_MS = 200;
/** A label is read from the middle of what the camera sees; more pixels cost time and find no more. */
const LONGEST_EDGE = 1280;

/** Brings what reads labels to the phone, where the browser does not read them by itself. */
export async function prepare(): Promise<void> {
  await fetchDecoder('serial');
}

/** Shows the camera in `video` until a code is seen, which it answers; `null` once `signal` ends it. */
export async function scan(video: HTMLVideoElement, sought: Sought, signal: AbortSignal): Promise<string | null> {
  const done = new AbortController();
  await openCamera(video, LONGEST_EDGE, AbortSignal.any([signal, done.signal]));
  let eye: Eye | null = null;
  try {
    eye = await openEye(sought);
    signal.addEventListener('abort', () => eye?.close());
    while (!signal.aborted) {
      const text = await eye.read(await createImageBitmap(video));
      if (text !== null) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return null;
  } finally {
    eye?.close();
    done.abort();
  }
}

/** From one picture, where the camera cannot be shown in the page; `null` when no code is in it. */
export async function readPicture(file: Blob, sought: Sought): Promise<string | null> {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_EDGE / Math.max(whole.width, whole.height));
  const eye = await openEye(sought);
  try {
    const picture = await createImageBitmap(whole, { resizeWidth: Math.round(whole.width * scale) });
    // A small label in a large picture is lost in the small one.
    return (await eye.read(picture)) ?? (scale < 1 ? await eye.read(whole) : null);
  } finally {
    whole.close();
    eye.close();
  }
}
