// Sends what waits without being able to read it: the locked page, and the service worker when no page is open. Photos go
// as they lie here, changes and records as their rescue copies. Nothing is let go here: that is for the core, once the
// phone is unlocked and the server's word has reached it. What was sent is only marked, so that it does not go twice.

import { bring, Refused } from '../api';
import type { Delivery } from '../generated/Delivery';
import { bundle, type Packed } from './bundle';
import { upload, wasRefused } from './exchange';
import type { Outgoing, Store } from './store';

/** Of one request: a link that breaks repeats no more than that. */
const REQUEST_BYTES = 64 * 1024;
const REQUEST_LIMIT_MS = 90_000;

export type Carried = 'all' | 'unreachable' | 'signed_out';

/** What waits on this phone, as far as it can be told without reading it. */
export interface Waiting {
  photos: number;
  /** Steps, answers and notes. */
  answers: number;
}

export function waitingIn(outbox: Outgoing[]): Waiting {
  const left = outbox.filter(({ sent }) => !sent);
  const photos = left.filter(({ kind }) => kind === 'photo').length;
  return { photos, answers: left.length - photos };
}

/** The same locks as the open page's: one page or worker speaks at a time. */
function inTurn<T>(lane: 'exchange' | 'upload', work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`doorstep-${lane}`, work) as Promise<T>;
}

/** One round over everything that waits. `told` is called after each step. */
export async function carry(store: Store, device: string, told: () => unknown = () => undefined, signal?: AbortSignal): Promise<Carried> {
  /** The session is no longer this device's: whoever has signed in since would be refused what is not theirs. */
  const isOver = async (): Promise<boolean> => signal?.aborted === true || (await store.lastDevice()) !== device;
  const carried = await carryCopies(store, device, told, isOver);
  return carried === 'all' ? carryPhotos(store, device, told, isOver) : carried;
}

function open(outbox: Outgoing[], photos: boolean): Outgoing[] {
  return outbox.filter((one) => !one.sent && one.refused === undefined && (one.kind === 'photo') === photos);
}

/**
 * As many visits as fit into one request, and one at least. A visit's changes follow each other, in an order that nobody
 * can read here: one that comes without those before it is refused.
 */
function batch(waiting: Outgoing[]): Packed[] {
  const packed: Packed[] = [];
  let room = REQUEST_BYTES;
  for (const visit of new Set(waiting.map(({ appointment }) => appointment))) {
    const copies = waiting.flatMap(({ place, appointment, sealed }) =>
      sealed && appointment === visit ? [{ place, appointment, sealed }] : [],
    );
    const bytes = copies.reduce((sum, { sealed }) => sum + sealed.byteLength, 0);
    if (packed.length > 0 && bytes > room) continue;
    room -= bytes;
    packed.push(...copies);
  }
  return packed;
}

async function carryCopies(store: Store, device: string, told: () => unknown, isOver: () => Promise<boolean>): Promise<Carried> {
  for (;;) {
    const done = await inTurn('exchange', async (): Promise<Carried | 'more'> => {
      const items = batch(open(await store.outbox(device), false));
      if (items.length === 0) return 'all';
      if (await isOver()) return 'signed_out';
      const delivery = await deliver(new Blob(bundle(device, items)));
      if (typeof delivery === 'string') return delivery;
      await store.mark(device, delivery.items);
      // An answer that says nothing of what was sent would be asked for again without end.
      const answered = new Set(delivery.items.map(({ place }) => place));
      return items.every(({ place }) => answered.has(place)) ? 'more' : 'unreachable';
    });
    await told();
    if (done !== 'more') return done;
  }
}

async function carryPhotos(store: Store, device: string, told: () => unknown, isOver: () => Promise<boolean>): Promise<Carried> {
  for (const { place, appointment } of open(await store.outbox(device), true)) {
    const done = await inTurn('upload', async (): Promise<Carried> => {
      if (await isOver()) return 'signed_out';
      const bytes = await store.photo(device, place);
      // Sent by somebody else meanwhile, or never sealed for the server: the open page has what is left of it.
      if (!bytes) return 'all';
      const photo = place.slice(place.indexOf('/') + 1);
      const sent = await upload(photo, appointment, new Uint8Array(bytes), () => undefined);
      if (sent.ok) await store.mark(device, [{ place, outcome: 'taken', code: null }]);
      else if (!wasRefused(sent.failure)) return sent.failure;
      else if (await isOver()) return 'signed_out';
      else await store.mark(device, [{ place, outcome: 'refused', code: sent.failure.refused.code }]);
      return 'all';
    });
    await told();
    if (done !== 'all') return done;
  }
  return 'all';
}

/** What became of it, or why nothing did. */
async function deliver(file: Blob): Promise<Delivery | 'unreachable' | 'signed_out'> {
  try {
    return await bring(file, REQUEST_LIMIT_MS);
  } catch (cause) {
    return cause instanceof Refused && cause.problem.status === 401 ? 'signed_out' : 'unreachable';
  }
}
