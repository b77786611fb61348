// The phone's shell without a network: one complete, versioned set of files, never a mix of two builds.
// It touches nothing under /api. A new version waits until somebody says so.

interface Shell {
  /** Hash over all files of the set. */
  version: string;
  paths: string[];
}

// Makes this file a module of its own; nothing is exported.
export {};

declare const self: ServiceWorkerGlobalScope & {
  /** Written by `build/shell.ts` at the top of the built file. */
  DOORSTEP_SHELL: Shell;
};

const PREFIX = 'shell-';
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
  if (ours) event.respondWith(answer(request, pathname));
});

async function answer(request: Request, pathname: string): Promise<Response> {
  const found = await caches.match(pathname, { cacheName: name });
  // The browser may throw a cache away; then the network is all there is.
  return found ?? fetch(request);
}
