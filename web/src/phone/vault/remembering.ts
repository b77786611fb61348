// The service worker's side of `memory.ts`: what is unlocked, in memory alone. A worker that the browser ends has
// forgotten it.

import type { MemoryOrder, Opened } from './orders';

interface Kept {
  opened: Opened;
  /** Since when nobody has touched the phone, by both clocks. */
  touched: { monotonic: number; wall: number };
  idleMs: number;
}

/** Browsers let one event keep a worker for so long. */
const HOLD_MS = 290_000;
let kept: Kept | null = null;
let letGo = (): void => undefined;

/** `stay` keeps the worker until the promise is settled. */
export function remember(order: MemoryOrder, answer: MessagePort | undefined, stay: (until: Promise<void>) => void): void {
  letGo();
  switch (order.kind) {
    case 'keep': {
      const touched = { monotonic: performance.now() - order.restedMs, wall: Date.now() - order.restedMs };
      kept = { opened: order.opened, touched, idleMs: order.idleMs };
      if (order.hold) stay(held());
      break;
    }
    case 'recall': {
      const rested = kept && Math.max(performance.now() - kept.touched.monotonic, Date.now() - kept.touched.wall);
      if (kept && rested !== null && rested >= kept.idleMs) kept = null;
      answer?.postMessage(kept?.opened ?? null);
      break;
    }
    case 'forget':
      kept = null;
      break;
    case 'let go':
  }
}

/** The page may have been put aside for the camera; a new version does not wait for it. */
function held(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, HOLD_MS);
    letGo = () => {
      clearTimeout(timer);
      letGo = () => undefined;
      resolve();
    };
  });
}
