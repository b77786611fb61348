// Asks the browser to wake the service worker when there is a network, for what this phone has not sent yet. Where there
// is no Background Sync (Safari, Firefox) nothing happens: the open page sends.

export const OUTBOX_TAG = 'outbox';

interface Syncs {
  sync?: { register(tag: string): Promise<void> };
}

export function wakeWorker(): void {
  // Without a worker, or where the browser says no, the page is what sends.
  navigator.serviceWorker?.getRegistration().then((found) => (found as Syncs | undefined)?.sync?.register(OUTBOX_TAG)).catch(() => undefined);
}
