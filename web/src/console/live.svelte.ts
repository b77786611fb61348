// The board as it changes: loaded once, then one stream of changes from the event it stands at. When the stream
// breaks it is opened again from the last change seen, so that nothing is missed, and the screen says it is broken.

import { explain, get, Refused } from '../api';
import type { Board } from '../generated/Board';
import type { Card } from '../generated/Card';
import type { Change } from '../generated/Change';
import type { Policy } from '../generated/Policy';

const FIRST_RETRY_MS = 500;
/** From this wait on, after a few quick failures, the reason is asked for. */
const PROBE_FROM_MS = 4 * FIRST_RETRY_MS;
const LONGEST_RETRY_MS = 15_000;
const FEED_LENGTH = 200;

export type Stream = 'loading' | 'live' | 'lost';

export class Live {
  cards = $state.raw<ReadonlyMap<string, Card>>(new Map());
  /** The words for the questions and shots that cards name. */
  policy = $state.raw<Policy | null>(null);
  /** What happened since this page was opened, newest first. */
  feed = $state.raw<readonly Change[]>([]);
  stream = $state<Stream>('loading');
  /** When the server was last heard, by this computer's clock. */
  heardAt = $state<number | null>(null);
  trouble = $state<string | null>(null);

  private last: number | null = null;
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private readonly leaving = new AbortController();

  /** `phonesSpoke` hears of it when a phone told something of itself, and when it may have meanwhile. */
  constructor(
    private readonly signedOut: () => void,
    private readonly phonesSpoke: () => void,
  ) {}

  open(): void {
    const { signal } = this.leaving;
    // A computer that wakes up has a stream that looks open and is not.
    addEventListener('online', () => this.again(), { signal });
    addEventListener('offline', () => this.lost(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.stream === 'live' || this.again(), {
      signal,
    });
    void this.load();
  }

  close(): void {
    this.leaving.abort();
    this.source?.close();
    clearTimeout(this.retry);
  }

  get ordered(): Card[] {
    return [...this.cards.values()].sort(
      (a, b) => a.window.start - b.window.start || a.window.end - b.window.end || a.title.localeCompare(b.title),
    );
  }

  private async load(): Promise<void> {
    try {
      const board = await get<Board>('/api/board');
      if (this.leaving.signal.aborted) return;
      this.cards = new Map(board.cards.map((card) => [card.appointment, card]));
      this.policy = board.policy;
      this.last = board.upTo;
      this.trouble = null;
      this.heard();
      this.listen();
    } catch (cause) {
      this.failed(cause);
    }
  }

  private listen(): void {
    this.source?.close();
    const source = new EventSource(`/api/events?after=${this.last ?? 0}`);
    this.source = source;
    source.addEventListener('open', () => {
      this.stream = 'live';
      this.retryMs = FIRST_RETRY_MS;
      this.heard();
      this.phonesSpoke();
    });
    source.addEventListener('phones', this.phonesSpoke);
    source.addEventListener('change', ({ data }: MessageEvent<string>) => this.take(JSON.parse(data) as Change));
    // The server no longer has what lies between: the board is read anew.
    source.addEventListener('resync', () => {
      source.close();
      void this.load();
    });
    source.addEventListener('error', () => {
      // Opened again by us, from the last change seen; the browser's own retry gives up after an HTTP refusal.
      source.close();
      if (source === this.source) this.lost();
    });
  }

  private take(change: Change): void {
    this.heard();
    if (this.last !== null && change.id <= this.last) return;
    this.last = change.id;
    this.cards = new Map(this.cards).set(change.card.appointment, change.card);
    this.feed = [change, ...this.feed].slice(0, FEED_LENGTH);
  }

  private heard(): void {
    this.heardAt = Date.now();
  }

  private lost(): void {
    this.source?.close();
    this.source = null;
    this.stream = 'lost';
    clearTimeout(this.retry);
    // Spread, so that not every console comes back in the same moment.
    this.retry = setTimeout(() => this.again(), this.retryMs * (0.5 + Math.random() / 2));
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  /** Goes on after the last change seen. Reading the board anew would skip what happened meanwhile in the feed. */
  private again(): void {
    clearTimeout(this.retry);
    if (this.last === null) void this.load();
    else if (this.retryMs > PROBE_FROM_MS) void this.probe();
    else this.listen();
  }

  /** A stream cannot say why it was refused; an ordinary request can. */
  private async probe(): Promise<void> {
    try {
      await get('/api/me');
      if (!this.leaving.signal.aborted) this.listen();
    } catch (cause) {
      this.failed(cause);
    }
  }

  private failed(cause: unknown): void {
    if (this.leaving.signal.aborted) return;
    if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
    const { title, detail } = explain(cause);
    // A refusal (a role that may not) is not cured by time, and is shown as it is.
    this.trouble = cause instanceof Refused ? `${title}. ${detail}` : null;
    this.lost();
  }
}
