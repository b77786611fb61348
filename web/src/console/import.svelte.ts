// A file on its way in: chosen, tried, its columns named, taken in.

import { answer, explain, get, problemOf, Refused, request, Unreachable } from '../api';
import type { ImportColumns } from '../generated/ImportColumns';
import type { ImportField } from '../generated/ImportField';
import type { ImportReport } from '../generated/ImportReport';
import type { Imports } from '../generated/Imports';

/** What the server reads of a file. */
const MOST_BYTES = 5 * 1024 * 1024;
/** Some ten thousand jobs are sealed and written one by one. */
const IMPORT_LIMIT_MS = 300_000;

export interface Trouble {
  title: string;
  detail: string;
}

export class Import {
  past = $state.raw<Imports | null>(null);
  file = $state.raw<File | null>(null);
  preview = $state.raw<ImportReport | null>(null);
  done = $state.raw<ImportReport | null>(null);
  busy = $state<'no' | 'trying' | 'taking'>('no');
  trouble = $state.raw<Trouble | null>(null);

  constructor(private readonly signedOut: () => void) {}

  async load(): Promise<void> {
    await this.guarded(async () => {
      this.past = await get<Imports>('/api/imports');
    });
  }

  async choose(file: File): Promise<void> {
    this.done = null;
    this.preview = null;
    this.trouble = null;
    this.file = null;
    if (file.size > MOST_BYTES) {
      this.trouble = {
        title: 'This file is larger than 5 MB',
        detail: 'Split it, or take it in on the server with “doorstep import jobs”.',
      };
      return;
    }
    this.file = file;
    await this.tryIt();
  }

  /** Says from now on which header is this field; `null` for none. */
  async name(field: ImportField, header: string | null): Promise<void> {
    await this.guarded(async () => {
      const own = { ...this.past?.columns };
      // A header is one field at most: whoever had it by the seller's own word gives it up.
      for (const [other, names] of Object.entries(own) as [ImportField, string[]][]) {
        if (header !== null) own[other] = names.filter((name) => name !== header);
      }
      own[field] = header === null ? [] : [header];
      await this.keep(own);
    });
    await this.tryIt();
  }

  /** Back to our guesses. */
  async forgetNames(): Promise<void> {
    await this.guarded(() => this.keep({}));
    await this.tryIt();
  }

  async takeIn(): Promise<void> {
    if (this.file === null) return;
    this.busy = 'taking';
    const { file } = this;
    await this.guarded(async () => {
      this.done = await send(file, '');
      this.file = null;
      this.preview = null;
    });
    this.busy = 'no';
    await this.load();
  }

  private async tryIt(): Promise<void> {
    const { file } = this;
    if (file === null || this.trouble !== null) return;
    this.busy = 'trying';
    await this.guarded(async () => {
      const report = await send(file, '?preview=1');
      if (file === this.file) this.preview = report;
    });
    this.busy = 'no';
  }

  private async keep(columns: ImportColumns): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await request('/api/imports/columns', { method: 'PUT', headers, body: JSON.stringify(columns) });
    if (!response.ok) {
      const problem = await problemOf(response);
      throw problem ? new Refused(problem) : new Unreachable(`answered ${response.status}`);
    }
    if (this.past) this.past = { ...this.past, columns };
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble = null;
    } catch (cause) {
      if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
      this.trouble = explain(cause);
    }
  }
}

async function send(file: File, query: string): Promise<ImportReport> {
  // Read anew each time: a file that was changed on the disk meanwhile cannot be sent, and says so.
  const body = await file.arrayBuffer().catch((cause: unknown) => {
    throw new Error('The file has changed since it was chosen. Choose it again.', { cause });
  });
  const headers = { 'content-type': 'text/csv' };
  return answer<ImportReport>(await request(`/api/imports${query}`, { method: 'POST', headers, body }, IMPORT_LIMIT_MS));
}
