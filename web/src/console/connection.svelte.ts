// Where the switches stand, read when a page opens, every so often, and after every change.

import { explain, get, put, Refused } from '../api';
import type { Connection } from '../generated/Connection';
import type { PositionSet } from '../generated/PositionSet';
import type { Program } from '../generated/Program';
import type { SetPosition } from '../generated/SetPosition';

const LOOK_EVERY_MS = 15_000;

export class Switches {
  now = $state.raw<Connection | null>(null);
  trouble = $state<string | null>(null);

  private timer: ReturnType<typeof setInterval> | undefined;
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
    document.removeEventListener('visibilitychange', this.shown);
    this.reading += 1;
    this.now = null;
  }

  async look(): Promise<void> {
    const reading = ++this.reading;
    try {
      const now = await get<Connection>('/api/connection');
      if (reading === this.reading) [this.now, this.trouble] = [now, null];
    } catch (cause) {
      if (reading !== this.reading) return;
      if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
      const { title, detail } = explain(cause);
      this.trouble = `${title}. ${detail}`;
    }
  }

  async set(operation: string, wish: SetPosition): Promise<void> {
    await put<PositionSet>(`/api/connection/operations/${operation}`, wish);
    await this.look();
  }

  async setPrograms(programs: Program[]): Promise<void> {
    await put('/api/connection/programs', { programs });
    await this.look();
  }

  private readonly shown = (): void => {
    if (!document.hidden) void this.look();
  };
}
