// What somebody is about to photograph, on the disk and sealed before a camera opens: a phone that is short of memory ends
// the page behind its camera, and the page that is opened next has to know where to go on. While a camera is open its page
// holds a lock of the intent's name, so that another page does not take it for one that was ended.

import { app } from '../app.svelte';
import { associatedData } from '../core';
import { type Host, intentPlace } from '../host';
import { jobAddress } from '../route.svelte';
import { openSealed, sealFor } from '../sealing';
import { isClosed } from '../visit';

export interface Aim {
  appointment: string;
  shot: string;
}

interface Intent extends Aim {
  /** By the phone's clock. */
  at: number;
}

/** What a camera was opened for that no photo came back from; until one is there or somebody puts it away. */
export const lost = $state<{ intent: Intent | null }>({ intent: null });

/** A disk that hangs keeps nobody from taking a photo. */
const LIMIT_MS = 1_000;
/** What is older belongs to another day. */
const STALE_MS = 18 * 3_600_000;

let open: { place: string; end(): void } | null = null;

/** Resolves when everything recorded and the intent itself are on the disk, or cannot be. A camera may open then. */
export async function begin({ appointment, shot }: Aim): Promise<void> {
  const { host } = app;
  if (!host) return;
  const place = intentPlace(appointment);
  if (open?.place !== place) {
    open?.end();
    hold(place);
  }
  const intent: Intent = { appointment, shot, at: Date.now() };
  const kept = Promise.all([keep(host, place, intent), host.written()]).catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, LIMIT_MS));
  await Promise.race([kept, late]);
}

/** The photo is here, or nobody wants it. */
export async function end(appointment: string): Promise<void> {
  const place = intentPlace(appointment);
  if (open?.place === place) open.end();
  if (lost.intent?.appointment === appointment) lost.intent = null;
  const { host } = app;
  // One that stays is looked at when the page opens next.
  await host?.store.commit(host.keeper.device, [], [place]).catch(() => undefined);
}

/** Goes back to where a page was ended while its camera was open. */
export async function lookBack(): Promise<void> {
  const { host } = app;
  if (!host) return;
  const { store, keeper } = host;
  // A camera that this page had open before it was locked has nowhere to put its photo.
  const own = open?.place;
  open?.end();
  lost.intent = null;
  const { held = [] } = await navigator.locks.query();
  for (const place of await store.placesOf(keeper.device, 'intent', 'photos')) {
    if (place !== own && held.some(({ name }) => name === place)) continue;
    const intent = await read(host, place);
    const visit = app.view?.visits.find(({ job }) => job.appointment === intent?.appointment);
    if (!intent || !visit || isClosed(visit.job) || Date.now() - intent.at > STALE_MS) {
      await store.commit(keeper.device, [], [place]).catch(() => undefined);
    } else if (intent.at > (lost.intent?.at ?? 0)) {
      lost.intent = intent;
    }
  }
  if (lost.intent) location.hash = jobAddress(lost.intent.appointment, `photos.${lost.intent.shot}`);
}

function hold(place: string): void {
  // A newer version would load the page anew under the open camera.
  const letGo = app.hold();
  const over = new Promise<void>((resolve) => {
    open = {
      place,
      end: () => {
        open = null;
        letGo();
        resolve();
      },
    };
  });
  void navigator.locks.request(place, { mode: 'shared' }, () => over);
}

async function keep({ store, keeper: { device, storeKey } }: Host, place: string, intent: Intent): Promise<void> {
  const sealed = await sealFor(storeKey, associatedData(place), new TextEncoder().encode(JSON.stringify(intent)));
  await store.commit(device, [], [], { pictures: [{ place, sealed }] });
}

/** `null` where it does not open: then it is nobody's who is here. */
async function read({ store, keeper: { device, storeKey } }: Host, place: string): Promise<Intent | null> {
  try {
    const sealed = await store.photo(device, place);
    const plain = sealed && (await openSealed(storeKey, associatedData(place), sealed));
    return plain && (JSON.parse(new TextDecoder().decode(plain)) as Intent);
  } catch {
    return null;
  }
}
