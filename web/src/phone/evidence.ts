// The envelope of a photo that only the server opens: `DPE\x02`, key id, encapsulated key, ciphertext
// (`core/src/evidence.rs`, docs/VAULT.md). Golden vectors hold both sides to it.

import type { EvidenceKey } from '../generated/EvidenceKey';
import { fromHex } from '../hex';
import { joined, seal } from './hpke';

type Bytes = Uint8Array<ArrayBuffer>;

const HEADER = Uint8Array.of(0x44, 0x50, 0x45, 2);
export const INFO = new Uint8Array(new TextEncoder().encode('doorstep/2\0evidence'));

/** What a photo is sealed to and bound to. */
export interface Recipient {
  key: EvidenceKey;
  photo: string;
  appointment: string;
}

export function boundTo({ key, photo, appointment }: Recipient): Bytes {
  return joined(HEADER, fromHex(key.id), fromHex(photo), fromHex(appointment));
}

/** The bytes that travel for a picture. This phone cannot open them. */
export async function sealEvidence(recipient: Recipient, picture: Bytes): Promise<ArrayBuffer> {
  const { key } = recipient;
  const { encapsulated, ciphertext } = await seal(fromHex(key.public), INFO, boundTo(recipient), picture);
  return joined(HEADER, fromHex(key.id), encapsulated, ciphertext).buffer;
}
