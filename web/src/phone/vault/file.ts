// Where the key file lies, and the secret of this device that goes into the PIN.
//
//   the browser's private files, `keys`   the key file
//   IndexedDB `doorstep-keys`, store `keys`
//     'device secret'   an HMAC key that script cannot take out
//     'file'            the key file, where the browser has no private files (WebKitGTK, some private windows)

import { scriptAddress } from '../../trust';
import { NotSaved, settled } from '../store';
import type { SlotsOrder, SlotsReply } from './orders';
import slotsAddress from './slots?worker&url';

type Bytes = Uint8Array<ArrayBuffer>;

const STORE = 'keys';
const DEVICE_SECRET = 'device secret';
const FILE = 'file';
const SLOT_BYTES = 1024;
/** What the device's secret is asked for. */
const PURPOSE = 'doorstep pin';

/** The secret of this device is gone: nothing opens any more, and signing in makes a new one. */
export class DeviceSecretGone extends Error {}

class Slots {
  private readonly waiting = new Map<number, (reply: SlotsReply) => void>();
  private next = 0;

  private constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<{ id: number; reply: SlotsReply }>) => {
      this.waiting.get(data.id)?.(data.reply);
      this.waiting.delete(data.id);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      for (const answer of this.waiting.values()) answer({ kind: 'failed', why: 'the worker ended' });
      this.waiting.clear();
    };
  }

  static start(): Slots | null {
    if (typeof navigator.storage?.getDirectory !== 'function') return null;
    return new Slots(new Worker(scriptAddress(slotsAddress), { type: 'module' }));
  }

  ask(order: SlotsOrder): Promise<SlotsReply> {
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, order });
    });
  }
}

export class KeyFileDisk {
  private constructor(
    private readonly database: IDBDatabase,
    private slots: Slots | null,
  ) {
    database.onversionchange = () => database.close();
  }

  static async open(): Promise<KeyFileDisk> {
    const request = indexedDB.open('doorstep-keys', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return new KeyFileDisk(await settled(request), Slots.start());
  }

  /** Empty where there is none yet. */
  async read(): Promise<Bytes> {
    const file = await this.ask({ kind: 'read' });
    if (file && file.length > 0) return file;
    return ((await settled(this.store('readonly').get(FILE))) as Bytes | undefined) ?? new Uint8Array();
  }

  async write(slot: Bytes, firstHalf: number): Promise<Bytes> {
    const written = await this.ask({ kind: 'write', slot, firstHalf });
    if (written) return written;
    const file = new Uint8Array(2 * SLOT_BYTES);
    file.set(slot);
    file.set(slot, SLOT_BYTES);
    await this.put(FILE, file);
    return file;
  }

  /** What the PIN is stretched with besides its salt. */
  async deviceSecret(salt: Bytes): Promise<Bytes> {
    const key = (await settled(this.store('readonly').get(DEVICE_SECRET))) as CryptoKey | undefined;
    if (!key) throw new DeviceSecretGone();
    const purpose = new TextEncoder().encode(PURPOSE);
    const given = new Uint8Array(purpose.length + salt.length);
    given.set(purpose);
    given.set(salt, purpose.length);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, given));
  }

  /** Made once. One that is there is never made anew: what it opens would be gone. */
  async ensureDeviceSecret(): Promise<void> {
    if ((await settled(this.store('readonly').count(DEVICE_SECRET))) > 0) return;
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
    this.slots = null;
    return null;
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE);
  }

  private async put(name: string, value: unknown): Promise<void> {
    const store = this.store('readwrite');
    const done = new Promise<void>((resolve, reject) => {
      store.transaction.oncomplete = () => resolve();
      store.transaction.onabort = () => reject(store.transaction.error ?? new Error('the transaction was undone'));
    });
    store.put(value, name);
    await done;
  }
}
