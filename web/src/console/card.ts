// What a card says, in the words of LOOK: the furthest state that is true.

import type { Card } from '../generated/Card';
import type { Notice } from '../generated/Notice';
import type { Policy } from '../generated/Policy';
import { askedWords } from './decision';
import { outcomeWords } from './presence';
import { callWords, closedWords, count, missingWords, noticeHeadings, OPEN_STATUS } from '../words';

/** The words of the board's policy, with those of the visit's own over them. */
export function policyOf({ names }: Card, policy: Policy | null): Policy | null {
  if (!policy) return null;
  const named = (kind: string): [id: string, text: string][] =>
    Object.entries(names).flatMap(([field, text]) => (field.startsWith(`${kind}.`) && text ? [[field.slice(kind.length + 1), text]] : []));
  const questions = named('answers').map(([id, text]) => ({ id, text, texts: {}, accepts: [], shownIf: null }));
  const shots = named('photos').map(([id, text]) => {
    return { id, text, texts: {}, minimum: 0, sample: null, longEdge: null, quality: null, pair: null, shownIf: null };
  });
  const serials = named('serials').map(([id, text]) => ({ id, text, texts: {}, required: false }));
  // Who looks for an item takes the first of its name.
  return {
    ...policy,
    questions: [...questions, ...policy.questions],
    shots: [...shots, ...policy.shots],
    serials: [...serials, ...policy.serials],
  };
}

export type Tone = 'quiet' | 'plain' | 'ok' | 'wait' | 'stop' | 'info';

export interface Said {
  words: string;
  tone: Tone;
}

export function safePhotos(card: Card): number {
  return card.photos.filter((photo) => photo.safe).length;
}

function stops(card: Card): number {
  return card.findings.filter((finding) => finding.severity === 'stop').length;
}

export function stateOf(card: Card): Said {
  switch (card.forwarding.state) {
    case 'sent':
      return { words: 'Sent to Amazon', tone: 'ok' };
    case 'parked':
      return { words: parkedWords(card) ?? 'Needs a person', tone: 'stop' };
    case 'sending':
      return { words: sendingWords(card), tone: 'info' };
    case 'observed':
      return { words: someSent(card) ? 'Sent in part. The rest is only observed' : 'Observing: not sent to Amazon', tone: 'wait' };
    case 'kept':
      if (card.status !== OPEN_STATUS) return { words: closedWords(card.status), tone: 'quiet' };
      return { words: `${someSent(card) ? 'Sent in part' : 'Kept here'}. Close this job in Amazon’s app`, tone: 'info' };
    case 'reported':
      return { words: 'Reported to Amazon. Another visit is needed', tone: 'wait' };
    case 'left':
      return { words: someSent(card) ? 'Sent in part. The rest is left unsent' : 'Left unsent', tone: 'quiet' };
    case 'not_started': {
      const mark = needing(card).at(-1);
      if (mark) return { words: noticeHeadings[mark.kind], tone: 'stop' };
      if (card.status !== OPEN_STATUS) return { words: closedWords(card.status), tone: 'quiet' };
      if (card.ready) return { words: 'Safe', tone: 'ok' };
      if (card.steps.some(({ step }) => step === 'finished')) return { words: missingWords(stops(card)), tone: 'wait' };
      return card.steps.length === 0 ? { words: 'Not started', tone: 'quiet' } : { words: 'Under way', tone: 'plain' };
    }
  }
}

function someSent(card: Card): boolean {
  return card.forwarding.calls.some((call) => call.state === 'done');
}

function sendingWords(card: Card): string {
  const { calls } = card.forwarding;
  if (calls.some((call) => call.state === 'unknown')) return 'Answer lost; asking Amazon what happened';
  const done = calls.filter((call) => call.state === 'done').length;
  return calls.length === 0 ? 'Sending to Amazon' : `Sending to Amazon, ${done} of ${calls.length} done`;
}

function parkedWords(card: Card): string | null {
  const call = card.forwarding.calls.find((one) => one.state === 'parked');
  return call ? callWords(call) : null;
}

/** What Amazon did to a visit that a person has to look at: what was recorded waits for them. */
export function needing(card: Card): Notice[] {
  const begun = card.steps.length + card.photos.length + card.answered > 0;
  return card.standing.notices.filter(({ kind, acceptedAt }) => {
    if (acceptedAt !== null) return false;
    switch (kind) {
      case 'cancelled':
      case 'called_off':
        return begun;
      case 'moved':
        return card.findings.some(({ rule }) => rule === 'moved_during_work');
      case 'reassigned':
      case 'vanished':
      case 'after_deadline':
        return true;
    }
  });
}

/** The visit ended otherwise than planned, and nobody asks or has decided what comes of the job. */
function isLeft(card: Card): boolean {
  if (card.status !== OPEN_STATUS || !card.appointmentActive || card.requests.some(({ open }) => open)) return false;
  // A move of before is none of how the visit ended at its new time.
  const ended = endedAt(card.outcome);
  return !card.decisions.some(({ state, at }) => state === 'approved' || (state === 'done' && at >= ended));
}

/** By the phone's clock set right. */
function endedAt(outcome: Card['outcome']): number {
  if (outcome === null || outcome === 'served') return 0;
  const { wall, seen } = 'no_show' in outcome ? outcome.no_show.at : outcome.second_visit.at;
  return seen === null ? wall : wall + seen.server - seen.wall;
}

/** Everything about a card that needs a person. Empty when all is well. */
export function exceptionsOf(card: Card): string[] {
  const found: string[] = [];
  for (const call of card.forwarding.calls) if (call.state === 'parked') found.push(callWords(call));
  if (card.forwarding.state === 'parked' && found.length === 0) found.push('Needs a person');
  for (const request of card.requests) if (request.open) found.push(askedWords(request));
  const ended = outcomeWords(card.outcome, card.outcomeBy);
  if (ended !== null && isLeft(card)) found.push(ended);
  for (const notice of needing(card)) found.push(noticeHeadings[notice.kind]);
  const calledOff = card.standing.notices.some(({ kind }) => kind === 'cancelled' || kind === 'called_off');
  if (!card.appointmentActive && !calledOff) found.push('Visit moved or cancelled at Amazon');
  const unlinked = card.technicians.filter((assignee) => !assignee.linked);
  if (unlinked.length > 0) found.push(`Not linked to anybody here: ${unlinked.map(({ name }) => name).join(', ')}`);
  const handedOver = card.forwarding.state !== 'not_started';
  if (!handedOver && card.findings.some(({ rule }) => rule === 'conflict')) found.push('Two phones recorded different values');
  if (card.refusedChanges > 0) found.push(`${count(card.refusedChanges, 'change', 'changes')} refused and kept aside`);
  if (card.lateChanges > 0) found.push(`${count(card.lateChanges, 'change', 'changes')} came after the closeout was handed over`);
  return found;
}
