// A bundle of unsent work, version 1: `DSR\x01`, the device, items, a zero (docs/PROTOCOL.md). Everything in it is sealed
// already, so a locked phone can make one and a stranger who finds it reads nothing.

import { fromHex } from '../hex';
import { joined } from './hpke';
import { itemName } from './rescue';

const HEADER = Uint8Array.of(0x44, 0x53, 0x52, 1);
const END = Uint8Array.of(0);

/** One thing that waits, as it travels. */
export interface Packed {
  place: string;
  appointment: string;
  sealed: ArrayBuffer;
}

function length(count: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, count);
  return bytes;
}

/** The parts of a bundle, to be sent or saved one after another. */
export function bundle(device: string, items: Packed[]): Uint8Array<ArrayBuffer>[] {
  const parts = items.flatMap(({ place, appointment, sealed }) => [
    joined(itemName(place, appointment), length(sealed.byteLength)),
    new Uint8Array(sealed),
  ]);
  return [joined(HEADER, fromHex(device)), ...parts, END];
}
