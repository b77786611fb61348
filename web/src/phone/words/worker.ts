// What the service worker knows of the language: it cannot read where the page keeps it.

import { best, type Language, LANGUAGES } from './languages';

const CACHE = 'language';
const PLACE = '/language';

/** Told with each choice; a worker that was not told goes by the phone's languages. */
export async function tellWorker(language: Language): Promise<void> {
  try {
    await (await caches.open(CACHE)).put(PLACE, new Response(language));
  } catch {
    // A private window may have no cache, and then no worker either.
  }
}

export async function languageTold(): Promise<Language> {
  try {
    const told = await (await caches.match(PLACE, { cacheName: CACHE }))?.text();
    return LANGUAGES.find((language) => language === told) ?? best(navigator.languages);
  } catch {
    return best(navigator.languages);
  }
}
