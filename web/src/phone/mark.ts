// What tells that the store vanished: a few plain figures in another kind of storage, which say that there was one.
// A browser that clears everything at once takes this along; then nobody can tell.

import type { View } from '../generated/View';

const KEPT = 'kept';
const LOST = 'lost';
/** The device whose loss the office knows of. */
const TOLD = 'lost-told';

/** What a store held when it was last seen: nothing about anybody's visit. */
export interface Mark {
  device: string;
  changesToSend: number;
  photosToSend: number;
  /** Since when the oldest of them waits, by the phone's clock. */
  oldest: number | null;
  /** By the phone's clock. */
  at: number;
  /** Somebody has put it away, and the office does not know it yet. */
  seen?: boolean;
}

/** What tells, without the store, what was in it. */
export function markOf(device: string, { sync }: View): Omit<Mark, 'at' | 'seen'> {
  const { changesToSend, photosToSend, data, photos } = sync;
  const waits = [data.oldestUnsent, photos.oldestUnsent].filter((at) => at !== null);
  return { device, changesToSend, photosToSend, oldest: waits.length > 0 ? Math.min(...waits) : null };
}

let last = '';

/** Written anew only when the figures change. */
export function keepMark(mark: Omit<Mark, 'at' | 'seen'>): void {
  const figures = `${mark.device} ${mark.changesToSend} ${mark.photosToSend} ${mark.oldest}`;
  if (figures === last) return;
  last = figures;
  write(KEPT, { ...mark, at: Date.now() });
}

export function kept(): Mark | null {
  return read(KEPT);
}

/** A loss that nobody has put away yet. */
export function loss(): Mark | null {
  return read(LOST);
}

export function unseenLoss(): Mark | null {
  const mark = loss();
  return mark?.seen ? null : mark;
}

/** Said until somebody puts it away, whatever is opened and signed in meanwhile. */
export function noteLoss(mark: Mark): void {
  write(LOST, mark);
  remove(KEPT);
}

export function putLossAway(): void {
  // What the office does not know yet is told first: the note goes with the report.
  const mark = loss();
  if (mark && !lossTold(mark.device)) write(LOST, { ...mark, seen: true });
  else remove(LOST);
}

export function lossTold(device: string): boolean {
  try {
    return localStorage.getItem(TOLD) === device;
  } catch {
    return false;
  }
}

/** The office has taken note. */
export function toldOfLoss(device: string): void {
  try {
    localStorage.setItem(TOLD, device);
  } catch {
    // Told again next time: the server notes it once.
  }
  if (loss()?.seen) remove(LOST);
}

function read(key: string): Mark | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Mark> | null;
    if (typeof found?.device !== 'string' || typeof found.at !== 'number') return null;
    const { device, at, oldest = null, seen = false } = found;
    return { device, at, oldest, seen, changesToSend: Number(found.changesToSend), photosToSend: Number(found.photosToSend) };
  } catch {
    // Storage that is switched off, or not what was written: as if there were none.
    return null;
  }
}

function write(key: string, mark: Mark): void {
  try {
    localStorage.setItem(key, JSON.stringify(mark));
  } catch {
    // A full phone: the store matters, its mark does not.
  }
}

function remove(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage that is switched off has nothing in it.
  }
}
