// The day as the server tells it, line by line (`docs/PROTOCOL.md`).

import { isOf, request } from '../api';
import type { Day } from '../generated/Day';
import type { Job } from '../generated/Job';
import type { PolicyStatement } from '../generated/PolicyStatement';
import type { SignedPolicy } from '../generated/SignedPolicy';
import { toHex } from '../hex';
import { Failed, failed, type Outcome, outcome, unreachable, UNLOCKED } from './exchange';

const LINES = 'application/x-ndjson';
const DIGEST_BYTES = 8;

/** As the server counts it, so that a visit is known by what was told of it. */
async function digestOf(line: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(line));
  return toHex(new Uint8Array(digest, 0, DIGEST_BYTES));
}

/** A line that was cut off is none. */
async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.getReader();
  const text = new TextDecoder();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (begun + text.decode(value, { stream: true })).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}

/** What the pieces of a day are, in order. */
interface Digests {
  policies: string[];
  jobs: string[];
}

/** Asks for the day; keeps what was told, so that only what is new comes again, even of an answer that broke off. */
export class Days {
  private told = new Map<string, unknown>();

  fetch(proof: string): Promise<Outcome<Day>> {
    return outcome(async () => {
      const headers = { [UNLOCKED]: proof, accept: LINES, 'doorstep-holds': [...this.told.keys()].join() };
      const response = await request('/api/day', { headers });
      if (!response.ok) throw await failed(response);
      // A server of the version before.
      if (isOf(response, 'application/json')) return (await response.json()) as Day;
      if (!isOf(response, LINES) || !response.body) throw new Failed(unreachable);
      return this.read(linesOf(response.body));
    });
  }

  private async read(lines: AsyncGenerator<string>): Promise<Day> {
    const next = async (): Promise<string> => {
      const { done, value } = await lines.next();
      if (done) throw new Failed(unreachable);
      return value;
    };
    const held = new Map(this.told);
    const now = new Map<string, unknown>();
    const piece = async <T>(digest: string): Promise<T> => {
      const line = held.has(digest) ? null : await next();
      const told: unknown = line === null ? held.get(digest) : JSON.parse(line);
      const own = line === null ? digest : await digestOf(line);
      this.told.set(own, told);
      now.set(own, told);
      return told as T;
    };
    const digests = JSON.parse(await next()) as Digests;
    const policies: SignedPolicy[] = [];
    for (const digest of digests.policies) policies.push(await piece(digest));
    const statements = policies.map(({ text }) => JSON.parse(text) as PolicyStatement);
    const jobs: Job[] = [];
    for (const digest of digests.jobs) {
      const job = await piece<Omit<Job, 'policy'>>(digest);
      const statement = statements.find(({ visits }) => visits.includes(job.appointment));
      if (!statement) throw new Failed(unreachable);
      jobs.push({ ...job, policy: statement.policy });
    }
    const rest = JSON.parse(await next()) as Day;
    // To its end: an answer that is left before counts as broken off.
    await lines.next();
    this.told = now;
    return { ...rest, policies, jobs };
  }
}
