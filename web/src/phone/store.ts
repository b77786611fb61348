// The phone's disk: IndexedDB `doorstep`. Values are sealed before they come here; keys carry the device, so that
// a second technician on one phone neither reads nor loses what the first has not sent.
//
//   rows    [device, key]           sealed rows of the core
//   photos  [device, photo/<id>]    sealed pictures, as ArrayBuffer: WebKit does not keep a Blob
//           [device, evidence/<id>] what is sent of them, sealed for the server alone, until its receipt
//           [device, intent/<visit>] what a camera was opened for, until its photo is here
//           [device, draft/<visit>/<field>] what is being typed or drawn there and is not recorded yet
//           [device, sample/<hash>] how a shot should look, as long as a visit asks for it
//   holder  name                    who signed in here, with which device; its key lies in the key file (vault/file.ts)
//   outbox  [device, place]         what waits for the server's receipt: of a photo that it does, of a change or record its
//                                   rescue copy, which this phone cannot open (since version 3)
//   reserve 'proof', 'proof <uuid>' pieces of bytes that mean nothing: one is given up when a photo finds no room (since
//                                   version 2)
//
// A version adds object stores and never touches what is in the others: what waits there may be the only copy.

import type { DeliveredItem } from '../generated/DeliveredItem';
import type { Row } from '../generated/Row';

/** A sealed picture and where it belongs. */
export interface SealedPicture {
  place: string;
  sealed: ArrayBuffer;
}

/** What waits for the server. In clear only ids that say nothing to anybody else. */
export interface Outgoing {
  place: string;
  appointment: string;
  kind: 'photo' | 'change' | 'record';
  /** The rescue copy; `null` of a photo, whose envelope lies among the photos. */
  sealed: ArrayBuffer | null;
  /** The server has it. It stays until the core has heard so. */
  sent?: true;
  /** The server does not take it from whoever cannot read it, with the code why. */
  refused?: string;
}

/** What one write changes besides rows. */
export interface Beside {
  pictures?: SealedPicture[];
  outbox?: Outgoing[];
  /** Places in the outbox whose rows stay. */
  letGo?: string[];
}

export interface Keeper {
  /** As typed at sign-in. */
  name: string;
  device: string;
  /** Only of a phone that has no PIN yet: versions before the vault kept the key here, in the clear. */
  storeKey: string | null;
  /** Missing in what those versions wrote: whoever had a key was signed in. */
  signedIn?: boolean;
  signedInAt: number;
  /** Against which it holds what visits are held to; missing where it signed in before there was one. */
  policyKey?: string | undefined;
}

function isSignedIn(keeper: Keeper): boolean {
  return keeper.signedIn ?? keeper.storeKey !== null;
}

/** What the store did not do, in words for the screen. */
export class NotSaved extends Error {
  constructor(
    readonly kind: 'storage_full' | 'closed' | 'no_answer' | 'failed' | 'not_opened' | 'lock',
    cause: unknown,
  ) {
    super(kind, { cause });
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof DOMException ? cause.name : '';
}

function reasonOf(cause: unknown, otherwise: NotSaved['kind']): NotSaved {
  if (cause instanceof NotSaved) return cause;
  const name = nameOf(cause);
  if (name === 'QuotaExceededError') {
    return new NotSaved('storage_full', cause);
  }
  if (name === 'InvalidStateError') {
    return new NotSaved('closed', cause);
  }
  return new NotSaved(otherwise, cause);
}

/** A piece of what is set aside: room for some thirty photos, so that a visit can be finished on a phone that is full. */
export const PIECE_BYTES = 16 * 1024 * 1024;
/** What `getRandomValues` gives at once. */
const RANDOM_BYTES = 65_536;

/** A store that has said nothing by then hangs. The largest photo takes a slow phone about a second. */
const LIMIT_MS = 15_000;

/** A write that is late may still come to pass; it is repeated with the same rows, which changes nothing then. */
export function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotSaved('no_answer', undefined)), LIMIT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  const answer = new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store did not answer'));
  });
  return inTime(answer);
}

const VERSION = 3;

export class Store {
  /** For good: by us, or since a newer page wants to change the layout, which we would block. */
  private closed = false;
  private opening: Promise<void> | null = null;

  private constructor(private database: IDBDatabase) {
    this.take(database);
  }

  private take(database: IDBDatabase): void {
    this.database = database;
    database.onversionchange = () => this.close();
  }

