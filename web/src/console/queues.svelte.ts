// The queues as they are: read when something happens, at most once a second, and every so often without, since a job
// without a visit is not among the events.

import { explain, get, Refused } from '../api';
import type { QueueName } from '../generated/QueueName';
import type { QueuePage } from '../generated/QueuePage';
import type { Queues as Sizes } from '../generated/Queues';
import type { QueuedJob } from '../generated/QueuedJob';
import type { QueueSize } from '../generated/QueueSize';

const LOOK_EVERY_MS = 20_000;
const NOT_SOONER_MS = 1_000;

export class Queues {
  sizes = $state.raw<readonly QueueSize[]>([]);
  queue = $state<QueueName>('unassigned');
  jobs = $state.raw<readonly QueuedJob[]>([]);
  next = $state<string | null>(null);
  serverTime = $state(0);
  state = $state<'loading' | 'there' | 'lost'>('loading');
  trouble = $state<string | null>(null);

  private pages = 1;
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;
  /** The newest reading: an answer of an older one is late. */
  private reading = 0;
  private closed = false;

  constructor(private readonly signedOut: () => void) {}

  open(): void {
    this.timer = setInterval(() => document.hidden || this.look(), LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', this.shown);
    this.look();
  }

  close(): void {
    this.closed = true;
    this.source?.close();
    clearInterval(this.timer);
    clearTimeout(this.soon);
    document.removeEventListener('visibilitychange', this.shown);
  }

  show(queue: QueueName): void {
    if (queue === this.queue && this.state !== 'loading') return;
    this.queue = queue;
    this.pages = 1;
    this.jobs = [];
    this.next = null;
    this.state = 'loading';
    void this.read();
  }

  more(): void {
    this.pages += 1;
    void this.read();
  }

  private readonly shown = (): void => {
    if (!document.hidden) this.look();
  };

  private look(): void {
    this.listen();
    void this.read();
  }

  private listen(): void {
    if (this.source !== null) return;
    const source = new EventSource('/api/events');
    this.source = source;
    const rung = (): void => {
      this.soon ??= setTimeout(() => {
        this.soon = undefined;
        void this.read();
      }, NOT_SOONER_MS);
    };
    source.addEventListener('change', rung);
    source.addEventListener('resync', rung);
    source.addEventListener('error', () => {
      // Opened again at the next look.
      source.close();
      this.source = null;
    });
  }

  private async read(): Promise<void> {
    const reading = ++this.reading;
    const { queue, pages } = this;
    try {
      const sizes = await get<Sizes>('/api/queues');
      const jobs: QueuedJob[] = [];
      let next: string | null = null;
      for (let page = 0; page < pages && (page === 0 || next !== null); page += 1) {
        const after: string = next === null ? '' : `?after=${next}`;
        const part: QueuePage = await get<QueuePage>(`/api/queues/${queue}${after}`);
        jobs.push(...part.jobs);
        next = part.next;
      }
      if (this.closed || reading !== this.reading) return;
      this.sizes = sizes.queues;
      this.serverTime = sizes.serverTime;
      this.jobs = jobs;
      this.next = next;
      this.state = 'there';
      this.trouble = null;
    } catch (cause) {
      if (this.closed || reading !== this.reading) return;
      if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
      const { title, detail } = explain(cause);
      this.trouble = `${title}. ${detail}`;
      this.state = 'lost';
    }
  }
}
