// Installs the service worker and tells when a newer version waits. Nobody is interrupted: the reload is offered.

import { scriptAddress } from '../trust';
import { letGo } from './vault/memory';

const LOOK_AGAIN_MS = 30 * 60 * 1000;
/** Longer than the page's files take over a poor link; one that comes later is heard of all the same. */
const INSTALL_LIMIT_MS = 120_000;

function register(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(scriptAddress('/sw.js'), { updateViaCache: 'none' });
}

/** Asks for a newer version now; what comes of it is offered as ever. */
export function lookForShell(): void {
  // Without a network there is no newer version to be had; the next look finds it.
  navigator.serviceWorker?.getRegistration().then((found) => found?.update()).catch(() => undefined);
}

/**
 * `waiting` gets a function that changes over to the new version; `overtaken` is called once a page of this phone did,
 * and this page, still of the version before, is to be loaded anew.
 */
export async function keepShell(waiting: (changeOver: () => void) => void, overtaken: () => void): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const hadOne = serviceWorker.controller !== null;
  const registration = await register();
  const offer = () => {
    const worker = registration.waiting;
    if (!worker) return;
    waiting(() => {
      letGo();
      worker.postMessage('take over');
    });
  };
  if (hadOne) offer();
  registration.addEventListener('updatefound', () => {
    // Newer than what? WebKit shows the first worker as waiting for a moment, and nothing would ever come of that.
    if (registration.active) registration.installing?.addEventListener('statechange', offer);
  });
  // The first worker ever takes an open page over too; that is no reason to load it again.
  let isFirst = !hadOne;
  serviceWorker.addEventListener('controllerchange', () => {
    if (!isFirst) overtaken();
    isFirst = false;
  });
  let looked = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || performance.now() - looked < LOOK_AGAIN_MS) return;
    looked = performance.now();
    lookForShell();
  });
}

/** The worker that serves the page; `null` where its files do not come. One that was given up is installed anew. */
async function worker(): Promise<ServiceWorker | null> {
  const { installing } = await register();
  const fails = new Promise<null>((resolve) => {
    installing?.addEventListener('statechange', () => installing.state === 'redundant' && resolve(null));
    setTimeout(resolve, INSTALL_LIMIT_MS, null);
  });
  return Promise.race([navigator.serviceWorker.ready.then(({ active }) => active), fails]);
}

/** Whether the service worker has every part of the page, also those that open later; waits for what is on its way. */
export async function isWhole(): Promise<boolean> {
  if (import.meta.env.DEV) return true;
  if (!('serviceWorker' in navigator)) return false;
  const active = await worker();
  if (!active) return false;
  const { port1, port2 } = new MessageChannel();
  const told = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === true);
  });
  active.postMessage('whole', [port2]);
  return told;
}
