// The vault's format with WebCrypto: version, nonce, AES-256-GCM ciphertext and tag (`core/src/vault.rs`).

import { fromHex } from '../hex';

const VERSION = 1;
const NONCE_BYTES = 12;

function imported(storeKey: string, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fromHex(storeKey), 'AES-GCM', false, [use]);
}

export async function sealFor(
  storeKey: string,
  aad: Uint8Array<ArrayBuffer>,
  plain: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await imported(storeKey, 'encrypt');
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, plain);
  const sealed = new Uint8Array(1 + NONCE_BYTES + ciphertext.byteLength);
  sealed[0] = VERSION;
  sealed.set(iv, 1);
  sealed.set(new Uint8Array(ciphertext), 1 + NONCE_BYTES);
  return sealed.buffer;
}

/** Throws when the version is unknown, or the key, the place or the bytes are not those it was sealed with. */
export async function openSealed(
  storeKey: string,
  aad: Uint8Array<ArrayBuffer>,
  sealed: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(sealed);
  if (bytes[0] !== VERSION) throw new Error('sealed in a version this software does not know');
  const iv = bytes.subarray(1, 1 + NONCE_BYTES);
  const key = await imported(storeKey, 'decrypt');
  const ciphertext = bytes.subarray(1 + NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, ciphertext));
}
