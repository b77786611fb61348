// What the parts of a closeout and the states of a job are called: on the phone in its language, in the console in English.

import type { Finding } from './generated/Finding';
import type { PhotoState } from './generated/PhotoState';
import type { Policy } from './generated/Policy';
import type { Rule } from './generated/Rule';
import type { Saved } from './generated/Saved';
import type { Visit } from './generated/Visit';
import type { Words } from './phone/words/en';
import { lasting } from './when';

export const OPEN_STATUS = 'NOT_SERVICED';

export function split(field: string): [kind: string, id: string] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)];
}

/** What a policy calls a question or a shot, in the language that is spoken where it says so in it. */
export function ownWords({ language }: Pick<Words, 'language'>, { text, texts }: { text: string; texts?: Partial<Record<string, string>> }): string {
  // A translation that was begun and left empty is none.
  return texts?.[language] || text;
}

/** The name behind a field of a closeout: a step, a question or a shot in its own words. */
export function fieldWords(words: Words, field: string, policy: Policy | null): string {
  const [kind, id] = split(field);
  const named = (items: { id: string; text: string }[] = []): string | null => {
    const item = items.find((one) => one.id === id);
    return item ? ownWords(words, item) : null;
  };
  if (kind === 'steps') return Object.entries(words.steps.step).find(([step]) => step === id)?.[1] ?? id;
  if (kind === 'answers') return named(policy?.questions) ?? id;
  if (kind === 'photos') return named(policy?.shots) ?? (id || words.findings.photos);
  if (kind === 'serials') return named(policy?.serials) ?? id;
  return kind === 'acceptance' ? words.acceptance.signature : field;
}

export function findingWords(words: Words, finding: Finding, policy: Policy | null): string {
  const amount = finding.amount ?? 1;
  if (finding.rule === 'clock_off') return clockWords(words, amount);
  return words.findings.rule[finding.rule](fieldWords(words, finding.field, policy), amount);
}

/** What is missing where nobody is home: no question, shot or step that has a name. */
const NOBODY_HOME: readonly Rule[] = ['no_show_too_early', 'attempts_missing', 'door_photo_missing'];

/** The next thing to do, short enough for a button. */
export function nextWords(words: Words, finding: Finding, policy: Policy): string {
  if (finding.field === 'job') return words.steps.seeWhatChanged;
  if (NOBODY_HOME.includes(finding.rule)) return findingWords(words, finding, policy);
  return words.steps.next(fieldWords(words, finding.field, policy));
}

/** `12 min behind`. */
export function off({ findings }: Words, minutes: number): string {
  const much = lasting(Math.abs(minutes));
  return minutes < 0 ? findings.behind(much) : findings.ahead(much);
}

export function clockWords(words: Words, minutes: number): string {
  return words.findings.rule.clock_off(off(words, minutes), minutes);
}

export function savedWords({ states }: Words, saved: Saved): string {
  const of: Record<Saved, string> = {
    untouched: states.nothingRecorded,
    saving: states.saving,
    not_saved: states.notSaved,
    on_phone: states.onPhone,
    safe: states.safe,
  };
  return of[saved];
}

/** `refusal` has words for what the server refused. */
export function photoWords({ states }: Words, state: PhotoState, refusal: (refused: { code: string; detail: string }) => string): string {
  switch (state.kind) {
    case 'on_phone':
      return states.onPhone;
    case 'elsewhere':
      return states.elsewhere;
    case 'uploading':
      return states.sending(state.percent);
    case 'safe':
      return states.safe;
    case 'refused':
      return states.refused(refusal(state));
  }
}

/** `2 changes and 3 photos`. */
export function unsentWords({ states }: Words, changes: number, photos: number): string {
  const parts = [];
  if (changes > 0) parts.push(states.changes(changes));
  if (photos > 0) parts.push(states.photos(photos));
  return parts.length === 0 ? states.nothing : states.together(parts);
}

/** What becomes of a complete closeout that is not sent to Amazon: on the phone first, then with the server. */
export function keptWords({ today }: Words, { ready, state, closing }: Pick<Visit, 'ready' | 'state' | 'closing'>): string | null {
  if (!ready || closing === 'send') return null;
  const safe = state === 'safe';
  if (closing === 'observe') return safe ? today.keptNothingSent : null;
  return safe ? today.keptCloseAtAmazon : today.closeAtAmazon;
}

/** Why a job is closed; a status Amazon adds later is shown as it is. */
export function closedWords({ states }: Words, status: string): string {
  const of: Partial<Record<string, string>> = {
    CANCELLED: states.cancelled,
    COMPLETED: states.completed,
    PENDING_SCHEDULE: states.pendingSchedule,
    NOT_FULFILLABLE: states.notFulfillable,
    HOLD: states.hold,
    PAYMENT_DECLINED: states.paymentDeclined,
  };
  return of[status] ?? states.amazonSays(status.toLowerCase().replaceAll('_', ' '));
}
