// The page that is locked or signed out sends what waits, as long as it is open and the session lives.

import { carry, type Carried, type Waiting, waitingIn } from './carry';
import type { Store } from './store';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;

/** What the locked screen is told. */
export interface Watching extends Waiting {
  sending: boolean;
  signedOut: boolean;
}

/** Carries while the page is locked: at once, when the page or the network comes back, and after a wait that doubles. */
export class Courier {
  private readonly leaving = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private failures = 0;

  private constructor(
    private readonly store: Store,
    private readonly device: string,
    private readonly show: (watching: Watching) => void,
  ) {}

  /** Of whoever signed in last, whose session the browser has, if any. */
  static async of(store: Store, show: (watching: Watching) => void): Promise<Courier | null> {
    const device = await store.lastDevice().catch(() => null);
    return device === null ? null : new Courier(store, device, show);
  }

  start(): void {
    const { signal } = this.leaving;
    addEventListener('online', () => this.tryNow(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.tryNow(), { signal });
    this.tryNow();
  }

  /** For good. A request under way comes to its end. */
  stop(): void {
    this.leaving.abort();
    clearTimeout(this.timer);
  }

  tryNow(): void {
    this.failures = 0;
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.busy || this.leaving.signal.aborted) return;
    this.busy = true;
    clearTimeout(this.timer);
    let carried: Carried = 'unreachable';
    try {
      await this.tell(true, false);
      carried = await carry(this.store, this.device, () => this.tell(true, false), this.leaving.signal);
    } catch {
      // The store or the lock failed: as good as no network, and tried again.
    }
    this.busy = false;
    await this.tell(false, carried === 'signed_out').catch(() => undefined);
    if (carried === 'unreachable') this.wait();
  }

  /** Half of the wait for certain, the rest by chance. */
  private wait(): void {
    if (this.leaving.signal.aborted) return;
    const whole = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    this.failures += 1;
    this.timer = setTimeout(() => void this.run(), (whole * (1 + Math.random())) / 2);
  }

  private async tell(sending: boolean, signedOut: boolean): Promise<void> {
    const waiting = waitingIn(await this.store.outbox(this.device));
    if (!this.leaving.signal.aborted) this.show({ ...waiting, sending, signedOut });
  }
}
