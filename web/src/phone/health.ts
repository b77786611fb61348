// What the phone tells the office of itself: figures alone. On opening, when a figure changes, and every few minutes
// while the page is open; locked too. A report that does not arrive is made anew at the next occasion.

import { problemOf, request } from '../api';
import type { LostStore } from '../generated/LostStore';
import type { PhoneHealth } from '../generated/PhoneHealth';
import { kept, loss, lossTold, toldOfLoss } from './mark';
import { measure } from './room';

/** Figures change in bursts while somebody records; one report serves a burst. */
const SETTLED_MS = 3_000;
const EVERY_MS = 4 * 60_000;

export class Health {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private told = '';
  private readonly leaving = new AbortController();

  /** `locked` says whether the screen is; `revoked` is called when the office has taken the phone off its list. */
  constructor(
    private readonly locked: () => boolean,
    private readonly revoked: () => void,
  ) {}

  /** Reports now, and goes on until `close`. */
  open(): void {
    const { signal } = this.leaving;
    addEventListener('online', () => this.in(0), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.in(0), { signal });
    this.in(0);
  }

  /** Something may have changed. */
  noticed(): void {
    if (figures(this.locked()) !== this.told) this.in(SETTLED_MS);
  }

  close(): void {
    this.leaving.abort();
    clearTimeout(this.timer);
  }

  private in(ms: number): void {
    if (this.leaving.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tell(), ms);
  }

  private async tell(): Promise<void> {
    const told = figures(this.locked());
    try {
      const health = await report(this.locked());
      const headers = { 'content-type': 'application/json' };
      const response = await request('/api/device/health', { method: 'POST', headers, body: JSON.stringify(health) });
      const problem = response.ok ? null : await problemOf(response);
      const taken = response.ok || problem?.code === 'phone_revoked';
      if (taken) this.told = told;
      if (taken && health.lost) toldOfLoss(health.lost.device);
      if (problem?.code === 'phone_revoked' && !this.leaving.signal.aborted) return this.revoked();
    } catch {
      // No network: the next occasion comes with it.
    }
    this.in(EVERY_MS);
  }
}

function figures(locked: boolean): string {
  const mark = kept();
  return `${mark?.device} ${mark?.changesToSend} ${mark?.photosToSend} ${locked}`;
}

async function report(locked: boolean): Promise<PhoneHealth> {
  const mark = kept();
  const room = await measure();
  const waits = mark !== null && mark.changesToSend + mark.photosToSend > 0;
  return {
    model: model(navigator.userAgent),
    version: version(),
    usedBytes: room?.usedBytes ?? null,
    quotaBytes: room?.quotaBytes ?? null,
    kept: room?.kept ?? null,
    changesUnsent: mark?.changesToSend ?? 0,
    photosUnsent: mark?.photosToSend ?? 0,
    oldestUnsentMs: waits && mark.oldest !== null ? since(mark.oldest) : null,
    locked,
    clock: Date.now(),
    lost: lost(),
  };
}

function lost(): LostStore | null {
  const mark = loss();
  if (!mark || lossTold(mark.device)) return null;
  const { device, changesToSend, photosToSend, at } = mark;
  return { device, changesUnsent: changesToSend, photosUnsent: photosToSend, seenMsAgo: since(at) };
}

function since(at: number): number {
  return Math.max(0, Math.floor(Date.now() - at));
}

/** The content hash in the name of the page's own script, which the server knows as well. */
function version(): string {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return /phone-([\w-]+)\.js$/.exec(script?.src ?? '')?.[1] ?? 'unknown';
}

/** What kind of phone it is, as far as the browser says; never what tells one person's from another's. */
function model(agent: string): string {
  const kinds = [/iPhone/, /iPad/, /Android/, /Windows/, /Macintosh/, /Linux/];
  const found = kinds.map((kind) => kind.exec(agent)?.[0]).find((name) => name !== undefined);
  return found ?? 'Phone';
}
