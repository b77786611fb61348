// The page a phone shows when the browser has thrown a part of the shell away and there is no network to fetch it.
// It lives inside the service worker, which the browser keeps apart from the caches, and needs nothing else.

import { DIRECTIONS, type Language } from '../phone/words/languages';
import { type RepairWords, repairWords } from './words';

/** What waits on this phone, by the keys of the store; no value is read. */
export interface Waiting {
  photos: number;
  changes: number;
}

/** Nothing is opened that is not there: a store made here would hide that the real one is gone. */
export async function waiting(): Promise<Waiting | null> {
  try {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === 'doorstep')) return null;
    const database = await settled(indexedDB.open('doorstep'));
    const transaction = database.transaction(['rows', 'photos'], 'readonly');
    const [pictures, rows] = await Promise.all([
      settled(transaction.objectStore('photos').getAllKeys()),
      settled(transaction.objectStore('rows').getAllKeys()),
    ]);
    database.close();
    // A photo lies there twice, readable and sealed for the server, and counts once.
    return { photos: count(pictures, 'photo/'), changes: count(rows, 'change/') };
  } catch {
    // The page is worth more than its figures.
    return null;
  }
}

function count(keys: IDBValidKey[], kind: string): number {
  return keys.filter((key) => Array.isArray(key) && String(key[1]).startsWith(kind)).length;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store did not answer'));
  });
}

export function repairPage(kept: Waiting | null, language: Language): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  };
  return new Response(page(kept, language), { headers });
}

function page(kept: Waiting | null, language: Language): string {
  const words = repairWords[language];
  return `<!doctype html>
<html lang="${language}" dir="${DIRECTIONS[language]}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Doorstep</title>
<style>
  body { margin: 0 auto; max-width: 34em; padding: 24px 16px; font: 17px/1.5 system-ui, sans-serif; }
  h1 { font-size: 28px; line-height: 1.2; }
  a { display: grid; place-content: center; min-height: 56px; margin-top: 24px; border: 2px solid; border-radius: 10px;
    color: inherit; font-size: 20px; font-weight: 600; text-decoration: none; }
</style>
<main data-testid="repair">
<h1>${words.missing}</h1>
<p>${words.cleared}</p>
<p data-testid="kept"><strong>${keptWords(words, kept)}</strong></p>
<p>${words.next}</p>
<a href="/">${words.openAgain}</a>
</main>
</html>`;
}

function keptWords(words: RepairWords, kept: Waiting | null): string {
  if (!kept) return words.untouched;
  const { photos, changes } = kept;
  return photos + changes === 0 ? words.nothingWaits : words.kept(photos, changes);
}
