// What kept something from working, in the language that is spoken: by its code, else in the server's own words.

import { Refused, Unreachable } from '../api';
import { NotSaved } from './store';
import { words } from './tongue.svelte';

export interface Explained {
  title: string;
  detail: string;
}

/** Title and next step for anything that kept a request from working. */
export function explain(cause: unknown): Explained {
  const { problems } = words();
  if (cause instanceof Refused) return told(cause.problem);
  if (cause instanceof Unreachable) return { title: problems.noConnection, detail: problems.noConnectionDetail };
  if (cause instanceof NotSaved) return { title: words().states.notSaved, detail: storageWords(cause.kind) };
  return { title: problems.didNotWork, detail: problems.didNotWorkDetail };
}

/** Of a phone that is signed out without the server's knowing. */
export function leftUntold(cause: unknown): string {
  return `${explain(cause).title}. ${words().sync.leftUntold}`;
}

/** A refusal of the server's. A code without words here is of a newer server, whose words are shown. */
export function told({ code, title, detail }: { code: string; title: string; detail: string }): Explained {
  const { problems } = words();
  if (code === 'too_many_attempts') {
    // The server's detail has the minutes and no other number.
    const minutes = /\d+/.exec(detail)?.[0] ?? '1';
    return { title: problems.tooManyAttempts, detail: problems.waitMinutes(Number(minutes)) };
  }
  return problems.told[code] ?? { title, detail };
}

/** A refusal that is kept with what was refused, in one line. */
export function refusalLine({ code, detail }: { code: string; detail: string }): string {
  const known = words().problems.told[code];
  return known ? `${known.title}. ${known.detail}` : detail;
}

/** Why the phone's storage did not take something, by `NotSaved.kind`. */
export function storageWords(kind: string): string {
  const { storage } = words();
  const of: Record<NotSaved['kind'], string> = {
    storage_full: storage.full,
    closed: storage.closed,
    no_answer: storage.noAnswer,
    failed: storage.failed,
    not_opened: storage.notOpened,
    lock: storage.lock,
  };
  return Object.entries(of).find(([one]) => one === kind)?.[1] ?? storage.failed;
}
