// Rescue copies: what this phone recorded, sealed to the key of the visit's day, so that it can be sent by whoever cannot
// read it, and carried away in a file (`core/src/rescue.rs`, docs/VAULT.md). Golden vectors hold both sides to it.

import type { EvidenceKey } from '../generated/EvidenceKey';
import type { RescueCopy } from '../generated/RescueCopy';
import { fromHex } from '../hex';
import { joined, seal } from './hpke';

type Bytes = Uint8Array<ArrayBuffer>;

const COPY_HEADER = Uint8Array.of(0x44, 0x50, 0x52, 1);
export const INFO = new Uint8Array(new TextEncoder().encode('doorstep/1\0rescue'));
/** The kinds by the first part of a place, with the number the format gives each. */
const KINDS = { change: 1, record: 2, evidence: 3 } as const;

/** The name of an item: kind, visit, id. */
export function itemName(place: string, appointment: string): Bytes {
  const parts = place.split('/');
  const kind = KINDS[parts[0] as keyof typeof KINDS];
  return joined(Uint8Array.of(kind), fromHex(appointment), fromHex(parts.at(-1) ?? ''));
}

export function copyBoundTo(key: EvidenceKey, device: string, place: string, appointment: string): Bytes {
  return joined(COPY_HEADER, fromHex(key.id), fromHex(device), itemName(place, appointment));
}

/** The bytes that wait and travel. This phone cannot open them. */
export async function sealCopy(device: string, { key, place, appointment, plain }: RescueCopy): Promise<ArrayBuffer> {
  const bound = copyBoundTo(key, device, place, appointment);
  const { encapsulated, ciphertext } = await seal(fromHex(key.public), INFO, bound, new Uint8Array(plain));
  return joined(COPY_HEADER, fromHex(key.id), encapsulated, ciphertext).buffer;
}
