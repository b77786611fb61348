// The words of cameras.

import type { Language } from '../words/languages';
import { type Later, later } from '../words/later';

export type Said = Later['camera'];

export async function wordsOf(language: Language): Promise<Said> {
  return (await later(language)).camera;
}
