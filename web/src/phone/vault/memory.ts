// What is unlocked outlives its page in the service worker's memory, so that a page loaded anew asks for nothing. It is
// never written down, and the worker forgets it after the same rest as the page; a browser that ends the worker earlier
// makes the phone ask for the PIN.

import type { MemoryOrder, Opened } from './orders';

/** A worker that has not said anything by then has nothing to say. */
const LIMIT_MS = 1_500;

function post(order: MemoryOrder, ports: MessagePort[] = []): boolean {
  const worker = navigator.serviceWorker?.controller;
  worker?.postMessage(order, ports);
  return worker !== null && worker !== undefined;
}

/** `hold`: the page may be gone for a while, so the worker is asked to stay. */
export function keep(opened: Opened, idleMs: number, restedMs: number, hold: boolean): void {
  post({ kind: 'keep', opened: { ...opened }, idleMs, restedMs, hold });
}

/** A worker that is to give way to a newer one does not stay for a page that was put aside. */
export function letGo(): void {
  post({ kind: 'let go' });
}

export function forget(): void {
  post({ kind: 'forget' });
}

export function recall(device: string): Promise<Opened | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const late = setTimeout(() => resolve(null), LIMIT_MS);
    port1.onmessage = ({ data }: MessageEvent<Opened | null>) => {
      clearTimeout(late);
      port1.close();
      resolve(data?.device === device ? data : null);
    };
    if (!post({ kind: 'recall' }, [port2])) {
      clearTimeout(late);
      resolve(null);
    }
  });
}
