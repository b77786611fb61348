// The words of the page on which the office writes what visits are held to.

import type { Flaw } from '../generated/Flaw';
import type { Need } from '../generated/Need';
import type { PolicyChanged } from '../generated/PolicyChanged';
import type { PolicyFlaw } from '../generated/PolicyFlaw';
import type { PolicyScope } from '../generated/PolicyScope';
import type { ServiceType } from '../generated/ServiceType';
import type { ServiceTypeFact } from '../generated/ServiceTypeFact';
import { day } from '../when';
import { count } from '../words';

export const serviceTypeWords: Record<ServiceType, string> = {
  standard: 'Standard',
  heavy_bulk: 'Heavy and bulky',
  recurring: 'Recurring',
};

export const factWords: Record<ServiceTypeFact, string> = { asin: 'ASIN', skill: 'Skill', store: 'Store' };

export const needWords: Record<Need, string> = { no: 'Not asked', optional: 'Offered', required: 'Needed' };

export const standardWords: Record<string, string> = {
  any: 'Any work',
  assembly: 'Assembly',
  tv_mounting: 'TV mounting',
  hvac: 'Heating and cooling',
};

/** The languages of the phone, but for English, which is the text itself. */
export const LANGUAGES = [
  ['de', 'German'],
  ['es', 'Spanish'],
  ['fr', 'French'],
  ['hi', 'Hindi'],
  ['ja', 'Japanese'],
] as const;

export function scopeWords({ marketplace, serviceType, skill }: PolicyScope): string {
  const parts = [];
  if (skill !== null) parts.push(`skill ${skill}`);
  if (serviceType !== null) parts.push(`${serviceTypeWords[serviceType].toLowerCase()} service`);
  if (marketplace !== null) parts.push(`marketplace ${marketplace}`);
  const words = parts.join(', ');
  return words === '' ? 'All jobs' : words.charAt(0).toUpperCase() + words.slice(1);
}

const flaws: Record<Flaw, string> = {
  bad_id: 'A name takes 1 to 40 small letters, digits, _ and -.',
  duplicate: 'Another one has this name.',
  reserved: 'Doorstep uses this name itself. Choose another.',
  no_text: 'Write what the technician reads.',
  text_too_long: 'Shorter: a technician reads this in a hallway.',
  too_many: 'More than fits. Take some out.',
  no_answer: 'Choose at least one answer that lets the technician leave.',
  unknown_question: 'The question it depends on is not there.',
  never_shown: 'Choose the answer on which it is shown.',
  circle: 'It depends on itself in a circle, so nobody would ever see it.',
  unknown_pair: 'The photo to compare with is not there.',
  out_of_range: 'The number is out of its range.',
  no_shot_to_take: 'Photos are wanted, and no photo is always shown that they could be taken for.',
};

export function flawWords({ flaw }: PolicyFlaw): string {
  return flaws[flaw];
}

export function changeWords(what: PolicyChanged): string {
  switch (what.kind) {
    case 'published':
      return `${scopeWords(what.scope)}: version ${what.version}, for visits from ${day(what.applies_from)}`;
    case 'taken_back':
      return `${scopeWords(what.scope)}: taken back for visits from ${day(what.applies_from)}`;
    case 'service_types':
      return `Kinds of service: ${count(what.marks.length, 'line', 'lines')}`;
  }
}
