// What the vault's workers are told, and what they answer.

type Bytes = Uint8Array<ArrayBuffer>;

/** To `slots.ts`. */
export type SlotsOrder = { kind: 'read' } | { kind: 'write'; slot: Bytes; firstHalf: number };
/** `absent`: this browser has no such files, here or in this window. What failed may work the next time. */
export type SlotsReply = { kind: 'file'; file: Bytes } | { kind: 'absent' } | { kind: 'failed'; why: string };

/** To `stretch.ts`, which answers with the bytes of a key. */
export interface StretchOrder {
  pin: string;
  salt: Bytes;
  deviceSecret: Bytes;
  memoryKib: number;
  passes: number;
}

/** An unlocked vault. */
export interface Opened {
  device: string;
  storeKey: string;
  master: string;
}

/** To the service worker. */
export type MemoryOrder =
  | { kind: 'keep'; opened: Opened; idleMs: number; restedMs: number; hold: boolean }
  | { kind: 'recall' }
  | { kind: 'let go' }
  | { kind: 'forget' };
