// Worker: makes a proof photo of what the camera gave, and small pictures for the screen. One at a time, off the
// page's thread. Metadata of the camera (place, device, names) does not survive the drawing.

import type { Look } from '../generated/Look';
import { toHex } from '../hex';
import { type Recipient, sealEvidence } from './evidence';
import { lookOf } from './look';
import { openSealed, sealFor } from './sealing';

const THUMBNAIL_QUALITY = 0.8;
const THUMBNAIL_EDGE = 320;
/** Amazon's ceiling for one document. */
const LIMIT_BYTES = 5_242_880;
/** Below this quality and edge a picture is no proof any more. */
const WORST_QUALITY = 0.4;
const SHORTEST_EDGE = 640;
/** Of the search for the best quality that fits. */
const HALVINGS = 4;

/** What the policy asks of a picture. */
export interface Finish {
  longEdge: number;
  /** 0 to 1. */
  quality: number;
}

export type Order =
  | { kind: 'develop'; file: Blob; finish: Finish; storeKey: string; aad: Uint8Array<ArrayBuffer>; recipient: Recipient | null }
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
  look: Look;
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

function draw(picture: ImageBitmap | OffscreenCanvas, edge: number): OffscreenCanvas {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Spoils('failed');
  // What is transparent in a PNG would come out black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

async function encode(canvas: OffscreenCanvas, quality: number): Promise<Blob> {
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
  // An engine that cannot encode what was asked for encodes something else.
  if (blob.type !== 'image/jpeg') throw new Spoils('failed');
  return blob;
}

/** At the quality that is asked for, or the best that fits; `null` where none does. */
async function fitting(canvas: OffscreenCanvas, quality: number): Promise<Blob | null> {
  const wanted = await encode(canvas, quality);
  if (wanted.size <= LIMIT_BYTES) return wanted;
  let best = await encode(canvas, WORST_QUALITY);
  if (best.size > LIMIT_BYTES) return null;
  let [fits, exceeds] = [WORST_QUALITY, quality];
  for (let n = 0; n < HALVINGS; n++) {
    const between = (fits + exceeds) / 2;
    const blob = await encode(canvas, between);
    if (blob.size <= LIMIT_BYTES) [best, fits] = [blob, between];
    else exceeds = between;
  }
  return best;
}

/** The picture as it will be sent, and its pixels. The camera's own are gone once this is over. */
async function scaled(file: Blob, { longEdge, quality }: Finish): Promise<{ canvas: OffscreenCanvas; blob: Blob }> {
  const bitmap = await decode(file);
  try {
    for (let edge = longEdge; edge >= SHORTEST_EDGE; edge = Math.round(edge * 0.75)) {
      const canvas = draw(bitmap, edge);
      const blob = await fitting(canvas, quality);
      if (blob) return { canvas, blob };
    }
    throw new Spoils('too_large');
  } finally {
    bitmap.close();
  }
}

async function develop(order: Extract<Order, { kind: 'develop' }>): Promise<Developed> {
  const { canvas, blob } = await scaled(order.file, order.finish);
  const picture = new Uint8Array(await blob.arrayBuffer());
  // From the picture that is sent: the camera's is many times as large, and scaling it costs as much as all the rest.
  const [thumbnail, digest, sealed, evidence] = await Promise.all([
    encode(draw(canvas, THUMBNAIL_EDGE), THUMBNAIL_QUALITY),
    crypto.subtle.digest('SHA-256', picture),
    sealFor(order.storeKey, order.aad, picture),
    order.recipient && sealEvidence(order.recipient, picture),
  ]);
  return {
    sha256: toHex(new Uint8Array(digest)),
    size: picture.length,
    width: canvas.width,
    height: canvas.height,
    head: picture.slice(0, 16),
    sealed,
    evidence,
    thumbnail,
    look: lookOf(canvas),
  };
}

async function thumbnail(order: Extract<Order, { kind: 'thumbnail' }>): Promise<Blob> {
  const picture = await openSealed(order.storeKey, order.aad, order.sealed);
  const bitmap = await decode(new Blob([picture]));
  try {
    return await encode(draw(bitmap, THUMBNAIL_EDGE), THUMBNAIL_QUALITY);
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
