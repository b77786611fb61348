// The phone's lock. The key file and what opens it are the core's business; here are disk, clocks and randomness.

import type { Wipe } from '../../generated/Wipe';
import { toHex } from '../../hex';
import { scriptAddress } from '../../trust';
import { type Clocks, type Grant, isRefusal, keyFile, type KeyLook, load, type Passkey } from '../core';
import { DeviceSecretGone, KeyFileDisk } from './file';
import type { Opened, StretchOrder } from './orders';
import stretchAddress from './stretch?worker&url';

type Bytes = Uint8Array<ArrayBuffer>;

const SALT_BYTES = 16;
const FRESH_BYTES = 64;
const NONCE_BYTES = 12;
/** A slow phone takes about two seconds to stretch a PIN. One that is not done by then never is. */
const STRETCH_LIMIT_MS = 60_000;

/** What became of a try. */
export type Tried =
  | { kind: 'open'; opened: Opened; look: KeyLook }
  | { kind: 'wrong'; look: KeyLook }
  /** Too soon after the ones before. */
  | { kind: 'wait'; look: KeyLook }
  /** Nothing is left to open. */
  | { kind: 'gone'; why: Wipe }
  /** Part of what opens it is gone; signing in makes it anew. */
  | { kind: 'broken' };

function fresh(bytes: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

export class Vault {
  /** The slot this page wrote last, and its monotonic clock when it last noted the lease. */
  private noted: { slot: Bytes; at: number } | null = null;
  private stretching: Worker | null = null;

  private constructor(private readonly disk: KeyFileDisk) {}

  static async open(): Promise<Vault> {
    return new Vault(await KeyFileDisk.open());
  }

  /** `null` where there is no key file. */
  async look(): Promise<KeyLook | null> {
    await load();
    return this.alone(async () => {
      const file = await this.disk.read();
      return keyFile.look(file, this.clocks(file));
    });
  }

  /** Loads what a PIN takes while it is typed. */
  warm(): void {
    this.stretching ??= new Worker(scriptAddress(stretchAddress), { type: 'module' });
  }

  /** A new file, in place of whatever was there. */
  async choose(pin: string, device: string, storeKey: string, grant: Grant): Promise<Opened> {
    await this.disk.ensureDeviceSecret();
    const salt = fresh(SALT_BYTES);
    const secret = await this.stretched(pin, salt, 0, 0);
    return this.alone(async () => {
      const sealing = { device, storeKey, grant, wall: Date.now(), secret: toHex(secret) };
      const { slot, master } = keyFile.make(sealing, salt, fresh(FRESH_BYTES));
      await this.write(slot, true);
      return { device, storeKey, master };
    });
  }

  /**
   * A try counts before it is known whether it is right, and after a key is made of the PIN: that gives nothing away, and a
   * phone that fails at it has not been given a wrong PIN.
   */
  async tryPin(pin: string): Promise<Tried> {
    const asked = await this.alone(() => this.asked());
    if ('kind' in asked) return asked;
    let secret: Bytes;
    try {
      secret = await this.stretched(pin, asked.look.salt, asked.look.memoryKib, asked.look.passes);
    } catch (cause) {
      if (cause instanceof DeviceSecretGone) return { kind: 'broken' };
      throw cause;
    }
    return this.alone(async () => {
      const now = await this.asked();
      if ('kind' in now) return now;
      await this.write(keyFile.countTry(now.file, Date.now()));
      return this.settle(true, secret);
    });
  }

  /** Nobody guesses what a passkey gives, so its tries are not counted. */
  tryPasskey(secret: Bytes): Promise<Tried> {
    return this.alone(() => this.settle(false, secret));
  }

  /** Another way in beside the PIN, in place of the one before; `null` leaves the PIN alone. */
  async setPasskey(opened: Opened, made: Passkey | null): Promise<void> {
    await this.alone(async () => {
      const file = await this.disk.read();
      const look = keyFile.look(file, this.clocks(file));
      if (!look || look.wiped || look.device !== opened.device) return;
      await this.write(made ? keyFile.addPasskey(file, opened.master, made, fresh(NONCE_BYTES)) : keyFile.removePasskey(file));
    });
  }

  /** Grants the lease anew after a contact, or notes how far it has run. */
  async lease(opened: Opened, grant: Grant | null): Promise<void> {
    await this.alone(async () => {
      const file = await this.disk.read();
      const clocks = this.clocks(file);
      const look = keyFile.look(file, clocks);
      if (!look || look.wiped || look.device !== opened.device) return;
      await this.write(keyFile.lease(file, opened.master, clocks, grant, fresh(NONCE_BYTES)), true);
    });
  }

  /** Grants as much as before, from the server's time. */
  async regrant(opened: Opened, serverTime: number): Promise<void> {
    const look = await this.look();
    if (!look || look.wiped) return;
    await this.lease(opened, { serverTime, lengthMs: look.lengthMs, idleMs: look.idleMs });
  }

  /** Overwrites every wrap. */
  async wipe(why: Wipe): Promise<void> {
    await load();
    await this.alone(async () => {
      const file = await this.disk.read();
      if (keyFile.look(file, this.clocks(file))) await this.write(keyFile.wipe(file, why));
    });
  }

  /** What a PIN is tried on, or why none is. */
  private async asked(): Promise<{ file: Bytes; look: KeyLook } | Tried> {
    const file = await this.disk.read();
    const look = keyFile.look(file, this.clocks(file));
    if (!look) return { kind: 'broken' };
    if (look.wiped) return { kind: 'gone', why: look.wiped };
    if (look.triesLeft === 0) return this.destroyed(file);
    if (look.waitMs > 0) return { kind: 'wait', look };
    return { file, look };
  }

  private async settle(pin: boolean, secret: Bytes): Promise<Tried> {
    const file = await this.disk.read();
    const look = keyFile.look(file, this.clocks(file));
    if (!look) return { kind: 'broken' };
    if (look.wiped) return { kind: 'gone', why: look.wiped };
    try {
      const { slot, master, storeKey } = keyFile.open(file, pin, secret);
      await this.write(slot);
      return { kind: 'open', opened: { device: look.device, storeKey, master }, look };
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
      return pin && look.triesLeft === 0 ? this.destroyed(file) : { kind: 'wrong', look };
    }
  }

  private async destroyed(file: Bytes): Promise<Tried> {
    await this.write(keyFile.wipe(file, 'wrong_pins'));
    return { kind: 'gone', why: 'wrong_pins' };
  }

  /** One page at a time reads, decides and writes. */
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    return (await navigator.locks.request('doorstep-keys', work)) as T;
  }

  /** `marked`: the slot notes how far the lease has run until now. */
  private async write(slot: Bytes, marked = false): Promise<void> {
    // What is written says itself which half is the older one.
    const look = keyFile.look(twice(slot), { wall: 0, sinceMarkMs: 0 });
    await this.disk.write(slot, look?.firstHalf ?? 0);
    const at = marked ? performance.now() : (this.noted?.at ?? performance.now());
    this.noted = { slot, at };
  }

  /** Only a mark that this page noted can be measured by its own clock. */
  private clocks(file: Bytes): Clocks {
    if (this.noted && !startsWith(file, this.noted.slot)) this.noted = null;
    const sinceMarkMs = this.noted ? Math.max(0, Math.floor(performance.now() - this.noted.at)) : 0;
    return { wall: Date.now(), sinceMarkMs };
  }

  private async stretched(pin: string, salt: Bytes, memoryKib: number, passes: number): Promise<Bytes> {
    const deviceSecret = await this.disk.deviceSecret(salt);
    this.warm();
    const worker = this.stretching;
    if (!worker) throw new Error('no worker');
    this.stretching = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Bytes>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('the phone did not finish in time')), STRETCH_LIMIT_MS);
        worker.onmessage = ({ data }: MessageEvent<Bytes>) => resolve(data);
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error('the phone did not finish; it may be short of memory'));
        };
        worker.postMessage({ pin, salt, deviceSecret, memoryKib, passes } satisfies StretchOrder);
      });
    } finally {
      clearTimeout(timer);
      worker.terminate();
    }
  }
}

function twice(slot: Bytes): Bytes {
  const file = new Uint8Array(2 * slot.length);
  file.set(slot);
  file.set(slot, slot.length);
  return file;
}

function startsWith(file: Bytes, slot: Bytes): boolean {
  return file.length >= slot.length && slot.every((byte, at) => file[at] === byte);
}

