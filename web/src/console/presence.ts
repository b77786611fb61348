// Who was there, when, and how it ended, for the office.

import type { Card } from '../generated/Card';
import type { CorrectedStep } from '../generated/CorrectedStep';
import type { Outcome } from '../generated/Outcome';
import type { SecondVisitReason } from '../generated/SecondVisitReason';
import { en } from '../phone/words/en';
import { clock } from '../when';

/** `Corrected; recorded at 10:15: forgot to tap`. */
export function correctedWords({ tapped, reason }: CorrectedStep, zone: string): string {
  const { correct } = en.visit;
  return `${correct.corrected(clock(tapped, zone))}: ${correct.reason[reason].toLowerCase()}`;
}

export function presentWords({ present }: Card): string {
  const named = present.map(({ name, linked }) => (linked ? name : `${name} (not linked at Amazon)`));
  return `There: ${named.join(', ')}`;
}

const againWords: Record<SecondVisitReason, string> = {
  parts_missing: 'parts are missing',
  more_work: 'there is more work than was ordered',
  another_trade: 'it takes another trade',
  site: 'the place is not ready',
  other: 'another reason',
};

/** `by` is who said so. `null` where the visit is served, or nothing was said. */
export function outcomeWords(outcome: Outcome | null, by: string | null): string | null {
  if (outcome === null || outcome === 'served') return null;
  const who = by ?? 'a technician';
  if ('second_visit' in outcome) return `Somebody has to come again, says ${who}: ${againWords[outcome.second_visit.reason]}`;
  return `Nobody was there, says ${who} at ${clock(outcome.no_show.at.wall)}`;
}
