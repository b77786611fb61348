// Where the words of the other languages are: English is in the first load, each of the others a file that comes when chosen.

import type { Words } from './en';
import type { Language } from './languages';

export const ELSEWHERE: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  de: async () => (await import('./de')).de,
  ja: async () => (await import('./ja')).ja,
  hi: async () => (await import('./hi')).hi,
  es: async () => (await import('./es')).es,
  fr: async () => (await import('./fr')).fr,
};
