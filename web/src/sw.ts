// The phone's shell without a network: one complete, versioned set of files, never a mix of two builds.
// It touches nothing under /api. A new version waits until somebody says so. A set with a hole in it is mended from
// the network before the page opens, or says what is missing: a blank page would look like lost work.

import { repairPage, waiting } from './shell/repair';

interface Shell {
  /** Hash over all files of the set. */
  version: string;
  paths: string[];
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
const kept = new Set(shell.paths);

self.addEventListener('install', (event) => {
  const requests = shell.paths.map((path) => {
    // A file named by its content cannot be stale; anything else is fetched past the browser's cache.
    return new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' });
  });
  // All or nothing: `addAll` keeps none when one fails.
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(requests)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((other) => other.startsWith(PREFIX) && other !== name))
      .then((old) => Promise.all(old.map((other) => caches.delete(other))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = request.method === 'GET' && origin === self.location.origin && kept.has(pathname);
  if (!ours) return;
  event.respondWith(request.mode === 'navigate' ? open(request, pathname) : answer(request, pathname));
});

async function answer(request: Request, pathname: string): Promise<Response> {
  const found = await caches.match(pathname, { cacheName: name });
  return found ?? fetch(request);
}

/** The page itself, once every file it will ask for is here. */
async function open(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(name);
  if (await mend(cache)) return answer(request, pathname);
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
  const missing = shell.paths.filter((path) => !here.has(path));
  const fetched = await Promise.all(missing.map(async (path) => fill(cache, path)));
  return fetched.every(Boolean);
}

async function fill(cache: Cache, path: string): Promise<boolean> {
  // Only a file named by its content is certain to be of this version.
  if (!path.startsWith('/assets/')) return false;
  try {
    const response = await fetch(path, { cache: 'reload', signal: AbortSignal.timeout(MEND_LIMIT_MS) });
    // A portal answers with a page of its own where a script was asked for.
    if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) return false;
    await cache.put(path, response);
    return true;
  } catch {
    return false;
  }
}
