// The words of screens that open later, in one file for each language. They come with the first of these screens.

import type { Language } from './languages';

export type Later = Pick<typeof import('./en/later'), 'camera' | 'map' | 'otherwise' | 'reasons'>;

const IN: Record<Language, () => Promise<Later>> = {
  en: () => import('./en/later'),
  de: () => import('./de/later'),
  ja: () => import('./ja/later'),
  hi: () => import('./hi/later'),
  es: () => import('./es/later'),
  fr: () => import('./fr/later'),
};

export function later(language: Language): Promise<Later> {
  return IN[language]();
}
