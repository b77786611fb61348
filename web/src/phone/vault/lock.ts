// Between the screens and the vault: who is unlocked now, and what ends that.

import { get } from '../../api';
import type { Wipe } from '../../generated/Wipe';
import type { Grant, KeyLook, Passkey } from '../core';
import { type Idle, watchIdle } from './idle';
import { forget, keep, recall } from './memory';
import { askAnew } from './offer';
import type { Opened } from './orders';
import { type Tried, Vault } from './vault';

export interface Ends {
  /** Nobody has touched the phone, or somebody has locked it. */
  locked(): void;
  /** The lease has ended on an open page. */
  ended(): void;
}

/** So long between two notes of how far the lease has run. */
const NOTE_MS = 60_000;
/** What a timer takes. */
const MOST_MS = 2_147_483_647;

export class Lock {
  private open: { opened: Opened; idle: Idle } | null = null;
  private idleMs = 0;
  private grantedAt = 0;
  /** What the server last granted, and this page's clock then. */
  private granted: { grant: Grant; at: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly vault: Vault,
    private readonly ends: Ends,
  ) {}

  static async open(ends: Ends): Promise<Lock> {
    return new Lock(await Vault.open(), ends);
  }

  async look(): Promise<KeyLook | null> {
    const look = await this.vault.look();
    if (look) this.idleMs = look.idleMs;
    return look;
  }

  recall(device: string): Promise<Opened | null> {
    return recall(device);
  }

  warm(): void {
    this.vault.warm();
  }

  async choose(pin: string, device: string, storeKey: string, grant: Grant): Promise<Opened> {
    const opened = await this.vault.choose(pin, device, storeKey, grant);
    this.idleMs = grant.idleMs;
    this.granted = { grant, at: performance.now() };
    // A new file has the PIN alone.
    askAnew();
    return opened;
  }

  /** A PIN, or what a passkey gave. */
  try(by: string | Uint8Array<ArrayBuffer>): Promise<Tried> {
    return typeof by === 'string' ? this.vault.tryPin(by) : this.vault.tryPasskey(by);
  }

  async addPasskey(made: Passkey): Promise<void> {
    if (this.open) await this.vault.setPasskey(this.open.opened, made);
  }

  async removePasskey(): Promise<void> {
    if (this.open) await this.vault.setPasskey(this.open.opened, null);
  }

  /** From now on this page is open, until something ends that. */
  opened(opened: Opened): void {
    this.close();
    const tell = (hidden: boolean) => {
      keep(opened, this.idleMs, idle.restedMs(), hidden);
      if (hidden) void this.note(opened, null);
    };
    const idle = watchIdle(
      () => this.idleMs,
      () => this.end(),
      tell,
    );
    this.open = { opened, idle };
    tell(false);
    void this.watchLease();
  }

  /** A contact: with what it grants, or with as much as the one before. */
  async grant(given: Grant | null): Promise<void> {
    const { open } = this;
    if (!open) return;
    const grant = given ?? this.again();
    this.idleMs = grant?.idleMs ?? this.idleMs;
    if (given) this.granted = { grant: given, at: performance.now() };
    if (performance.now() - this.grantedAt < NOTE_MS && !given) return;
    this.grantedAt = performance.now();
    await this.note(open.opened, grant);
    void this.watchLease();
  }

  /** After a clock that was set back: whether the server lets the phone go on, which grants as long as before. */
  async hear(opened: Opened): Promise<boolean> {
    try {
      const { serverTime } = await get<{ serverTime: number }>('/api/me');
      await this.vault.regrant(opened, serverTime);
      return true;
    } catch {
      return false;
    }
  }

  lockAll(): void {
    this.open?.idle.lockAll();
    this.end();
  }

  async wipe(why: Wipe): Promise<void> {
    forget();
    try {
      await this.vault.wipe(why);
    } finally {
      this.open?.idle.lockAll();
      this.close();
      // Until here this page may have told the worker once more.
      forget();
    }
  }

  /** Stops watching; what is unlocked stays in the service worker's memory unless it is told otherwise. */
  close(): void {
    clearTimeout(this.timer);
    this.open?.idle.stop();
    this.open = null;
  }

  /** A lease that is not written stays as it was: the phone locks earlier at worst. */
  private async note(opened: Opened, grant: Grant | null): Promise<void> {
    await this.vault.lease(opened, grant).catch(() => undefined);
  }

  private again(): Grant | null {
    if (!this.granted) return null;
    const { grant, at } = this.granted;
    return { ...grant, serverTime: Math.floor(grant.serverTime + performance.now() - at) };
  }

  private end(): void {
    const { open } = this;
    if (!open) return;
    forget();
    this.close();
    void this.note(open.opened, null);
    this.ends.locked();
  }

  /** Looks again when the lease would end, and now and then, since clocks are set. */
  private async watchLease(): Promise<void> {
    clearTimeout(this.timer);
    let look: KeyLook | null;
    try {
      look = await this.vault.look();
    } catch {
      // A disk that failed once does not end the watch.
      this.timer = setTimeout(() => void this.watchLease(), NOTE_MS);
      return;
    }
    if (!this.open || !look) return;
    clearTimeout(this.timer);
    if (look.verdict?.kind === 'ended') {
      this.ends.ended();
      return;
    }
    const left = look.verdict?.kind === 'open' ? look.verdict.left_ms : MOST_MS;
    this.timer = setTimeout(() => void this.watchLease(), Math.min(left + 1, NOTE_MS));
  }
}
