import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { ELSEWHERE } from '../../../web/src/phone/words/elsewhere';
import { best, LANGUAGES } from '../../../web/src/phone/words/languages';
import { later } from '../../../web/src/phone/words/later';
import { repairWords } from '../../../web/src/shell/words';
import { en } from '../../../web/src/phone/words/en';

/** A word's place, such as `states.safe`, and what is there. */
function leaves(value: unknown, place = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, place ? `${place}.${key}` : key));
}

/** Stand in for what is put into a sentence: a count that has a plural, or a piece of text that nobody else writes. */
const COUNTS = [1, 2, 5];
const PIECE = 'ⓐ';

/** Every text that a word can become, and which pieces of those given to it are in it. */
function said(word: unknown): { texts: string[]; takes: string } {
  if (typeof word === 'string') return { texts: [word], takes: '' };
  if (typeof word !== 'function') throw new Error('a word is a text or a function');
  const texts: string[] = [];
  const taken = new Set<string>();
  for (const count of COUNTS) {
    for (const kind of ['piece', 'count', 'list', 'yes', 'no'] as const) {
      const args = Array.from({ length: 4 }, (_, i) => {
        if (kind === 'count') return count;
        if (kind === 'list') return [`${PIECE}${i}`, `${PIECE}${i}`];
        if (kind === 'piece') return i % 2 === 0 ? `${PIECE}${i}` : count;
        return i === 0 ? count : i === 1 ? count : kind === 'yes';
      });
      let text: unknown;
      try {
        text = (word as (...all: unknown[]) => unknown)(...args);
      } catch {
        continue;
      }
      if (typeof text !== 'string' || /undefined|NaN|\[object/.test(text)) continue;
      // A list of counts has nothing to say where it is given none.
      if (text === '' && kind !== 'count') continue;
      texts.push(text);
      if (kind === 'count' && count === 5 && text.includes('5')) taken.add('a number');
      for (const piece of text.match(new RegExp(`${PIECE}\\d`, 'g')) ?? []) taken.add(piece);
    }
  }
  return { texts, takes: [...taken].sort().join(' ') };
}

/** What is a name, a unit or a sign, and so may be the same in two languages. */
const ALIKE = new Set([
  'Doorstep', 'Amazon', 'Home Screen', 'PIN', 'Sync', 'OK', 'No', 'min', 'photo', 'photos', 'Photo', 'Photos', 'Notes',
  'Code', 'Name', 'ACDE-FGHJ', 'Installation', 'Type', 'Pause', 'Signature', 'Place', 'Options', 'Contact', 'Message', 'Date',
]);

/** The text without names, pieces, numbers and units: what is left has to be in the language. */
function bare(text: string): string {
  return text.replace(new RegExp(`${PIECE}\\d`, 'g'), '').replace(/[\d\s·.,:…%]+/g, ' ').trim();
}

for (const language of LANGUAGES) {
  test(`every word of the phone is there in ${language}, with the same pieces, and in no other language`, async () => {
    const spoken = language === 'en' ? en : await ELSEWHERE[language]();
    const there = new Map(leaves({ ...spoken, ...(await later(language)), repair: repairWords[language] }));
    const english = leaves({ ...en, ...(await later('en')), repair: repairWords.en });
    expect([...there.keys()].sort()).toEqual(english.map(([place]) => place).sort());
    const amiss: string[] = [];
    for (const [place, word] of english) {
      const [wanted, found] = [said(word), said(there.get(place))];
      if (found.texts.length === 0 || found.texts.some((text) => text.trim() === '')) amiss.push(`${place} is empty`);
      if (found.takes !== wanted.takes) amiss.push(`${place} takes ${found.takes || 'nothing'}, not ${wanted.takes || 'nothing'}`);
      if (language === 'en') continue;
      const alike = found.texts.filter((text) => wanted.texts.includes(text)).map(bare);
      const english = alike.find((text) => /\p{L}{2}/u.test(text) && !ALIKE.has(text));
      if (english !== undefined) amiss.push(`${place} is English: ${english}`);
      if (/'/.test(found.texts.join(' '))) amiss.push(`${place} has a typewriter’s apostrophe`);
    }
    expect(amiss).toEqual([]);
  });
}

/** What the phone asks again by itself, or would only be told if it were made wrongly. */
const NOBODY_READS = /^upload_(checksum|content_type|offset_differs|taken_over|too_long)$/;

test('whatever the server may refuse a photo or a file for has words of its own', () => {
  const root = new URL('../../../', import.meta.url);
  const folder = new URL('server/src/http/', root);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(uploads|rescue)\b.*\.rs$/.test(name))
    .map((name) => new URL(name, folder));
  const text = [...sources, new URL('core/src/photo.rs', root)].map((source) => readFileSync(source, 'utf8')).join();
  const codes = new Set([...text.matchAll(/"((?:photo|upload|bundle|not_a)_[a-z_]+)"/g)].map(([, code = '']) => code));
  expect(codes.size).toBeGreaterThan(12);
  expect([...codes].filter((code) => !NOBODY_READS.test(code) && !(code in en.problems.told))).toEqual([]);
});

test('the first of a reader’s languages that there are words in is spoken', () => {
  expect(best(['de-AT', 'en'])).toBe('de');
  expect(best(['nl', 'fr-CA', 'en-US'])).toBe('fr');
  expect(best(['hi'])).toBe('hi');
  expect(best(['nl'])).toBe('en');
});

/** A component without its script, its style, its tags and what is computed in it: what is left is read by people. */
function read(component: string): string {
  let text = component.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<!--[\s\S]*?-->/g, '');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, ' ');
  }
  // Some attributes are read out.
  const spoken = [...text.matchAll(/\b(?:aria-label|alt|title)="([^"]*)"/g)].map(([, said]) => said);
  return [text.replace(/<[^>]*>/g, ' '), ...spoken].join(' | ');
}

test('no screen of the phone has a text of its own beside the words', () => {
  const folder = new URL('../../../web/src/phone/', import.meta.url);
  const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'));
  expect(components.length).toBeGreaterThan(20);
  const found = components.flatMap((name) => {
    const text = read(readFileSync(new URL(name, folder), 'utf8')).replaceAll('Doorstep', '');
    return [...text.matchAll(/\p{L}[\p{L} ]+/gu)].map(([own]) => `${name}: ${own.trim()}`);
  });
  expect(found).toEqual([]);
});
