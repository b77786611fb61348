// The words of what is done with a visit instead of completing it.

import type { Language } from '../words/languages';
import { type Later, later } from '../words/later';

export type Said = Later['otherwise'] & { reasons: Later['reasons'] };

export async function wordsOf(language: Language): Promise<Said> {
  const { otherwise, reasons } = await later(language);
  return { ...otherwise, reasons };
}
