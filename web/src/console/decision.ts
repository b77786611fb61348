// What the office decided, in words for the office.

import type { CardRequest } from '../generated/CardRequest';
import type { DeclineReason } from '../generated/DeclineReason';
import type { OfficeDecision } from '../generated/OfficeDecision';
import { reasons } from '../phone/words/en/reasons';
import { clock, day } from '../when';
import type { Said } from './card';

/** `Robin asks to cancel the job: The buyer was not there (S1)`. */
export function askedWords({ what, code, by }: CardRequest): string {
  const act = what === 'cancel' ? 'cancel the job' : 'move the visit';
  return `${by ?? 'The technician'} asks to ${act}: ${reasons[code]} (${code})`;
}

export const declineWords: Record<DeclineReason, string> = {
  as_planned: 'The visit is done as planned',
  buyer_agreed: 'Settled with the buyer',
  not_possible: 'Amazon does not take it here',
  call_office: 'The technician is to call',
};

export function decisionWords({ what, state, start, reason }: OfficeDecision, zone: string): Said {
  const to = start === null ? '' : ` to ${day(start, zone)}, ${clock(start, zone)}`;
  const act = what === 'cancel' ? 'Cancel the job' : `Move the visit${to}`;
  switch (state) {
    case 'declined':
      return { words: `Declined: ${what === 'cancel' ? 'cancel the job' : 'move the visit'}. ${reason === null ? '' : `${declineWords[reason]}.`}`, tone: 'quiet' };
    case 'approved':
      return { words: `${act}: on its way to Amazon.`, tone: 'wait' };
    case 'done':
      return { words: what === 'cancel' ? 'Job cancelled at Amazon.' : `Visit moved${to}.`, tone: 'ok' };
    case 'stuck':
      return { words: `${act}: Amazon did not take it. See the calls below.`, tone: 'stop' };
    case 'dropped':
      return { words: `${act}: not done, decided otherwise.`, tone: 'quiet' };
  }
}
