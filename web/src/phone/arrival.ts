// Arriving at a place on a page whose parts may still be coming.

import { tick } from 'svelte';

/** A part that has not come by then is not on this phone. */
const LIMIT_MS = 10_000;
/** What comes above the place within this pushes it away once more. */
const SETTLE_MS = 2_000;
/** Whoever does one of these is where they want to be. */
const MOVES = ['pointerdown', 'wheel', 'keydown'];

/** Shows an element and gives it the focus, now or as soon as it is there; until the answer is called, or somebody moves. */
export function arriveAt(id: string): () => void {
  const going = new AbortController();
  const { signal } = going;
  const stop = () => going.abort();
  let timer = setTimeout(stop, LIMIT_MS);
  let isThere = false;
  const look = (): void => {
    const target = document.getElementById(id);
    if (!target) return;
    target.scrollIntoView({ block: 'center' });
    if (isThere) return;
    isThere = true;
    target.focus({ preventScroll: true });
    clearTimeout(timer);
    timer = setTimeout(stop, SETTLE_MS);
  };
  const watching = new MutationObserver(look);
  signal.addEventListener('abort', () => {
    watching.disconnect();
    clearTimeout(timer);
  });
  for (const move of MOVES) addEventListener(move, stop, { signal, capture: true, passive: true });
  // What the link opens on the page is drawn first.
  void tick().then(() => {
    if (signal.aborted) return;
    watching.observe(document.body, { childList: true, subtree: true });
    look();
  });
  return stop;
}
