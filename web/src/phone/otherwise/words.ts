// The words of what is done with a visit instead of completing it. They come with the screens that use them.

import type { Language } from '../words/languages';

const ELSEWHERE = {
  en: () => Promise.all([import('../words/en/otherwise'), import('../words/en/reasons')]),
  de: () => Promise.all([import('../words/de/otherwise'), import('../words/de/reasons')]),
  ja: () => Promise.all([import('../words/ja/otherwise'), import('../words/ja/reasons')]),
  hi: () => Promise.all([import('../words/hi/otherwise'), import('../words/hi/reasons')]),
  es: () => Promise.all([import('../words/es/otherwise'), import('../words/es/reasons')]),
  fr: () => Promise.all([import('../words/fr/otherwise'), import('../words/fr/reasons')]),
};

export type Said = (typeof import('../words/en/otherwise'))['otherwise'] & {
  reasons: (typeof import('../words/en/reasons'))['reasons'];
};

export async function wordsOf(language: Language): Promise<Said> {
  const [{ otherwise }, { reasons }] = await ELSEWHERE[language]();
  return { ...otherwise, reasons };
}
