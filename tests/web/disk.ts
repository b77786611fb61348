// What lies in the phone's store, read by means of the browser alone. These run in the page: each is whole in itself.

/** Whether the page shows whatever it will: anything but that it is opening. */
export function isShown(): boolean {
  const app = document.getElementById('app');
  return app === null || (app.childElementCount > 0 && app.querySelector('[data-testid="opening"]') === null);
}

/** Whether the parts that open later are here as well: the service worker fetches them after the first page. */
export async function hasLater(): Promise<boolean> {
  const worker = await (await fetch('/sw.js')).text();
  const later = JSON.parse(/"later":(\{[^}]*\})/.exec(worker)?.[1] ?? '{}') as Record<string, string>;
  const here = await Promise.all(Object.keys(later).map((path) => caches.match(path)));
  return here.every((response) => response !== undefined);
}

/** Whether a row whose key begins like this is committed. */
export async function hasRow(prefix: string): Promise<boolean> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const keys = (await settled(database.transaction('rows').objectStore('rows').getAllKeys())) as [string, string][];
  database.close();
  return keys.some(([, key]) => key.startsWith(prefix));
}

/** The places among the photos that begin like this. */
export async function placesOf(prefix: string): Promise<string[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const keys = (await settled(database.transaction('photos').objectStore('photos').getAllKeys())) as [string, string][];
  database.close();
  return keys.map(([, place]) => place).filter((place) => place.startsWith(prefix));
}

/** The key of each who ever signed in, as far as it lies there to be read. */
export async function keysInTheClear(): Promise<(string | null)[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const all = (await settled(database.transaction('holder').objectStore('holder').getAll())) as { storeKey: string | null }[];
  database.close();
  return all.map(({ storeKey }) => storeKey);
}

/** The key of an unlocked phone: in the service worker's memory and nowhere else. */
export async function recalledKey(): Promise<string> {
  const opened = await new Promise<{ storeKey: string } | null>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data as { storeKey: string } | null);
    navigator.serviceWorker.controller?.postMessage({ kind: 'recall' }, [port2]);
  });
  return opened?.storeKey ?? '';
}

/** Both wraps of each slot of the key file: of the store key, and of what the PIN opens. */
export async function keyWraps(): Promise<number[][]> {
  const root = await navigator.storage.getDirectory();
  const file = new Uint8Array(await (await (await root.getFileHandle('keys')).getFile()).arrayBuffer());
  return [0, 1024].flatMap((slot) => [74, 159].map((at) => [...file.subarray(slot + at, slot + at + 61)]));
}

/** Every picture with its id, opened and in base64, and what kind of value the store keeps for it. */
export async function pictures(): Promise<{ photo: string; base64: string; kept: string }[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const read = (name: string): IDBObjectStore => database.transaction(name).objectStore(name);
  // The key of an unlocked phone is in the service worker's memory and nowhere else.
  const opened = await new Promise<{ storeKey: string } | null>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data as { storeKey: string } | null);
    navigator.serviceWorker.controller?.postMessage({ kind: 'recall' }, [port2]);
  });
  const raw = Uint8Array.from(opened?.storeKey.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  const names = (await settled(read('photos').getAllKeys())) as [string, string][];
  const values = (await settled(read('photos').getAll())) as ArrayBuffer[];
  database.close();
  const found = [];
  for (const [i, [, place]] of names.entries()) {
    // What is sealed for the server opens for nobody here.
    if (!place.startsWith('photo/')) continue;
    const value = values[i] ?? new ArrayBuffer(0);
    const sealed = new Uint8Array(value);
    const additionalData = new TextEncoder().encode(`doorstep/1\0${place}`);
    const algorithm = { name: 'AES-GCM', iv: sealed.subarray(1, 13), additionalData };
    const plain = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(13)));
    let text = '';
    for (let at = 0; at < plain.length; at += 32_768) text += String.fromCharCode(...plain.subarray(at, at + 32_768));
    found.push({ photo: place.replace('photo/', ''), base64: btoa(text), kept: value.constructor.name });
  }
  return found;
}

/** What lies in the phone's store of photos, by its place, with the bytes as they lie there in base64. */
export async function sealedPhotos(): Promise<{ place: string; base64: string }[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const photos = database.transaction('photos').objectStore('photos');
  const [names, values] = await Promise.all([settled(photos.getAllKeys()), settled(photos.getAll())]);
  database.close();
  return (names as [string, string][]).map(([, place], i) => {
    const bytes = new Uint8Array((values as ArrayBuffer[])[i] ?? new ArrayBuffer(0));
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return { place, base64: btoa(text) };
  });
}

/** What waits for the server, by its place. */
export async function outbox(): Promise<string[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const all = (await settled(database.transaction('outbox').objectStore('outbox').getAll())) as { place: string }[];
  database.close();
  return all.map(({ place }) => place);
}

/** Takes away what this phone can read of its photos. */
export async function forgetReadable(): Promise<void> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const transaction = database.transaction('photos', 'readwrite', { durability: 'strict' });
  const photos = transaction.objectStore('photos');
  for (const key of (await settled(photos.getAllKeys())) as [string, string][]) {
    if (key[1].startsWith('photo/')) photos.delete(key);
  }
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}
