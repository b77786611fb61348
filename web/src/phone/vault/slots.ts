// Worker: the key file, in the browser's private files. Only a sync access handle overwrites in place, and only workers
// have those; a database would leave what it replaces in its log.

import type { SlotsOrder, SlotsReply } from './orders';

const NAME = 'keys';
const SLOT_BYTES = 1024;
/** Pages take turns, but one that was killed may hold the file for a moment longer. */
const LIMIT_MS = 5_000;
const AGAIN_MS = 50;

async function folder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await navigator.storage.getDirectory();
  } catch {
    // A window that keeps nothing has none.
    return null;
  }
}

async function opened(entry: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return await entry.createSyncAccessHandle();
    } catch (cause) {
      const isTaken = cause instanceof DOMException && cause.name === 'NoModificationAllowedError';
      if (!isTaken || performance.now() >= until) throw cause;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function fulfil(order: SlotsOrder): Promise<SlotsReply> {
  const root = await folder();
  const entry = await root?.getFileHandle(NAME, { create: true });
  if (typeof entry?.createSyncAccessHandle !== 'function') return { kind: 'absent' };
  const file = await opened(entry);
  try {
    if (order.kind === 'write') {
      // The one that is older by now goes first: whichever write is torn, the other is whole.
      for (const half of [order.firstHalf, 1 - order.firstHalf]) {
        file.write(order.slot, { at: half * SLOT_BYTES });
        file.flush();
      }
    }
    const bytes = new Uint8Array(file.getSize());
    file.read(bytes, { at: 0 });
    return { kind: 'file', file: bytes };
  } finally {
    file.close();
  }
}

let last: Promise<unknown> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<{ id: number; order: SlotsOrder }>) => {
  // One after the other: the file has one handle.
  last = last.then(async () => {
    const reply = await fulfil(data.order).catch((cause: unknown): SlotsReply => ({ kind: 'failed', why: String(cause) }));
    postMessage({ id: data.id, reply });
  });
});
