// The only file that loads the wasm module.

import type { CaptureRow } from '../generated/CaptureRow';
import type { Effect } from '../generated/Effect';
import type { Event as CoreEvent } from '../generated/Event';
import type { Holder } from '../generated/Holder';
import type { Job } from '../generated/Job';
import type { MediaType } from '../generated/MediaType';
import type { Now } from '../generated/Now';
import type { PhotoFacts } from '../generated/PhotoFacts';
import type { ReasonCode } from '../generated/ReasonCode';
import type { RescueCopy } from '../generated/RescueCopy';
import type { Verdict } from '../generated/Verdict';
import type { View } from '../generated/View';
import type { Wipe } from '../generated/Wipe';
import type { Wish } from '../generated/Wish';
import init, * as wasm from '../wasm/doorstep.js';
import address from '../wasm/doorstep_bg.wasm?url';

/** A picture that is ready, not stored yet: `PhotoFacts` without the moment, which comes from `now`. */
export type Picture = Omit<PhotoFacts, 'taken'>;

/** One epoch of the phone's machine: `core/src/session.rs` says what goes in and comes out. */
export interface Machine {
  handle(now: Now, event: CoreEvent): Effect[];
  view(now: Now): View;
  /** The body of an exchange. Throws a `CoreRefusal` where it cannot be written. */
  exchange(now: Now): Uint8Array;
  /** Rescue copies that should be in the outbox and are not among the places `there`. */
  owed(now: Now, there: string[]): RescueCopy[];
  capture(now: Now, appointment: string, photo: string, picture: Picture): CaptureRow;
}

/** What the module throws. */
export interface CoreRefusal {
  code: string;
  message: string;
}

export function isRefusal(cause: unknown): cause is CoreRefusal {
  return typeof cause === 'object' && cause !== null && 'code' in cause && 'message' in cause;
}

let loading: Promise<unknown> | undefined;

/** Starts once, as early as the first caller, and again after it failed; everything below needs it to have come. */
export function load(): Promise<unknown> {
  loading ??= init({ module_or_path: address }).catch((cause: unknown) => {
    loading = undefined;
    throw cause;
  });
  return loading;
}

export function start(holder: Holder): Machine {
  return new wasm.Phone(holder) as Machine;
}

/** Throws a `CoreRefusal` unless the bytes may count as proof. The first bytes are enough to know the kind. */
export function acceptPicture(bytes: Uint8Array): MediaType {
  return wasm.acceptPicture(bytes) as MediaType;
}

/** The reason codes that Amazon takes of a job for what is asked. */
export function validReasons({ marketplace, serviceType }: Job, wish: Wish): ReasonCode[] {
  return wasm.validReasons(marketplace, serviceType, wish) as ReasonCode[];
}

export function associatedData(place: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(wasm.associatedData(place));
}

/** A picture as it travels when it is not sealed for the server. */
export function enveloped(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = wasm.envelopeHeader();
  const envelope = new Uint8Array(header.length + picture.length);
  envelope.set(header);
  envelope.set(picture, header.length);
  return envelope;
}

/** What a contact grants. */
export interface Grant {
  serverTime: number;
  lengthMs: number;
  idleMs: number;
}

/** `sinceMarkMs`: what this page's monotonic clock has run since it last noted the lease. */
export interface Clocks {
  wall: number;
  sinceMarkMs: number;
}

/** What the key file says without any secret. */
export interface KeyLook {
  device: string;
  wiped: Wipe | null;
  triesLeft: number;
  waitMs: number;
  /** `null` of a wiped one. */
  verdict: Verdict | null;
  lengthMs: number;
  idleMs: number;
  salt: Uint8Array<ArrayBuffer>;
  memoryKib: number;
  passes: number;
  passkey: { credential: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> } | null;
  firstHalf: number;
}

/** What an authenticator gave for a salt, and whose it is. */
export interface Passkey {
  credential: Uint8Array<ArrayBuffer>;
  salt: Uint8Array<ArrayBuffer>;
  secret: Uint8Array<ArrayBuffer>;
}

/** A slot to be written, and the keys it opens. */
export interface KeyFileMade {
  slot: Uint8Array<ArrayBuffer>;
  master: string;
  storeKey: string;
}

/** Everything about the key file: `core/src/keyfile.rs` says what each does. They throw a `CoreRefusal`. */
export const keyFile = {
  weighPin: (pin: string): string | undefined => wasm.weighPin(pin),
  make: (sealing: object, salt: Uint8Array, fresh: Uint8Array): KeyFileMade =>
    wasm.makeKeyFile(sealing, salt, fresh) as KeyFileMade,
  look: (file: Uint8Array, clocks: Clocks): KeyLook | null => wasm.lookAtKeyFile(file, clocks) as KeyLook | null,
  countTry: (file: Uint8Array, wall: number) => new Uint8Array(wasm.countTry(file, wall)),
  open: (file: Uint8Array, pin: boolean, secret: Uint8Array): KeyFileMade =>
    wasm.openKeyFile(file, pin, secret) as KeyFileMade,
  lease: (file: Uint8Array, master: string, clocks: Clocks, grant: Grant | null, nonce: Uint8Array) =>
    new Uint8Array(wasm.lease(file, master, clocks, grant, nonce)),
  addPasskey: (file: Uint8Array, master: string, made: Passkey, nonce: Uint8Array) =>
    new Uint8Array(wasm.addPasskey(file, master, made.credential, made.salt, made.secret, nonce)),
  removePasskey: (file: Uint8Array) => new Uint8Array(wasm.removePasskey(file)),
  wipe: (file: Uint8Array, why: Wipe) => new Uint8Array(wasm.wipeKeyFile(file, why)),
};

/** What only an unlocked phone can say: `core/src/unlock.rs`. */
export const proof = {
  ofUnlock: (storeKey: string) => wasm.proofOfUnlock(storeKey) as string,
  forSession: (storeKey: string, device: string, challenge: string) =>
    wasm.proofForSession(storeKey, device, challenge) as string,
};

/** Slow on purpose: `vault/stretch.ts` calls it away from the page. A cost of 0 is today's. */
export function stretchPin(pin: string, salt: Uint8Array, deviceSecret: Uint8Array, memoryKib: number, passes: number) {
  return new Uint8Array(wasm.stretchPin(pin, salt, deviceSecret, memoryKib, passes));
}
