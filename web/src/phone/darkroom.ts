// Worker: makes a proof photo of what the camera gave, and small pictures for the screen. One at a time, off the
// page's thread. Metadata of the camera (place, device, names) does not survive the drawing.

import { toHex } from '../hex';
import { type Recipient, sealEvidence } from './evidence';
import { openSealed, sealFor } from './sealing';

const LONG_EDGE = 2048;
const QUALITY = 0.8;
const THUMBNAIL_EDGE = 320;
/** Amazon's ceiling for one document. */
const LIMIT_BYTES = 5_242_880;

export type Order =
  | { kind: 'develop'; file: Blob; storeKey: string; aad: Uint8Array<ArrayBuffer>; recipient: Recipient | null }
  | { kind: 'thumbnail'; sealed: ArrayBuffer; storeKey: string; aad: Uint8Array<ArrayBuffer> };

export interface Developed {
  sha256: string;
  size: number;
  width: number;
  height: number;
  /** The first bytes, for the core to judge. */
  head: Uint8Array<ArrayBuffer>;
  /** To be looked at on this phone. */
  sealed: ArrayBuffer;
  /** To be sent; `null` where the job has no key for it. */
  evidence: ArrayBuffer | null;
  thumbnail: Blob;
}

export type Spoilt = 'undecodable' | 'too_large' | 'failed';
export type Reply =
  | { id: number; kind: 'developed'; developed: Developed }
  | { id: number; kind: 'thumbnail'; thumbnail: Blob }
  | { id: number; kind: 'spoilt'; why: Spoilt };

class Spoils extends Error {
  constructor(readonly why: Spoilt) {
    super(why);
  }
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Spoils('undecodable');
  }
}

async function draw(bitmap: ImageBitmap, edge: number): Promise<{ blob: Blob; width: number; height: number }> {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Spoils('failed');
  // What is transparent in a PNG would come out black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  // An engine that cannot encode what was asked for encodes something else.
  if (blob.type !== 'image/jpeg') throw new Spoils('failed');
  return { blob, width, height };
}

async function develop(order: Extract<Order, { kind: 'develop' }>): Promise<Developed> {
  const bitmap = await decode(order.file);
  try {
    const { blob, width, height } = await draw(bitmap, LONG_EDGE);
    if (blob.size > LIMIT_BYTES) throw new Spoils('too_large');
    const thumbnail = (await draw(bitmap, THUMBNAIL_EDGE)).blob;
    const picture = new Uint8Array(await blob.arrayBuffer());
    const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', picture)));
    const sealed = await sealFor(order.storeKey, order.aad, picture);
    const evidence = order.recipient && (await sealEvidence(order.recipient, picture));
    return { sha256, size: picture.length, width, height, head: picture.slice(0, 16), sealed, evidence, thumbnail };
  } finally {
    bitmap.close();
  }
}

async function thumbnail(order: Extract<Order, { kind: 'thumbnail' }>): Promise<Blob> {
  const picture = await openSealed(order.storeKey, order.aad, order.sealed);
  const bitmap = await decode(new Blob([picture]));
  try {
    return (await draw(bitmap, THUMBNAIL_EDGE)).blob;
  } finally {
    bitmap.close();
  }
}

async function fulfil(id: number, order: Order): Promise<void> {
  let reply: Reply;
  let moved: Transferable[] = [];
  try {
    if (order.kind === 'develop') {
      reply = { id, kind: 'developed', developed: await develop(order) };
      const { sealed, evidence } = reply.developed;
      moved = evidence ? [sealed, evidence] : [sealed];
    } else {
      reply = { id, kind: 'thumbnail', thumbnail: await thumbnail(order) };
    }
  } catch (cause) {
    reply = { id, kind: 'spoilt', why: cause instanceof Spoils ? cause.why : 'failed' };
  }
  postMessage(reply, { transfer: moved });
}

let last = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<{ id: number; order: Order }>) => {
  last = last.then(() => fulfil(data.id, data.order));
});
