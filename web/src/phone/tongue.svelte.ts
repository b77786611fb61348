// The language the phone speaks. It says nothing about anybody, so it is stored plainly, beside the display.

import { speak } from '../when';
import { en, type Words } from './words/en';
import { ELSEWHERE } from './words/elsewhere';
import { best, DIRECTIONS, type Language, LANGUAGES } from './words/languages';
import { tellWorker } from './words/worker';

const KEY = 'language';

class Tongue {
  language = $state<Language>('en');
  words = $state.raw<Words>(en);

  /** The chosen language, or the phone's. */
  async start(): Promise<void> {
    speak(() => ({ locale: this.locale, times: this.words.times }));
    await this.take(stored() ?? best(navigator.languages));
  }

  /** For dates and numbers: with the phone's own region where the language is the same. */
  get locale(): string {
    return navigator.languages.find((one) => one.toLowerCase().split('-')[0] === this.language) ?? this.language;
  }

  /** False when its words could not be fetched; what was spoken before stays. */
  async choose(language: Language): Promise<boolean> {
    if (!(await this.take(language))) return false;
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // Storage that is switched off: it holds until the page is closed.
    }
    void tellWorker(language);
    return true;
  }

  private async take(language: Language): Promise<boolean> {
    try {
      const words = language === 'en' ? en : await ELSEWHERE[language]();
      this.words = words;
      this.language = language;
    } catch {
      // No network, and its words were never here: English is.
      return false;
    }
    document.documentElement.lang = language;
    document.documentElement.dir = DIRECTIONS[language];
    return true;
  }
}

function stored(): Language | null {
  try {
    const found = localStorage.getItem(KEY);
    return LANGUAGES.find((language) => language === found) ?? null;
  } catch {
    return null;
  }
}

export const tongue = new Tongue();

/** The words of the language that is spoken; a screen that uses them changes with it. */
export function words(): Words {
  return tongue.words;
}
