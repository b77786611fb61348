// From the camera's file to a sealed photo ready for the disk, and thumbnails of what is there.

import type { MediaType } from '../generated/MediaType';
import type { Shot } from '../generated/Shot';
import { scriptAddress } from '../trust';
import { acceptPicture, isRefusal } from './core';
import type { Developed, Finish, Order, Reply, Spoilt } from './darkroom';
import darkroomAddress from './darkroom?worker&url';
import type { Recipient } from './evidence';
import { storageWords } from './explain';
import { NotSaved } from './store';
import { words } from './tongue.svelte';

/** A photo between shutter and disk, or one that does not count. */
export interface Developing {
  key: number;
  appointment: string;
  shot: string;
  refused: string | null;
}

/** Why a file does not count as proof. */
type Why = 'empty' | 'tooLarge' | 'notAPicture' | 'undecodable' | 'failed' | 'doesNotCount';

export class PhotoRefused extends Error {
  constructor(
    readonly why: Why,
    options?: ErrorOptions,
  ) {
    super(why, options);
  }
}

/** Why a photo was not saved, in words. */
export function refusalWords(cause: unknown): string {
  if (cause instanceof PhotoRefused) return words().photos[cause.why];
  return cause instanceof NotSaved ? storageWords(cause.kind) : words().photos.notSaved;
}

const HEAD_BYTES = 16;

const byCode: Partial<Record<string, Why>> = {
  photo_empty: 'empty',
  photo_too_large: 'tooLarge',
  photo_not_jpeg_or_png: 'notAPicture',
};

const spoilt: Record<Spoilt, Why> = {
  undecodable: 'undecodable',
  too_large: 'tooLarge',
  failed: 'failed',
};

function judge(bytes: Uint8Array): MediaType {
  try {
    return acceptPicture(bytes);
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new PhotoRefused(byCode[cause.code] ?? 'doesNotCount', { cause });
  }
}

/** Pixels and quality of a shot: the usual, unless the policy asks for more. */
export function finishOf(shot: Shot | undefined): Finish {
  return {
    longEdge: Math.max(2048, shot?.longEdge ?? 0),
    quality: Math.min(1, Math.max(0.8, (shot?.quality ?? 0) / 100)),
  };
}

/** A worker that has finished nothing for so long hangs. In ticks: a page that slept has let its worker sleep as well. */
const TICK_MS = 5_000;
const TICKS = 12;

interface Waiting {
  resolve(reply: Reply): void;
  reject(cause: Error): void;
}

/** The worker and those who wait for it. A worker that dies is replaced at the next order. */
export class Darkroom {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;
  private ticks = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  async develop(
    file: Blob,
    finish: Finish,
    storeKey: string,
    aad: Uint8Array<ArrayBuffer>,
    recipient: Recipient | null,
  ): Promise<Developed & { media: MediaType }> {
    // The first bytes tell the kind; the size that counts is that of the picture made from it.
    judge(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
    const reply = await this.order({ kind: 'develop', file, finish, storeKey, aad, recipient });
    if (reply.kind !== 'developed') throw new PhotoRefused(reply.kind === 'spoilt' ? spoilt[reply.why] : 'failed');
    return { ...reply.developed, media: judge(reply.developed.head) };
  }

  async thumbnail(sealed: ArrayBuffer, storeKey: string, aad: Uint8Array<ArrayBuffer>): Promise<Blob | null> {
    const reply = await this.order({ kind: 'thumbnail', sealed, storeKey, aad });
    return reply.kind === 'thumbnail' ? reply.thumbnail : null;
  }

  /** The worker has had the key and pictures: it ends once what it is asked for is done. */
  close(): void {
    this.closed = true;
    if (this.waiting.size === 0) this.end();
  }

  private order(order: Order): Promise<Reply> {
    const worker = this.started();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, order });
    });
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(scriptAddress(darkroomAddress), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.ticks = 0;
      this.waiting.get(data.id)?.resolve(data);
      this.waiting.delete(data.id);
      if (this.closed && this.waiting.size === 0) this.end();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end();
    };
    this.timer = setInterval(() => {
      this.ticks = this.waiting.size > 0 ? this.ticks + 1 : 0;
      if (this.ticks > TICKS) this.end();
    }, TICK_MS);
    this.ticks = 0;
    this.worker = worker;
    return worker;
  }

  /** Whoever still waits has no picture. */
  private end(): void {
    clearInterval(this.timer);
    this.worker?.terminate();
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(new PhotoRefused('failed'));
    this.waiting.clear();
  }
}
