// The requests of the host loop. Each ends in an answer or in a `Failure` of the core's, never in an exception.

import { isOf, problemOf, request, REQUEST_LIMIT_MS, Unreachable } from '../api';
import type { Failure } from '../generated/Failure';
import type { PhotoReceipt } from '../generated/PhotoReceipt';
import { toHex } from '../hex';

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

const SYNC_TYPE = 'application/vnd.doorstep.sync';
/** With it the server knows that the phone is unlocked; the session alone is given no day. */
export const UNLOCKED = 'doorstep-unlocked';
const TUS = { 'tus-resumable': '1.0.0' };
const SLICE_BYTES = 256 * 1024;
/** At 10 KB/s a slice takes 26 s. */
const SLICE_LIMIT_MS = 90_000;
/**
 * What says of a slice only that it did not go on here: the request broke off, the upload is forgotten, it stands at another
 * place, bytes changed on the way. What makes a photo no proof is 422.
 */
const NOT_HERE = [400, 404, 409, 460];

export const unreachable: Failure = 'unreachable';

export function wasRefused(failure: Failure): failure is Extract<Failure, object> {
  return typeof failure === 'object';
}

/** The server refused a whole message for its version and took nothing of it; all of it stays here. */
export function isOtherVersion(failure: Failure): boolean {
  return wasRefused(failure) && failure.refused.code === 'sync_version_unknown';
}

/** A request that failed, on its way to its `Failure`. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(wasRefused(failure) ? failure.refused.code : failure);
  }
}

export async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (cause) {
    if (cause instanceof Failed) return { ok: false, failure: cause.failure };
    // Whatever else broke, an answer that did not come whole is no answer.
    return { ok: false, failure: unreachable };
  }
}

export async function failed(response: Response): Promise<Failed> {
  if (response.status === 401) return new Failed('signed_out');
  const problem = await problemOf(response);
  if (!problem) return new Failed(unreachable);
  return new Failed({ refused: { code: problem.code, detail: problem.detail } });
}

export function sync(body: Uint8Array, proof: string): Promise<Outcome<Uint8Array>> {
  return outcome(async () => {
    // This page reads documents with facts in them: the server makes room for them.
    const headers = { 'content-type': SYNC_TYPE, [UNLOCKED]: proof, 'doorstep-reads-facts': '1' };
    const response = await request('/api/sync', { method: 'POST', headers, body: new Uint8Array(body) });
    if (!response.ok) throw await failed(response);
    if (!isOf(response, SYNC_TYPE)) throw new Failed(unreachable);
    return new Uint8Array(await response.arrayBuffer());
  });
}

async function tus(path: string, init: RequestInit, limitMs = REQUEST_LIMIT_MS): Promise<Response> {
  const response = await request(path, { ...init, headers: { ...TUS, ...init.headers } }, limitMs);
  // A portal answers everything with a page of its own.
  if (response.ok && response.headers.get('tus-resumable') !== TUS['tus-resumable']) throw new Failed(unreachable);
  return response;
}

function offsetOf(response: Response): number {
  const text = response.headers.get('upload-offset') ?? '';
  if (!/^\d+$/.test(text)) throw new Failed(unreachable);
  return Number(text);
}

async function create(photo: string, appointment: string, envelope: Uint8Array, sha256: string): Promise<string> {
  const metadata = `photo ${btoa(photo)},appointment ${btoa(appointment)},sha256 ${btoa(sha256)}`;
  const headers = { 'upload-length': String(envelope.length), 'upload-metadata': metadata };
  const response = await tus('/api/uploads', { method: 'POST', headers });
  if (response.status !== 201) throw await failed(response);
  const given = response.headers.get('location');
  const address = given ? new URL(given, location.origin) : null;
  // Photos go to our own server, whatever an answer says.
  if (address?.origin !== location.origin) throw new Failed(unreachable);
  return address.pathname;
}

async function ask(address: string): Promise<number> {
  const response = await tus(address, { method: 'HEAD' });
  if (!response.ok) throw await failed(response);
  return offsetOf(response);
}

/** Sends one slice; the new offset, or `null` when only the server can say where it stands. */
async function send(address: string, envelope: Uint8Array<ArrayBuffer>, offset: number): Promise<number | null> {
  const body = envelope.subarray(offset, offset + SLICE_BYTES);
  const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
  let response: Response;
  try {
    response = await tus(address, { method: 'PATCH', headers, body }, SLICE_LIMIT_MS);
  } catch (cause) {
    // The server keeps what arrived of a broken request.
    if (cause instanceof Unreachable) return null;
    throw cause;
  }
  // An upload that is forgotten does not answer that either, and the next try announces it anew.
  if (NOT_HERE.includes(response.status)) return null;
  if (!response.ok) throw await failed(response);
  return offsetOf(response);
}

/** Without `sha256`, for a photo whose bytes are not here, the core alone compares the picture's. */
async function receipt(photo: string, sha256?: string): Promise<PhotoReceipt> {
  const response = await request(`/api/photos/${photo}/receipt`);
  if (!response.ok) throw await failed(response);
  if (!isOf(response, 'application/json')) throw new Failed(unreachable);
  const given = (await response.json()) as PhotoReceipt;
  if (given.photo !== photo || (sha256 !== undefined && given.uploadedSha256 !== sha256)) {
    const detail = 'The server has other bytes under this photo. It stays on this phone; tell the office.';
    throw new Failed({ refused: { code: 'receipt_differs', detail } });
  }
  return given;
}

/** For a photo this phone does not have, taken on another one or sent before: the server's word, if it has it. */
export function askReceipt(photo: string): Promise<Outcome<PhotoReceipt>> {
  return outcome(() => receipt(photo));
}

/** tus 1.0 from wherever the server stands, then its receipt. */
export function upload(
  photo: string,
  appointment: string,
  envelope: Uint8Array<ArrayBuffer>,
  progressed: (offset: number) => void,
): Promise<Outcome<PhotoReceipt>> {
  return outcome(async () => {
    const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', envelope)));
    const address = await create(photo, appointment, envelope, sha256);
    let offset = await ask(address);
    progressed(offset);
    while (offset < envelope.length) {
      const before = offset;
      offset = (await send(address, envelope, offset)) ?? (await ask(address));
      // No progress: leave the link alone until the next try.
      if (offset <= before) throw new Failed(unreachable);
      progressed(offset);
    }
    return receipt(photo, sha256);
  });
}
