// The phone's shell without a network: one complete, versioned set of files, never a mix of two builds.
// A fetch under /api passes it by; when no page is open it sends what waits, where the browser wakes it for that
// (`phone/carry.ts`). A new version waits until somebody says so; a page of the version before keeps its files
// while it is open, since it may be in the middle of something when another page changes over. A set with a hole in it is mended from
// the network before the page opens, or says what is missing: a blank page would look like lost work.
//
// What signs in and shows the day has to be here before the first page is kept at all. Parts that open later
// follow at once, languages and the scanner when they are wanted; from then on they belong to the set as well: a newer version is taken
// over only when it has all that the one before had, since that may happen where there is no network.

import { carry, waitingIn } from './phone/carry';
import { Store } from './phone/store';
import type { MemoryOrder } from './phone/vault/orders';
import { remember } from './phone/vault/remembering';
import { OUTBOX_TAG } from './phone/wake';
import { languageTold } from './phone/words/worker';
import { repairPage, waiting } from './shell/repair';

interface Shell {
  /** Hash over all files of the set. */
  version: string;
  /** What the page starts with: SHA-256 of each, by its path. */
  files: Record<string, string>;
  /** Parts that are opened later. */
  later: Record<string, string>;
  /** Languages and the scanner, each fetched once somebody wants it. */
  asked: Record<string, string>;
}

declare const self: ServiceWorkerGlobalScope & {
  /** Written by `build/shell.ts` at the top of the built file. */
  DOORSTEP_SHELL: Shell;
};

const PREFIX = 'shell-';
/** A link that has not brought a file by then counts as none: somebody is looking at an empty screen. */
const MEND_LIMIT_MS = 8_000;
/** Nobody waits for a part before an empty screen, and the scanner is large. */
const LATER_LIMIT_MS = 90_000;
const shell = self.DOORSTEP_SHELL;
const name = PREFIX + shell.version;
const digests = { ...shell.files, ...shell.later, ...shell.asked };

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

/** All or nothing: a worker whose set is not whole is never installed, and the one before goes on. */
async function install(): Promise<void> {
  const paths = await required();
  const cache = await caches.open(name);
  // A file named by its content cannot be stale; anything else is fetched past the browser's cache.
  const fetched = await Promise.all(paths.map((path) => ours(path, path.startsWith('/assets/') ? 'default' : 'reload')));
  await Promise.all(fetched.map(({ path, response }) => cache.put(path, response)));
}

/** What must be here before this version may be. */
async function required(): Promise<string[]> {
  const isFirst = !(await caches.keys()).some((other) => other.startsWith(PREFIX) && other !== name);
  return isFirst ? [...Object.keys(shell.files), ...(await spoken())] : [...Object.keys(shell.files), ...(await follows())];
}

/** What is fetched once the page can start. */
async function follows(): Promise<string[]> {
  return [...Object.keys(shell.later), ...(await spoken()), ...(await scanner())];
}

/** The words of the language that this phone speaks; English is in the first load. */
async function spoken(): Promise<string[]> {
  const language = await languageTold();
  return Object.keys(shell.asked).filter((path) => path.startsWith(`/assets/words-${language}-`));
}

/** What reads barcodes, where a version of it was fetched before. */
async function scanner(): Promise<string[]> {
  const sets = (await caches.keys()).filter((other) => other.startsWith(PREFIX));
  const paths = await Promise.all(sets.map(async (set) => [...(await pathsIn(await caches.open(set)))]));
  if (!paths.flat().some((path) => path.startsWith('/assets/zxing_reader-'))) return [];
  return Object.keys(shell.asked).filter((path) => !path.startsWith('/assets/words-'));
}

async function pathsIn(cache: Cache): Promise<Set<string>> {
  return new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
}

/** A file of this set, byte for byte; rejects with anything else that answers. */
async function ours(path: string, cache: RequestCache, signal?: AbortSignal): Promise<{ path: string; response: Response }> {
  const response = await fetch(path, { cache, ...(signal && { signal }) });
  const bytes = response.ok ? await response.clone().arrayBuffer() : new ArrayBuffer(0);
  if ((await sha256(bytes)) !== digests[path]) throw new Error(`${path} is not of this version`);
  return { path, response };
}

self.addEventListener('activate', (event) => {
  event.waitUntil(clear().then(() => self.clients.claim()));
  // Not waited for: until this is over no page gets an answer from the worker.
  void follow();
});

