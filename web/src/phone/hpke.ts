// HPKE (RFC 9180) in base mode, single shot, with WebCrypto: DHKEM(P-256, HKDF-SHA256) and HKDF-SHA256, as
// `server/src/evidence.rs` opens it. Names are the RFC's.

type Bytes = Uint8Array<ArrayBuffer>;

/** By the number the RFC gives it. */
export interface Aead {
  id: number;
  keyBytes: number;
}

export const AES_256_GCM: Aead = { id: 2, keyBytes: 32 };
const KEM_ID = 0x0010;
const KDF_ID = 0x0001;
const MODE_BASE = 0;
const NONCE_BYTES = 12;
const HASH_BYTES = 32;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

const NOTHING = new Uint8Array(0);
const text = (words: string): Bytes => new Uint8Array(new TextEncoder().encode(words));
const i2osp = (number: number): Bytes => Uint8Array.of(number >> 8, number & 0xff);

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}

function labeledExtract(suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> {
  // An empty salt is one of zeros (RFC 5869); WebCrypto takes no empty key.
  return hmac(salt.length > 0 ? salt : new Uint8Array(HASH_BYTES), joined(text('HPKE-v1'), suite, text(label), ikm));
}

/** For up to 32 bytes, which is all that HPKE takes here: the first block of HKDF-Expand. */
async function labeledExpand(suite: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const block = await hmac(prk, joined(i2osp(length), text('HPKE-v1'), suite, text(label), info, Uint8Array.of(1)));
  return block.slice(0, length);
}

/** Key and nonce that both sides come to. */
export async function context(
  dh: Bytes,
  encapsulated: Bytes,
  recipient: Bytes,
  info: Bytes,
  aead: Aead,
): Promise<{ key: Bytes; nonce: Bytes }> {
  const kem = joined(text('KEM'), i2osp(KEM_ID));
  const eaePrk = await labeledExtract(kem, NOTHING, 'eae_prk', dh);
  const shared = await labeledExpand(kem, eaePrk, 'shared_secret', joined(encapsulated, recipient), HASH_BYTES);
  const suite = joined(text('HPKE'), i2osp(KEM_ID), i2osp(KDF_ID), i2osp(aead.id));
  const pskIdHash = await labeledExtract(suite, NOTHING, 'psk_id_hash', NOTHING);
  const infoHash = await labeledExtract(suite, NOTHING, 'info_hash', info);
  const schedule = joined(Uint8Array.of(MODE_BASE), pskIdHash, infoHash);
  const secret = await labeledExtract(suite, shared, 'secret', NOTHING);
  return {
    key: await labeledExpand(suite, secret, 'key', schedule, aead.keyBytes),
    nonce: await labeledExpand(suite, secret, 'base_nonce', schedule, NONCE_BYTES),
  };
}

export async function agree(mine: CryptoKey, theirs: Bytes): Promise<Bytes> {
  const point = await crypto.subtle.importKey('raw', theirs, CURVE, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: point }, mine, HASH_BYTES * 8));
}

function freshPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
}

/** Seals for the holder of the private half of `recipient`, a point of P-256. The pair is used once and forgotten. */
export async function seal(
  recipient: Bytes,
  info: Bytes,
  aad: Bytes,
  plain: Bytes,
  aead: Aead = AES_256_GCM,
  ephemeral?: CryptoKeyPair,
): Promise<{ encapsulated: Bytes; ciphertext: Bytes }> {
  const pair = ephemeral ?? (await freshPair());
  const encapsulated = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const dh = await agree(pair.privateKey, recipient);
  const { key, nonce } = await context(dh, encapsulated, recipient, info, aead);
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: aad };
  return { encapsulated, ciphertext: new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, plain)) };
}
