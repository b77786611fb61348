// How a visit stands at Amazon, in words for the technician who holds it.

import type { Arrival } from './generated/Arrival';
import type { Job } from './generated/Job';
import type { Notice } from './generated/Notice';
import type { Sibling } from './generated/Sibling';
import { clock, day, span } from './when';
import { closedWords, count, OPEN_STATUS } from './words';

export interface Banner {
  kind: Notice['kind'];
  words: string;
  tone: 'stop' | 'info';
}

const KEPT = 'What you recorded is kept.';

/** What Amazon did to the visit, newest last; the time is when it was learned, which is all that is known. */
export function bannersOf(job: Job): Banner[] {
  const { notices, reassigned } = job.standing;
  const banners = notices.filter(({ kind }) => kind !== 'reassigned').map((notice) => banner(notice, job));
  if (reassigned) {
    const words = `Amazon has given this visit to somebody else. ${KEPT} The office decides whether it counts.`;
    banners.push({ kind: 'reassigned', words, tone: 'stop' });
  }
  return banners;
}

function banner({ kind, at, before }: Notice, job: Job): Banner {
  const learned = `Known here since ${clock(at, job.timeZone)}.`;
  switch (kind) {
    case 'cancelled':
      return { kind, words: `This job was cancelled at Amazon. ${learned} ${KEPT}`, tone: 'stop' };
    case 'called_off':
      return { kind, words: `This visit was called off at Amazon. ${learned} ${KEPT}`, tone: 'stop' };
    case 'vanished':
      return { kind, words: `Amazon no longer shows this job. ${learned} ${KEPT} Call the office.`, tone: 'stop' };
    case 'moved': {
      const from = before ? `It was ${day(before.start, job.timeZone)}, ${span(before, job.timeZone)}. ` : '';
      return { kind, words: `This visit was moved at Amazon. ${from}${learned} ${KEPT}`, tone: 'info' };
    }
    case 'after_deadline':
      return {
        kind,
        words: 'Amazon’s data about this customer has expired here. Find name and address in Amazon’s own app.',
        tone: 'info',
      };
    case 'reassigned':
      return { kind, words: `Amazon has given this visit to somebody else. ${KEPT}`, tone: 'stop' };
  }
}

/** Whether what is to be installed is at the buyer's, and when it is to be there; `null` where Amazon does not say. */
export function arrivalWords(arrival: Arrival | null, zone: string): string | null {
  if (arrival === null) return null;
  const { state, expected } = arrival;
  if (state === 'delivered') return 'Product delivered';
  if (state === 'not_coming') return 'A product was cancelled at Amazon and does not come';
  return expected ? `Product not delivered yet, expected ${day(expected.end, zone)}` : 'Product not delivered yet';
}

export function isAwaited(job: Job): boolean {
  const { arrival } = job.standing;
  return arrival !== null && arrival.state !== 'delivered';
}

/** Other jobs of the order: ending the last one ends the order. */
export function siblingWords(siblings: Sibling[], zone: string): string | null {
  if (siblings.length === 0) return null;
  const each = siblings.map(({ title, window, status }) => {
    const at = window ? day(window.start, zone) : status === OPEN_STATUS ? 'no time yet' : closedWords(status).toLowerCase();
    return `${title} (${at})`;
  });
  return `${count(siblings.length, 'other job', 'other jobs')} of this order: ${each.join(', ')}`;
}
