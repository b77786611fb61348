// A policy while somebody writes it: new items, what hangs on what, and the difference to the version before.

import type { Answer } from '../generated/Answer';
import type { Condition } from '../generated/Condition';
import type { Policy } from '../generated/Policy';
import type { Question } from '../generated/Question';
import type { SerialWanted } from '../generated/SerialWanted';
import type { Shot } from '../generated/Shot';
import { answerWords } from '../words';
import { needWords } from './policy-words';

export const ANSWERS: Answer[] = ['yes', 'no', 'not_applicable'];

type Item = Question | Shot | SerialWanted;

/** A name that no other item of the list has. */
function free(kind: string, items: readonly Item[]): string {
  let n = items.length + 1;
  while (items.some(({ id }) => id === `${kind}_${n}`)) n += 1;
  return `${kind}_${n}`;
}

export function newQuestion({ questions }: Policy): Question {
  return { id: free('question', questions), text: '', texts: {}, accepts: ['yes'], shownIf: null };
}

export function newShot({ shots }: Policy): Shot {
  return {
    id: free('photo', shots),
    text: '',
    texts: {},
    minimum: 1,
    sample: null,
    longEdge: null,
    quality: null,
    pair: null,
    shownIf: null,
  };
}

export function newSerial({ serials }: Policy): SerialWanted {
  return { id: free('serial', serials), text: '', texts: {}, required: true };
}

/** Translations that are left empty are none. */
export function tidied(policy: Policy): Policy {
  const texts = <T extends Item>(item: T): T => {
    const kept = Object.entries(item.texts).filter(([, text]) => (text ?? '').trim() !== '');
    return { ...item, text: item.text.trim(), texts: Object.fromEntries(kept) };
  };
  return {
    ...policy,
    questions: policy.questions.map(texts),
    shots: policy.shots.map(texts),
    serials: policy.serials.map(texts),
  };
}

export function conditionWords({ question, is }: Condition, policy: Policy): string {
  const asked = policy.questions.find(({ id }) => id === question)?.text ?? question;
  return `only when “${asked}” is ${is.map((answer) => answerWords[answer].toLowerCase()).join(' or ')}`;
}

export interface Difference {
  what: 'added' | 'gone' | 'changed' | 'moved';
  words: string;
}

/** What is different from the version before, in the order of the page. */
export function differences(before: Policy, after: Policy): Difference[] {
  return [
    ...listDifference('Question', before.questions, after.questions),
    ...listDifference('Photo', before.shots, after.shots),
    ...listDifference('Serial', before.serials, after.serials),
    ...value('Photos in all', before.minimumPhotos, after.minimumPhotos),
    ...value('Signature', needWords[before.signature], needWords[after.signature]),
    ...value('No-show: minutes to wait', before.noShow.waitMinutes, after.noShow.waitMinutes),
    ...value('No-show: tries to reach the buyer', before.noShow.attempts, after.noShow.attempts),
    ...value('No-show: photo of the door', yes(before.noShow.doorPhoto), yes(after.noShow.doorPhoto)),
  ];
}

function yes(is: boolean): string {
  return is ? 'needed' : 'not needed';
}

function value(name: string, before: string | number, after: string | number): Difference[] {
  return before === after ? [] : [{ what: 'changed', words: `${name}: ${before} → ${after}` }];
}

function listDifference(kind: string, before: readonly Item[], after: readonly Item[]): Difference[] {
  const found: Difference[] = [];
  for (const item of after) {
    const old = before.find(({ id }) => id === item.id);
    if (!old) found.push({ what: 'added', words: `${kind}: ${item.text || item.id}` });
    else if (JSON.stringify(sorted(old)) !== JSON.stringify(sorted(item))) {
      const words = old.text === item.text ? item.text : `${old.text} → ${item.text}`;
      found.push({ what: 'changed', words: `${kind}: ${words}` });
    }
  }
  for (const item of before) {
    if (!after.some(({ id }) => id === item.id)) found.push({ what: 'gone', words: `${kind}: ${item.text}` });
  }
  const order = (items: readonly Item[], others: readonly Item[]): string =>
    items.map(({ id }) => id).filter((id) => others.some((other) => other.id === id)).join(' ');
  if (order(before, after) !== order(after, before)) found.push({ what: 'moved', words: `${kind}s are in another order` });
  return found;
}

/** The same item gives the same text, in whatever order its fields were written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
