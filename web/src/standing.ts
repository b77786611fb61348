// How a visit stands at Amazon, in words for the technician who holds it, in the language of the words that come in.

import type { Arrival } from './generated/Arrival';
import type { Job } from './generated/Job';
import type { Notice } from './generated/Notice';
import type { Sibling } from './generated/Sibling';
import { closedWords, OPEN_STATUS } from './naming';
import type { Words } from './phone/words/en';
import { clock, day, span } from './when';

export interface Banner {
  kind: Notice['kind'];
  words: string;
  tone: 'stop' | 'info';
}

/** What Amazon did to the visit, newest last; the time is when it was learned, which is all that is known. */
export function bannersOf({ standing }: Words, job: Job): Banner[] {
  const { notices, reassigned } = job.standing;
  const banners = notices.filter(({ kind }) => kind !== 'reassigned').map((notice) => banner(standing, notice, job));
  if (reassigned) {
    banners.push({ kind: 'reassigned', words: standing.reassigned, tone: 'stop' });
  }
  return banners;
}

function banner(standing: Words['standing'], { kind, at, before }: Notice, job: Job): Banner {
  const since = standing.knownSince(clock(at, job.timeZone));
  switch (kind) {
    case 'cancelled':
      return { kind, words: standing.cancelled(since), tone: 'stop' };
    case 'called_off':
      return { kind, words: standing.calledOff(since), tone: 'stop' };
    case 'vanished':
      return { kind, words: standing.vanished(since), tone: 'stop' };
    case 'moved': {
      const from = before && `${day(before.start, job.timeZone)}, ${span(before, job.timeZone)}`;
      return { kind, words: from ? standing.movedFrom(from, since) : standing.moved(since), tone: 'info' };
    }
    case 'after_deadline':
      return { kind, words: standing.afterDeadline, tone: 'info' };
    case 'reassigned':
      return { kind, words: standing.reassigned, tone: 'stop' };
  }
}

/** Whether what is to be installed is at the buyer's, and when it is to be there; `null` where Amazon does not say. */
export function arrivalWords({ standing }: Words, arrival: Arrival | null, zone: string): string | null {
  if (arrival === null) return null;
  const { state, expected } = arrival;
  if (state === 'delivered') return standing.delivered;
  if (state === 'not_coming') return standing.notComing;
  return expected ? standing.expected(day(expected.end, zone)) : standing.notDelivered;
}

export function isAwaited(job: Job): boolean {
  const { arrival } = job.standing;
  return arrival !== null && arrival.state !== 'delivered';
}

/** Other jobs of the order: ending the last one ends the order. */
export function siblingWords(words: Words, siblings: Sibling[], zone: string): string | null {
  if (siblings.length === 0) return null;
  const { standing } = words;
  const each = siblings.map(({ title, window, status }) => {
    const at = window ? day(window.start, zone) : status === OPEN_STATUS ? standing.noTimeYet : closedWords(words, status);
    return `${title} (${at})`;
  });
  return standing.siblings(siblings.length, each.join(', '));
}
