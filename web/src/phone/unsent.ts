// What this phone has not sent, as files that anybody may carry: everything in them is sealed for the server alone.

import { bundle, type Packed } from './bundle';
import { storageWords } from './explain';
import { NotSaved, type Outgoing, type Store } from './store';
import { words } from './tongue.svelte';

/** A little less than the server takes at once. */
const FILE_BYTES = 60_000_000;
const TYPE = 'application/vnd.doorstep.rescue';

async function packed(store: Store, device: string, { place, appointment, sealed }: Outgoing): Promise<Packed | null> {
  const bytes = sealed ?? (await store.photo(device, place));
  return bytes && { place, appointment, sealed: bytes };
}

/** All that waits, or what of it has a place that begins so. */
async function unsentFiles(store: Store, device: string, only: string): Promise<File[]> {
  const waiting = (await store.outbox(device)).filter(({ sent, place }) => !sent && place.startsWith(only));
  const files: Packed[][] = [];
  let room = 0;
  for (const one of waiting) {
    const item = await packed(store, device, one);
    if (!item) continue;
    room -= item.sealed.byteLength;
    if (room < 0 || files.length === 0) {
      files.push([]);
      room = FILE_BYTES - item.sealed.byteLength;
    }
    files.at(-1)?.push(item);
  }
  const day = new Date().toISOString().slice(0, 10);
  const name = (i: number): string => `doorstep-${day}-${device.slice(0, 6)}${files.length > 1 ? `-${i + 1}` : ''}.dsr`;
  return files.map((items, i) => new File(bundle(device, items), name(i), { type: TYPE }));
}

/** By the phone's share sheet where there is one, else as a download. False when somebody thought better of it. */
async function handOut(files: File[]): Promise<boolean> {
  if (navigator.canShare?.({ files })) {
    try {
      await navigator.share({ files });
      return true;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') return false;
      // A share sheet that does not take such a file: a download does.
    }
  }
  for (const file of files) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // The download has its own hold on the bytes by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  return true;
}

/** Everything that waits, as a file; what came of it, in words. */
export async function saveUnsent(store: Store | null, only: string): Promise<string> {
  const { unsent } = words();
  const device = (await store?.lastDevice().catch(() => null)) ?? null;
  if (!store || device === null) return unsent.nothingToSave;
  try {
    const files = await unsentFiles(store, device, only);
    if (files.length === 0) return unsent.nothingToSave;
    return (await handOut(files)) ? unsent.saved : '';
  } catch (cause) {
    return cause instanceof NotSaved ? storageWords(cause.kind) : unsent.fileNotMade;
  }
}
