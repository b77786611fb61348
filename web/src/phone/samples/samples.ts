// Pictures of how a shot should look. They come after the day, one at a time, and stay while a visit asks for them. A
// picture's name is the hash of what it holds, and the name is in what the server has signed.

import { request } from '../../api';
import { toHex } from '../../hex';
import { app } from '../app.svelte';
import { associatedData } from '../core';
import type { Host } from '../host';
import { openSealed, sealFor } from '../sealing';

/** The server makes them a good deal smaller. */
const MOST_BYTES = 200 * 1024;

const shown = new Map<string, Promise<string | null>>();
let wanted: readonly string[] = [];
let bringing: Promise<void> | null = null;

/** Brings those that are not here, once the day is told, and puts away what no visit asks for any more. */
export function bring(names: readonly string[]): void {
  wanted = names;
  bringing ??= bringAll()
    // What does not come now comes with the next network or the next start.
    .catch(() => undefined)
    .finally(() => (bringing = null));
}

addEventListener('online', () => bring(wanted));

async function bringAll(): Promise<void> {
  const { host } = app;
  if (!host) return;
  const { store, keeper } = host;
  // Behind what is being told and asked.
  await navigator.locks.request('doorstep-exchange', () => undefined);
  const here = await store.placesOf(keeper.device, 'sample', 'photos');
  const places = wanted.map(placeOf);
  const gone = here.filter((place) => !places.includes(place));
  if (gone.length > 0) await store.commit(keeper.device, [], gone);
  for (const name of wanted) if (!here.includes(placeOf(name))) await fetched(host, name);
}

/** An address of the picture, `null` where it is not on this phone and there is no network. */
export function sample(name: string): Promise<string | null> {
  const before = shown.get(name);
  if (before) return before;
  const address = picture(name).then(
    (bytes) => bytes && URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })),
    () => null,
  );
  shown.set(name, address);
  void address.then((found) => found ?? shown.delete(name));
  return address;
}

async function picture(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const { host } = app;
  if (!host) return null;
  const { store, keeper } = host;
  const place = placeOf(name);
  const sealed = await store.photo(keeper.device, place);
  const kept = sealed && (await openSealed(keeper.storeKey, associatedData(place), sealed).catch(() => null));
  return kept ?? fetched(host, name);
}

/** `null` where the server has none of this name, or something stood between that gave another. */
async function fetched({ store, keeper }: Host, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const answer = await request(`/api/samples/${name}`);
  if (!answer.ok) return null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (bytes.length > MOST_BYTES || digest !== name) return null;
  const place = placeOf(name);
  const sealed = await sealFor(keeper.storeKey, associatedData(place), bytes);
  // A phone without room for it shows it while there is a network.
  await store.commit(keeper.device, [], [], { pictures: [{ place, sealed }] }).catch(() => undefined);
  return bytes;
}

function placeOf(name: string): string {
  return `sample/${name}`;
}
