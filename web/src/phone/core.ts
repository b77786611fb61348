// The only file that loads the wasm module.

import type { CaptureRow } from '../generated/CaptureRow';
import type { Effect } from '../generated/Effect';
import type { Event as CoreEvent } from '../generated/Event';
import type { Holder } from '../generated/Holder';
import type { MediaType } from '../generated/MediaType';
import type { Now } from '../generated/Now';
import type { PhotoFacts } from '../generated/PhotoFacts';
import type { RescueCopy } from '../generated/RescueCopy';
import type { View } from '../generated/View';
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

/** Starts once, as early as the first caller; everything below needs it to have come. */
export function load(): Promise<unknown> {
  loading ??= init({ module_or_path: address });
  return loading;
}

export function start(holder: Holder): Machine {
  return new wasm.Phone(holder) as Machine;
}

/** Throws a `CoreRefusal` unless the bytes may count as proof. The first bytes are enough to know the kind. */
export function acceptPicture(bytes: Uint8Array): MediaType {
  return wasm.acceptPicture(bytes) as MediaType;
}

export function associatedData(place: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(wasm.associatedData(place));
}

export function envelopeHeader(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(wasm.envelopeHeader());
}
