// The phones as the office knows them: read when one of them said something, at most once a second, and every so often
// without, since what they keep back grows old by itself.

import { explain, get, Refused } from '../api';
import type { Phones as Listed } from '../generated/Phones';

const LOOK_EVERY_MS = 30_000;
const NOT_SOONER_MS = 1_000;

export class Phones {
  now = $state.raw<Listed | null>(null);
  trouble = $state<string | null>(null);

  private timer: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;
  /** The newest reading: an answer of an older one is late. */
  private reading = 0;

  constructor(private readonly signedOut: () => void) {}

  open(): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => document.hidden || void this.look(), LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', this.shown);
    void this.look();
  }

  close(): void {
    clearInterval(this.timer);
    clearTimeout(this.soon);
    document.removeEventListener('visibilitychange', this.shown);
    this.reading += 1;
    this.now = null;
  }

  /** A phone said something, or a stream of what they say was opened. */
  readonly rung = (): void => {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.look();
    }, NOT_SOONER_MS);
  };

  /** Follows them by a stream of its own, until the answer is called; a page that shows visits has one already. */
  follow(): () => void {
    const source = new EventSource('/api/events');
    source.addEventListener('open', this.rung);
    source.addEventListener('phones', this.rung);
    return () => source.close();
  }

  async look(): Promise<void> {
    const reading = ++this.reading;
    try {
      const now = await get<Listed>('/api/devices');
      if (reading === this.reading) [this.now, this.trouble] = [now, null];
    } catch (cause) {
      if (reading !== this.reading) return;
      if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
      const { title, detail } = explain(cause);
      this.trouble = `${title}. ${detail}`;
    }
  }

  private readonly shown = (): void => {
    if (!document.hidden) void this.look();
  };
}
