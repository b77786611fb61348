// Room that is set aside for proof, so that a phone which is full still takes photos: one piece at once, and more by and by,
// since a day's worth written in one go would hold up what is being recorded.

import { measure } from './room';
import { PIECE_BYTES, type Store } from './store';

/** What the photos of a day take. */
const MOST_BYTES = 150_000_000;
/** A small phone has other things to keep. */
const MOST_OF_QUOTA = 0.1;
const EVERY_MS = 120_000;

let growing: ReturnType<typeof setTimeout> | undefined;

/** False when there is no room for the first piece today either. */
export async function setAside(store: Store): Promise<boolean> {
  clearTimeout(growing);
  try {
    await store.setAside(1);
  } catch {
    return false;
  }
  growLater(store);
  return true;
}

function growLater(store: Store): void {
  growing = setTimeout(() => void grow(store), EVERY_MS);
}

/** What finds no room waits for the next opening of the page. */
async function grow(store: Store): Promise<void> {
  const room = await measure();
  if (room?.nearlyFull !== false) return;
  const most = Math.floor(Math.min(MOST_BYTES, room.quotaBytes * MOST_OF_QUOTA) / PIECE_BYTES);
  // Nobody is looking: the browser may stop the page at any moment.
  if (document.hidden) growLater(store);
  else if (await store.setAside(most).catch(() => false)) growLater(store);
}
