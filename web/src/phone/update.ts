// Installs the service worker and tells when a newer version waits. Nobody is interrupted: the reload is offered.

import { scriptAddress } from '../trust';
import { letGo } from './vault/memory';

const LOOK_AGAIN_MS = 30 * 60 * 1000;

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
  const registration = await serviceWorker.register(scriptAddress('/sw.js'), { updateViaCache: 'none' });
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

/** Whether the service worker has every part of the page, also those that open later; waits for what is on its way. */
export async function isWhole(): Promise<boolean> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return true;
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const told = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === true);
  });
  active?.postMessage('whole', [port2]);
  return told;
}
