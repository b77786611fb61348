// Where the key file lies, and the secret of this device that goes into the PIN.
//
//   the browser's private files, `keys`   the key file
//   IndexedDB `doorstep-keys`, store `keys`
//     'device secret'   an HMAC key that script cannot take out
//     'file'            the key file, where the browser has no private files (WebKitGTK, some private windows)
//     'in files'        once the private files held it: then it is nowhere else, also when they do not open

import { scriptAddress } from '../../trust';
import { inTime, NotSaved, settled } from '../store';
import type { SlotsOrder, SlotsReply } from './orders';
import slotsAddress from './slots?worker&url';

type Bytes = Uint8Array<ArrayBuffer>;

const STORE = 'keys';
const DEVICE_SECRET = 'device secret';
const FILE = 'file';
const IN_FILES = 'in files';
const SLOT_BYTES = 1024;
/** What the device's secret is asked for. */
const PURPOSE = 'doorstep pin';

/** The secret of this device is gone: nothing opens any more, and signing in makes a new one. */
export class DeviceSecretGone extends Error {}

/** The worker and those who wait for it. One that ends, or says nothing in time, is replaced at the next order. */
class Slots {
  private readonly waiting = new Map<number, (reply: SlotsReply) => void>();
  private worker: Worker | null = null;
  private next = 0;

  static start(): Slots | null {
    return typeof navigator.storage?.getDirectory === 'function' ? new Slots() : null;
  }

  async ask(order: SlotsOrder): Promise<SlotsReply> {
    const id = this.next++;
    const worker = this.started();
    const reply = new Promise<SlotsReply>((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ id, order });
    });
    return inTime(reply).catch((cause: unknown) => {
      if (this.worker === worker) this.stop(String(cause));
      return { kind: 'failed', why: String(cause) };
    });
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(scriptAddress(slotsAddress), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ id: number; reply: SlotsReply }>) => {
      this.waiting.get(data.id)?.(data.reply);
      this.waiting.delete(data.id);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop('the worker ended');
    };
    this.worker = worker;
    return worker;
  }

  private stop(why: string): void {
    this.worker?.terminate();
    this.worker = null;
    for (const answer of this.waiting.values()) answer({ kind: 'failed', why });
    this.waiting.clear();
  }
}

function connect(): Promise<IDBDatabase> {
  const request = indexedDB.open('doorstep-keys', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

export class KeyFileDisk {
  private constructor(
    private database: IDBDatabase,
    private slots: Slots | null,
  ) {
    this.stepAside();
  }

  static async open(): Promise<KeyFileDisk> {
    return new KeyFileDisk(await connect(), Slots.start());
  }

  /** Empty where there is none yet. */
  async read(): Promise<Bytes> {
    const file = await this.ask({ kind: 'read' });
    if (file && file.length > 0) return file;
    return ((await settled((await this.store('readonly')).get(FILE))) as Bytes | undefined) ?? new Uint8Array();
  }

  async write(slot: Bytes, firstHalf: number): Promise<Bytes> {
    const written = await this.ask({ kind: 'write', slot, firstHalf });
    if (written) {
      if (!(await this.isInFiles())) await this.put(IN_FILES, true);
      return written;
    }
    const file = new Uint8Array(2 * SLOT_BYTES);
    file.set(slot);
    file.set(slot, SLOT_BYTES);
    await this.put(FILE, file);
    return file;
  }

  /** What the PIN is stretched with besides its salt. */
  async deviceSecret(salt: Bytes): Promise<Bytes> {
    const key = (await settled((await this.store('readonly')).get(DEVICE_SECRET))) as CryptoKey | undefined;
    if (!key) throw new DeviceSecretGone();
    const purpose = new TextEncoder().encode(PURPOSE);
    const given = new Uint8Array(purpose.length + salt.length);
    given.set(purpose);
    given.set(salt, purpose.length);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, given));
  }

  /** Made once. One that is there is never made anew: what it opens would be gone. */
  async ensureDeviceSecret(): Promise<void> {
    if (await this.has(DEVICE_SECRET)) return;
    const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
    await this.put(DEVICE_SECRET, key);
  }

  /** `null` where this browser has no private files. What fails is not taken for a file that is not there. */
  private async ask(order: SlotsOrder): Promise<Bytes | null> {
    const reply = await this.slots?.ask(order);
    if (reply?.kind === 'file') return reply.file;
    if (reply?.kind === 'failed') {
      throw new NotSaved('lock', reply.why);
    }
    // Private files that do not open now are not a browser that has none.
    if (reply && (await this.isInFiles())) throw new NotSaved('lock', 'the private files did not open');
    this.slots = null;
    return null;
  }

  private isInFiles(): Promise<boolean> {
    return this.has(IN_FILES);
  }

  private async has(name: string): Promise<boolean> {
    return (await settled((await this.store('readonly')).count(name))) > 0;
  }

  private stepAside(): void {
    const { database } = this;
    database.onversionchange = () => database.close();
  }

  /** WebKit drops connections of a page that lay in the background: it is made anew. */
  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    const begun = () => this.database.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE);
    try {
      return begun();
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === 'InvalidStateError')) throw cause;
      this.database = await connect();
      this.stepAside();
      return begun();
    }
  }

  private async put(name: string, value: unknown): Promise<void> {
    const store = await this.store('readwrite');
    const done = new Promise<void>((resolve, reject) => {
      store.transaction.oncomplete = () => resolve();
      store.transaction.onabort = () => reject(store.transaction.error ?? new Error('the transaction was undone'));
    });
    store.put(value, name);
    await inTime(done);
  }
}