  static async open(): Promise<Store> {
    const request = indexedDB.open('doorstep', VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) for (const name of ['rows', 'photos', 'holder']) request.result.createObjectStore(name);
      if (oldVersion < 2) request.result.createObjectStore('reserve');
      if (oldVersion < 3) request.result.createObjectStore('outbox');
    };
    try {
      return new Store(await settled(request));
    } catch (cause) {
      if (cause instanceof NotSaved) throw cause;
      throw new NotSaved('not_opened', cause);
    }
  }

  /** The store as it is, for the service worker, which neither makes nor changes one. `null` where it has no outbox. */
  static async existing(): Promise<Store | null> {
    const request = indexedDB.open('doorstep');
    request.onupgradeneeded = () => request.transaction?.abort();
    try {
      const store = new Store(await settled(request));
      if (store.database.objectStoreNames.contains('outbox')) return store;
      store.close();
    } catch {
      // There is none, or it does not open: the page says so, to somebody who can read it.
    }
    return null;
  }

  close(): void {
    this.closed = true;
    this.database.close();
  }

  /** The same store on a new connection. One that is no longer there is not made anew behind the back of an open page. */
  private async reopen(): Promise<void> {
    const request = indexedDB.open('doorstep', VERSION);
    request.onupgradeneeded = () => request.transaction?.abort();
    try {
      this.take(await settled(request));
    } catch (cause) {
      throw new NotSaved('not_opened', cause);
    }
  }

  private async holders(): Promise<Keeper[]> {
    return this.read('holder', (holder) => holder.getAll());
  }

  /** Whose session the browser has, if any: of whoever signed in last. */
  async lastDevice(): Promise<string | null> {
    const all = await this.holders();
    return all.sort((a, b) => b.signedInAt - a.signedInAt)[0]?.device ?? null;
  }

  /** Who is signed in on this phone. */
  async keeper(): Promise<Keeper | null> {
    const all = await this.holders();
    return all.filter(isSignedIn).sort((a, b) => b.signedInAt - a.signedInAt)[0] ?? null;
  }

  /** The device that was given to this name before. */
  async deviceOf(name: string): Promise<string | null> {
    const keeper = await this.read<Keeper | undefined>('holder', (holder) => holder.get(name));
    return keeper?.device ?? null;
  }

  /** Whether this device ever signed in to this store; only a store that was made anew has not heard of it. */
  async knows(device: string): Promise<boolean> {
    const all = await this.holders();
    return all.some((keeper) => keeper.device === device);
  }

  /** Signing in forgets the keys of everybody else: one person holds the phone. */
  async signIn(keeper: Keeper): Promise<void> {
    const all = await this.holders();
    await this.write(['holder'], (transaction) => {
      const holder = transaction.objectStore('holder');
      for (const other of all) holder.put({ ...other, storeKey: null, signedIn: false }, other.name);
      holder.put(keeper, keeper.name);
    });
  }

  async signOut({ name, device, signedInAt }: Keeper): Promise<void> {
    await this.write(['holder'], (transaction) => {
      transaction.objectStore('holder').put({ name, device, signedInAt, storeKey: null, signedIn: false }, name);
    });
  }

  /** Every device this phone ever was, whoever held it. */
  async devices(): Promise<string[]> {
    const all = await this.holders();
    return all.map(({ device }) => device);
  }

  /**
   * Removes what tells of buyers, while nothing on the phone can open it: the jobs, and pictures of which there is a copy
   * that only the server opens. Whatever has not been sent stays.
   */
  async forget(device: string): Promise<void> {
    const range = IDBKeyRange.bound([device], [device, []]);
    const names = async (store: string) =>
      ((await this.read(store, (all) => all.getAllKeys(range))) as [string, string][]).map(([, place]) => place);
    const [rows, photos] = [await names('rows'), new Set(await names('photos'))];
    const jobs = rows.filter((key) => key.startsWith('job/'));
    const copies = [...photos].filter((place) => place.startsWith('photo/') && photos.has(place.replace('photo/', 'evidence/')));
    const begun = [...photos].filter((place) => place.startsWith('intent/') || place.startsWith('draft/'));
    await this.commit(device, [], [...jobs, ...copies, ...begun]);
  }

  async rows(device: string): Promise<Row[]> {
    const range = IDBKeyRange.bound([device], [device, []]);
    const [keys, values] = await this.within('rows', 'readonly', (transaction) => {
      const rows = transaction.objectStore('rows');
      return Promise.all([settled(rows.getAllKeys(range)), settled(rows.getAll(range))]);
    });
    return keys.map((key, i) => ({ key: (key as string[])[1] ?? '', value: values[i] as Uint8Array }));
  }

  /** What a device keeps in a store whose place is this, or begins with it and a slash. */
  async placesOf(device: string, place: string, store = 'rows'): Promise<string[]> {
    const range = IDBKeyRange.bound([device, place], [device, `${place}\uffff`]);
    const keys = await this.read(store, (all) => all.getAllKeys(range));
    return keys.map((key) => (key as string[])[1] ?? '');
  }

  async photo(device: string, place: string): Promise<ArrayBuffer | null> {
    return (await this.read<ArrayBuffer | undefined>('photos', (photos) => photos.get([device, place]))) ?? null;
  }

  /** Sets one more piece aside, unless there are `most`. True when one was added. Rejects with `NotSaved`. */
  async setAside(most: number): Promise<boolean> {
    const pieces = await this.read('reserve', (reserve) => reserve.count());
    if (pieces >= most) return false;
    // At random: a disk that compresses would set nothing aside.
    const bytes = new Uint8Array(PIECE_BYTES);
    for (let at = 0; at < bytes.length; at += RANDOM_BYTES) crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
    await this.write(['reserve'], (transaction) => transaction.objectStore('reserve').put(bytes.buffer, `proof ${crypto.randomUUID()}`));
    return true;
  }

  /** Gives up a piece of what was set aside. False when there was nothing. */
  async giveUpReserve(): Promise<boolean> {
    const [piece] = await this.read('reserve', (reserve) => reserve.getAllKeys(null, 1));
    if (piece === undefined) return false;
    await this.write(['reserve'], (transaction) => transaction.objectStore('reserve').delete(piece));
    return true;
  }

  /** All or nothing, on disk before it resolves. Rejects with `NotSaved`. */
  async commit(device: string, put: Row[], remove: string[], beside: Beside = {}): Promise<void> {
    // A page on its way out has no later in which the browser would commit by itself. But WebKit, told to commit there,
    // drops what is put and still takes away what is removed (docs/decisions/0024).
    const isAtOnce = remove.length === 0 && !beside.letGo?.length;
    const change = (transaction: IDBTransaction) => {
      const rows = transaction.objectStore('rows');
      const photos = transaction.objectStore('photos');
      const outbox = transaction.objectStore('outbox');
      for (const { place, sealed } of beside.pictures ?? []) photos.put(sealed, [device, place]);
      for (const one of beside.outbox ?? []) outbox.put(one, [device, one.place]);
      for (const place of beside.letGo ?? []) outbox.delete([device, place]);
      for (const row of put) rows.put(row.value, [device, row.key]);
      for (const key of remove) {
        rows.delete([device, key]);
        photos.delete([device, key]);
        outbox.delete([device, key]);
      }
    };
    await this.write(['rows', 'photos', 'outbox'], change, isAtOnce);
  }

  async outbox(device: string): Promise<Outgoing[]> {
    return this.read('outbox', (outbox) => outbox.getAll(IDBKeyRange.bound([device], [device, []])));
  }

  /** Puts what is owed beside rows and envelopes that are still there. */
  async owe(device: string, owed: Outgoing[]): Promise<void> {
    await this.write(['rows', 'photos', 'outbox'], (transaction) => {
      for (const one of owed) {
        const of = transaction.objectStore(one.kind === 'photo' ? 'photos' : 'rows').getKey([device, one.place]);
        of.onsuccess = () => of.result !== undefined && transaction.objectStore('outbox').put(one, [device, one.place]);
      }
    });
  }

  /** Notes what became of what was sent from the outbox. What has left it meanwhile stays away. */
  async mark(device: string, items: DeliveredItem[]): Promise<void> {
    await this.write(['outbox'], (transaction) => {
      const outbox = transaction.objectStore('outbox');
      for (const { place, outcome, code } of items) {
        const found = outbox.get([device, place]) as IDBRequest<Outgoing | undefined>;
        found.onsuccess = () => {
          if (!found.result) return;
          const end = outcome === 'refused' ? { refused: code ?? outcome } : { sent: true as const };
          outbox.put({ ...found.result, ...end }, [device, place]);
        };
      }
    });
  }

  private read<T>(name: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.within(name, 'readonly', (transaction) => settled(ask(transaction.objectStore(name))));
  }

  private write(stores: string[], change: (transaction: IDBTransaction) => unknown, isAtOnce = false): Promise<void> {
    return this.within(stores, 'readwrite', async (transaction) => {
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was undone'));
      });
      try {
        change(transaction);
        if (isAtOnce) transaction.commit();
      } catch (cause) {
        // Half a change must not commit by itself.
        done.catch(() => undefined);
        transaction.abort();
        throw cause;
      }
      await inTime(done);
    });
  }

  /** Rejects with `NotSaved`. */
  private async within<T>(
    stores: string | string[],
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction) => Promise<T>,
  ): Promise<T> {
    // Strict: flushed to the disk when it completes. Relaxed, the default, would survive a closed tab only.
    const begin = () => this.database.transaction(stores, mode, { durability: 'strict' });
    try {
      let transaction: IDBTransaction;
      try {
        transaction = begin();
      } catch (cause) {
        // A browser drops a connection by itself, too: WebKit does of pages that were away for a while.
        if (this.closed || nameOf(cause) !== 'InvalidStateError') throw cause;
        await (this.opening ??= this.reopen().finally(() => (this.opening = null)));
        transaction = begin();
      }
      return await work(transaction);
    } catch (cause) {
      // What is only read cannot be left unwritten.
      throw reasonOf(cause, mode === 'readonly' ? 'no_answer' : 'failed');
    }
  }
}