let following: Promise<boolean> | null = null;
let isWhole = false;

/** Fetches the parts that open later and are not here. What does not come now is asked for again with the next request. */
async function follow(): Promise<void> {
  following ??= Promise.all([caches.open(name), follows()]).then(([cache, paths]) => fillAll(cache, paths));
  isWhole = await following.catch(() => false);
  following = null;
}

/** With more than one page open somebody may still be on the version before: its files go with a later change. */
async function clear(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1) return;
  const names = await caches.keys();
  const old = names.filter((other) => other.startsWith(PREFIX) && other !== name);
  await Promise.all(old.map((other) => caches.delete(other)));
}

self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(self.skipWaiting());
  else if (event.data === 'whole') event.waitUntil(tell(event.ports[0]));
  else remember(event.data as MemoryOrder, event.ports[0], (until) => event.waitUntil(until));
});

/** Whether all is here that this phone opens, once what is on its way has come. */
async function tell(port: MessagePort | undefined): Promise<void> {
  if (!isWhole) await follow();
  port?.postMessage(isWhole);
}

/** Of Background Sync, which the types do not have: only some browsers do. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === OUTBOX_TAG) (event as SyncEvent).waitUntil(carryAll());
});

/** Rejects while something is left, and the browser comes again. */
async function carryAll(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' });
  if (pages.some(({ visibilityState }) => visibilityState === 'visible')) throw new Error('the open page sends');
  const store = await Store.existing();
  if (!store) return;
  try {
    const device = await store.lastDevice();
    if (!device || (await carry(store, device)) === 'signed_out') return;
    const { photos, answers } = waitingIn(await store.outbox(device));
    if (photos + answers > 0) throw new Error('not all is sent');
  } finally {
    store.close();
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (!isWhole && following === null) event.waitUntil(follow());
  if (pathname in shell.files) {
    event.respondWith(request.mode === 'navigate' ? open(request, pathname) : answer(request, pathname, name));
  } else if (pathname in digests) {
    event.respondWith(part(pathname));
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(answer(request, pathname));
  }
});

/** A part or a language: from the set, or from the network into it. */
async function part(pathname: string): Promise<Response> {
  const cache = await caches.open(name);
  if (!(await cache.match(pathname))) {
    await fill(cache, pathname);
    // The first words of another language: those of the parts that open later come along.
    isWhole = false;
  }
  return (await cache.match(pathname)) ?? Response.error();
}

/** From one set, or, without its name, from whichever has the file. */
async function answer(request: Request, pathname: string, cacheName?: string): Promise<Response> {
  const found = await caches.match(pathname, cacheName === undefined ? {} : { cacheName });
  return found ?? fetch(request);
}

/** The page itself, once every file it will ask for is here. */
async function open(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(name);
  if (await mend(cache)) return answer(request, pathname, name);
  // The server may have another version by now, whose files are whole: then that one is the page.
  const signal = AbortSignal.timeout(MEND_LIMIT_MS);
  const fresh = await fetch(pathname, { cache: 'reload', signal }).catch(() => null);
  return fresh && (await isOurs(fresh)) ? fresh : repairPage(await waiting(), await languageTold());
}

/** Not a portal's page, which comes with 200 as well. */
async function isOurs(response: Response): Promise<boolean> {
  return response.ok && (await response.clone().text()).includes('id="app"');
}

/** Fetches what the browser threw away. False when the set has a hole that cannot be filled now. */
async function mend(cache: Cache): Promise<boolean> {
  return fillAll(cache, Object.keys(shell.files));
}

async function fillAll(cache: Cache, paths: string[]): Promise<boolean> {
  const here = await pathsIn(cache);
  const fetched = await Promise.all(paths.filter((path) => !here.has(path)).map((path) => fill(cache, path)));
  return fetched.every(Boolean);
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function fill(cache: Cache, path: string): Promise<boolean> {
  // What the browser fetched for a page a moment ago need not be fetched again; what it lost, it may have spoilt.
  for (const from of path in shell.files ? (['reload'] as const) : (['default', 'reload'] as const)) {
    try {
      const limit = path in shell.files ? MEND_LIMIT_MS : LATER_LIMIT_MS;
      const { response } = await ours(path, from, AbortSignal.timeout(limit));
      await cache.put(path, response);
      return true;
    } catch {
      // The next place, or none.
    }
  }
  return false;
}
