// The languages of the phone.

export const LANGUAGES = ['en', 'de', 'ja', 'hi', 'es', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words: whoever looks for theirs reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  ja: '日本語',
  hi: 'हिन्दी',
  es: 'Español',
  fr: 'Français',
};

/** Which way each is read; all of today's from left to right. */
export const DIRECTIONS: Record<Language, 'ltr' | 'rtl'> = {
  en: 'ltr',
  de: 'ltr',
  ja: 'ltr',
  hi: 'ltr',
  es: 'ltr',
  fr: 'ltr',
};

/** The first of a reader's languages that there are words in; English where there is none. */
export function best(preferred: readonly string[]): Language {
  for (const one of preferred) {
    const wanted = one.toLowerCase().split('-')[0];
    const found = LANGUAGES.find((language) => language === wanted);
    if (found) return found;
  }
  return 'en';
}
