// The phone's shell without a network: one complete, versioned set of files, never a mix of two builds.
// A fetch under /api passes it by; when no page is open it sends what waits, where the browser wakes it for that
// (`phone/carry.ts`). A new version waits until somebody says so; a page of the version before keeps its files
// while it is open, since it may be in the middle of something when another page changes over. A set with a hole in it is mended from
// the network before the page opens, or says what is missing: a blank page would look like lost work.

import { carry, waitingIn } from './phone/carry';
import { Store } from './phone/store';
import type { MemoryOrder } from './phone/vault/orders';
import { remember } from './phone/vault/remembering';
import { OUTBOX_TAG } from './phone/wake';
import { repairPage, waiting } from './shell/repair';

interface Shell {
  /** Hash over all files of the set. */
  version: string;
  /** SHA-256 of each, by its path. */
  files: Record<string, string>;
}

declare const self: ServiceWorkerGlobalScope & {
  /** Written by `build/shell.ts` at the top of the built file. */
  DOORSTEP_SHELL: Shell;
};

const PREFIX = 'shell-';
/** A link that has not brought a file by then counts as none: somebody is looking at an empty screen. */
const MEND_LIMIT_MS = 8_000;
const shell = self.DOORSTEP_SHELL;
const name = PREFIX + shell.version;
const paths = Object.keys(shell.files);

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

/** All or nothing: a worker whose set is not whole is never installed, and the one before goes on. */
async function install(): Promise<void> {
  const cache = await caches.open(name);
  // A file named by its content cannot be stale; anything else is fetched past the browser's cache.
  const fetched = await Promise.all(paths.map((path) => ours(path, path.startsWith('/assets/') ? 'default' : 'reload')));
  await Promise.all(fetched.map(({ path, response }) => cache.put(path, response)));
}

/** A file of this set, byte for byte; rejects with anything else that answers. */
async function ours(path: string, cache: RequestCache, signal?: AbortSignal): Promise<{ path: string; response: Response }> {
  const response = await fetch(path, { cache, ...(signal && { signal }) });
  const bytes = response.ok ? await response.clone().arrayBuffer() : new ArrayBuffer(0);
  if ((await sha256(bytes)) !== shell.files[path]) throw new Error(`${path} is not of this version`);
  return { path, response };
}

self.addEventListener('activate', (event) => {
  event.waitUntil(clear().then(() => self.clients.claim()));
});

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
  else remember(event.data as MemoryOrder, event.ports[0], (until) => event.waitUntil(until));
});

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
  if (pathname in shell.files) {
    event.respondWith(request.mode === 'navigate' ? open(request, pathname) : answer(request, pathname, name));
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(answer(request, pathname));
  }
});

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
  return fresh && (await isOurs(fresh)) ? fresh : repairPage(await waiting());
}

/** Not a portal's page, which comes with 200 as well. */
async function isOurs(response: Response): Promise<boolean> {
  return response.ok && (await response.clone().text()).includes('id="app"');
}

/** Fetches what the browser threw away. False when the set has a hole that cannot be filled now. */
async function mend(cache: Cache): Promise<boolean> {
  const here = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = paths.filter((path) => !here.has(path));
  const fetched = await Promise.all(missing.map(async (path) => fill(cache, path)));
  return fetched.every(Boolean);
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function fill(cache: Cache, path: string): Promise<boolean> {
  try {
    const { response } = await ours(path, 'reload', AbortSignal.timeout(MEND_LIMIT_MS));
    await cache.put(path, response);
    return true;
  } catch {
    return false;
  }
}
