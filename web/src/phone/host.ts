// The host loop: clocks, disk and network around the core's machine. It performs effects and reports what came of
// them; it decides nothing.

import type { Day } from '../generated/Day';
import type { Effect } from '../generated/Effect';
import type { Event as CoreEvent } from '../generated/Event';
import type { Failure } from '../generated/Failure';
import type { Now } from '../generated/Now';
import type { Request as CoreRequest } from '../generated/Request';
import type { Position } from '../generated/Position';
import type { RescueCopy } from '../generated/RescueCopy';
import type { Row } from '../generated/Row';
import type { View } from '../generated/View';
import type { Visit } from '../generated/Visit';
import { randomHex } from '../hex';
import { associatedData, enveloped, isRefusal, type Machine, proof, start } from './core';
import { Days } from './day';
import { Drafts } from './drafts';
import { askReceipt, isOtherVersion, type Outcome, sync, upload, wasRefused } from './exchange';
import { storageWords } from './explain';
import { Darkroom, finishOf } from './photo';
import { verified } from './policies.svelte';
import { sealCopy } from './rescue';
import { type Resumed, resume } from './resume';
import { openSealed } from './sealing';
import { type Beside, type Keeper, NotSaved, type Outgoing, type Store } from './store';
import { wakeWorker } from './wake';

const EPOCH_BYTES = 8;
const ENTROPY_BYTES = 16;
const PHOTO_ID_BYTES = 16;
/** How long to wait for another tab's request before saying that nothing got through. */
const TURN_LIMIT_MS = 60_000;

function evidencePlace(photo: string): string {
  return `evidence/${photo}`;
}

/** Where it is noted that a camera is open for a visit (`camera/intent.svelte.ts`). */
export function intentPlace(appointment: string): string {
  return `intent/${appointment}`;
}

/** What a tab tells the others of the same device. */
type Told = { kind: 'wrote'; device: string; rows: Row[] } | { kind: 'signed_out'; device: string };

export interface Screen {
  show(view: View): void;
  /** Something was not taken by the core: nothing of it is recorded. */
  refused(): void;
  signedOutElsewhere(): void;
  /** A photo was saved in the room that was set aside; there is little left. */
  usedReserve(): void;
  /** The office has taken this phone off its list. */
  revoked(): void;
  /** The server has answered: with what it grants the phone, or as before. */
  heard(day: Day | null): void;
  /** Whether the server takes what this version of the page sends. */
  otherVersion(is: boolean): void;
}

export class Host {
  private readonly machine: Machine;
  readonly drafts: Drafts;
  private readonly darkroom = new Darkroom();
  private readonly days = new Days();
  private readonly tabs = new BroadcastChannel('doorstep');
  private readonly thumbnails = new Map<string, Promise<string | null>>();
  private readonly leaving = new AbortController();
  private readonly proof: string;
  /** Within which the monotonic clock means something. */
  readonly epoch = randomHex(EPOCH_BYTES);
  /** Under way for whoever finds the session gone meanwhile. */
  private resuming: Promise<Resumed> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly writes = new Set<Promise<void>>();
  /** Why the last photo was not read from the store to be sent: a kind of `NotSaved`. */
  private unread: string | null = null;

  constructor(
    readonly store: Store,
    readonly keeper: Keeper & { storeKey: string },
    private readonly screen: Screen,
  ) {
    const { device, storeKey } = keeper;
    this.drafts = new Drafts(store, keeper);
    this.proof = proof.ofUnlock(storeKey);
    this.machine = start({ device, storeKey, epoch: this.epoch });
  }

  /** Everything from the disk first; the network is only tried after it. */
  async open(): Promise<void> {
    const { signal } = this.leaving;
    this.tabs.onmessage = ({ data }: MessageEvent<Told>) => this.hear(data);
    const [rows] = await Promise.all([this.store.rows(this.keeper.device), this.drafts.load()]);
    this.dispatch({ loaded: { rows } });
    addEventListener('online', () => this.tryNow(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.tryNow(), { signal });
    this.tryNow();
    // Nobody waits for it, and the next start tries again.
    void this.owe().catch(() => undefined);
  }

  tryNow(): void {
    this.dispatch('try_now');
  }

  /** False when the core did not take it; the screen has been told. */
  dispatch(event: CoreEvent): boolean {
    return this.take(event, () => this.screen.refused());
  }

  private take(event: CoreEvent, refused: () => void): boolean {
    if (this.leaving.signal.aborted) return false;
    let effects: Effect[];
    try {
      effects = this.machine.handle(this.now(), event);
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
      refused();
      return false;
    }
    for (const effect of effects) this.perform(effect);
    return true;
  }

  /** Until all that was recorded so far is on the disk, or the screen says why it is not. */
  async written(): Promise<void> {
    await Promise.all(this.writes);
  }

  /**
   * From the camera's file to disk, in one transaction with the row that makes it count. `file` may still be on its way
   * from the shutter; `position` is where that was, where it is known. Answers the photo's id.
   */
  async capture(appointment: string, shot: string, file: Blob | Promise<Blob>, position: Position | null): Promise<string> {
    const { device, storeKey } = this.keeper;
    const photo = randomHex(PHOTO_ID_BYTES);
    const place = `photo/${photo}`;
    // The shutter was now, not when the picture is ready.
    const taken = this.now();
    const visit = this.visitOf(appointment, taken);
    // None on the last day of its data.
    const recipient = visit?.job.evidence ? { key: visit.job.evidence, photo, appointment } : null;
    const finish = finishOf(visit?.job.policy.shots.find(({ id }) => id === shot));
    const made = await this.darkroom.develop(await file, finish, storeKey, associatedData(place), recipient);
    const { sha256, size, width, height, media } = made;
    const picture = { shot, sha256, size, width, height, media };
    const { capture, row } = this.machine.capture(taken, appointment, photo, picture);
    const pictures = [{ place, sealed: made.sealed }];
    const outbox: Outgoing[] = [];
    if (made.evidence) {
      pictures.push({ place: evidencePlace(photo), sealed: made.evidence });
      outbox.push({ place: evidencePlace(photo), appointment, kind: 'photo', sealed: null });
    }
    // First: a page that is ended between the two has no photo without its place.
    if (position) this.dispatch({ edited: { appointment, edit: { place: { photo, position } } } });
    await this.keep(row, intentPlace(appointment), { pictures, outbox });
    // A page that was locked meanwhile has kept the photo and shows none.
    if (!this.leaving.signal.aborted) this.thumbnails.set(photo, Promise.resolve(URL.createObjectURL(made.thumbnail)));
    this.dispatch({ captured: { capture } });
    if (visit?.closeout.takesFacts) this.dispatch({ edited: { appointment, edit: { look: { photo, look: made.look } } } });
    wakeWorker();
    this.tell({ kind: 'wrote', device, rows: [row] });
    return photo;
  }

  private visitOf(appointment: string, now: Now): Visit | undefined {
    return this.machine.view(now).visits.find(({ job }) => job.appointment === appointment);
  }

  /** A proof that finds no room takes what was set aside for it. */
  private async keep(row: Row, intent: string, beside: Beside): Promise<void> {
    const { device } = this.keeper;
    try {
      await this.store.commit(device, [row], [intent], beside);
    } catch (cause) {
      const isFull = cause instanceof NotSaved && cause.kind === 'storage_full';
      if (!isFull || !(await this.store.giveUpReserve())) throw cause;
      await this.store.commit(device, [row], [intent], beside);
      this.screen.usedReserve();
    }
  }

  /** An address of a small picture, `null` where this phone no longer has the photo. */
  thumbnail(photo: string): Promise<string | null> {
    let address = this.thumbnails.get(photo);
    if (!address) {
      // One that failed is not remembered: the next screen that shows it asks again.
      address = this.makeThumbnail(photo).catch(() => (this.thumbnails.delete(photo), null));
      this.thumbnails.set(photo, address);
    }
    return address;
  }

  /** Stops for good. What is on disk stays there. */
  close(): void {
    this.leaving.abort();
    this.tabs.close();
    clearTimeout(this.timer);
    this.darkroom.close();
    for (const address of this.thumbnails.values()) {
      void address.then((known) => known !== null && URL.revokeObjectURL(known));
    }
    this.thumbnails.clear();
  }

  async signOut(): Promise<void> {
    await this.store.signOut(this.keeper);
    this.tell({ kind: 'signed_out', device: this.keeper.device });
    this.close();
  }

  private now(): Now {
    const reading = { monotonicMs: Math.floor(performance.now()), wall: Date.now() };
    return { reading, entropy: randomHex(ENTROPY_BYTES) };
  }

  private show(): void {
    const view = this.machine.view(this.now());
    const { photos } = view.sync;
    // The core waits and tries again as after a server that did not answer; what did not was the phone's own storage.
    if (this.unread !== null && photos.lastFailure === 'unreachable') {
      photos.lastFailure = { refused: { code: this.unread, detail: storageWords(this.unread) } };
    }
    this.drafts.retain(new Set(view.visits.map(({ job }) => job.appointment)));
    this.screen.show(view);
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'write': {
        const writing = this.write(effect).finally(() => this.writes.delete(writing));
        this.writes.add(writing);
        break;
      }
      case 'fetch_day':
        void this.exchange('exchange', 'day', () => this.fetchDay(), (day) => ({ day_fetched: { day } }), (day) => this.screen.heard(day));
        break;
      case 'sync':
        void this.exchange(
          'exchange',
          'sync',
          () => sync(this.machine.exchange(this.now()), this.proof),
          (body) => ({ synced: { body } }),
          () => this.screen.heard(null),
        );
        break;
      case 'upload': {
        const { photo, appointment } = effect;
        void this.exchange('upload', { upload: { photo } }, () => this.upload(photo, appointment), (receipt) => ({
          uploaded: { receipt },
        }));
        break;
      }
      case 'wake':
        clearTimeout(this.timer);
        this.timer = setTimeout(
          () => this.dispatch('woken'),
          Math.max(0, effect.monotonic_ms - performance.now()) + 1,
        );
        break;
      case 'show':
        this.show();
    }
  }

  private async write(effect: Extract<Effect, { kind: 'write' }>): Promise<void> {
    const { write, put, let_go: letGo } = effect;
    const { device } = this.keeper;
    try {
      const outbox = await this.sealed(effect.copies);
      await this.store.commit(device, put, effect.delete, { outbox, letGo });
    } catch (cause) {
      // A word for the screen to find its words by.
      const reason = cause instanceof NotSaved ? cause.kind : 'failed';
      this.dispatch({ write_failed: { write, reason } });
      return;
    }
    this.dispatch({ written: { write } });
    if (effect.copies.length > 0) wakeWorker();
    if (put.length > 0) this.tell({ kind: 'wrote', device, rows: put });
  }

  /** As they lie in the outbox. One that does not seal is left out: its row is what counts, and the next start owes it. */
  private async sealed(copies: RescueCopy[]): Promise<Outgoing[]> {
    const { device } = this.keeper;
    const sealing = copies.map(async (copy): Promise<Outgoing> => {
      const { place, appointment } = copy;
      if (copy.plain.length === 0) return { place, appointment, kind: 'photo', sealed: null };
      const kind = place.startsWith('record/') ? 'record' : 'change';
      return { place, appointment, kind, sealed: await sealCopy(device, copy) };
    });
    const settled = await Promise.allSettled(sealing);
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** What waits since before there was an outbox, or since before its visit had a key. */
  private async owe(): Promise<void> {
    const { device } = this.keeper;
    const there = (await this.store.outbox(device)).map(({ place }) => place);
    if (this.leaving.signal.aborted) return;
    const owed = await this.sealed(this.machine.owed(this.now(), there));
    if (owed.length > 0) await this.store.owe(device, owed);
  }

  /** One tab at a time: the others wait their turn, and find the work done when it comes. */
  private async exchange<T>(
    lane: 'exchange' | 'upload',
    request: CoreRequest,
    work: () => Promise<Outcome<T>>,
    answered: (value: T) => CoreEvent,
    heard?: (value: T) => void,
  ): Promise<void> {
    const fail = (failure: Failure) => this.dispatch({ failed: { request, failure } });
    let outcome: Outcome<T>;
    const turn = (): Promise<Outcome<T>> => {
      const signal = AbortSignal.any([this.leaving.signal, AbortSignal.timeout(TURN_LIMIT_MS)]);
      return navigator.locks.request(`doorstep-${lane}`, { signal }, work) as Promise<Outcome<T>>;
    };
    if (lane === 'upload') this.unread = null;
    try {
      outcome = await turn();
      if (!outcome.ok && outcome.failure === 'signed_out') {
        const resumed = await this.resume();
        if (resumed === 'resumed') outcome = await turn();
        else if (resumed === 'revoked') this.screen.revoked();
      }
    } catch (cause) {
      if (lane === 'upload' && cause instanceof NotSaved) this.unread = cause.kind;
      // No turn came, or the work broke in a way it has no words for: as good as no network, and tried again.
      outcome = { ok: false, failure: 'unreachable' };
    }
    if (request === 'sync' && (outcome.ok || isOtherVersion(outcome.failure))) this.screen.otherVersion(!outcome.ok);
    if (!outcome.ok && wasRefused(outcome.failure) && outcome.failure.refused.code === 'phone_revoked') this.screen.revoked();
    else if (!outcome.ok) fail(outcome.failure);
    // An answer the core cannot read is nobody's recording that failed, and is not asked for again at once.
    else if (!this.take(answered(outcome.value), () => undefined)) fail('unreachable');
    else heard?.(outcome.value);
  }

  /** The session is gone, the key is here. */
  private resume(): Promise<Resumed> {
    const { device, storeKey } = this.keeper;
    this.resuming ??= resume(device, storeKey).finally(() => (this.resuming = null));
    return this.resuming;
  }

  /** What visits are held to is taken as the server has signed it. */
  private async fetchDay(): Promise<Outcome<Day>> {
    const fetched = await this.days.fetch(this.proof);
    if (!fetched.ok) return fetched;
    const visits = this.machine.view(this.now()).visits;
    const known = (appointment: string) => visits.find(({ job }) => job.appointment === appointment)?.job.policy;
    return { ok: true, value: await verified(fetched.value, this.keeper.policyKey, known) };
  }

  private async upload(photo: string, appointment: string): ReturnType<typeof upload> {
    const { device, storeKey } = this.keeper;
    const progressed = (offset: number) => this.dispatch({ upload_progressed: { photo, offset } });
    const evidence = await this.store.photo(device, evidencePlace(photo));
    if (evidence) {
      const sent = await upload(photo, appointment, new Uint8Array(evidence), progressed);
      // The key's day came first. What this phone can still read goes as it is, below.
      if (sent.ok || !wasRefused(sent.failure) || sent.failure.refused.code !== 'photo_key_gone') return sent;
    }
    const place = `photo/${photo}`;
    const sealed = await this.store.photo(device, place);
    const picture = sealed && (await openSealed(storeKey, associatedData(place), sealed).catch(() => null));
    if (!picture) {
      const answer = await askReceipt(photo);
      if (answer.ok || !wasRefused(answer.failure)) return answer;
      const detail = 'Its picture is no longer on this phone, and the server does not have it. Remove it here and take it again.';
      return { ok: false, failure: { refused: { code: 'photo_not_on_phone', detail } } };
    }
    return upload(photo, appointment, enveloped(picture), progressed);
  }

  private async makeThumbnail(photo: string): Promise<string | null> {
    const place = `photo/${photo}`;
    const sealed = await this.store.photo(this.keeper.device, place);
    if (!sealed) return null;
    const small = await this.darkroom.thumbnail(sealed, this.keeper.storeKey, associatedData(place));
    return small && URL.createObjectURL(small);
  }

  private tell(told: Told): void {
    if (!this.leaving.signal.aborted) this.tabs.postMessage(told);
  }

  private hear(told: Told): void {
    if (told.device !== this.keeper.device) return;
    if (told.kind === 'wrote') {
      this.dispatch({ loaded: { rows: told.rows } });
    } else {
      this.close();
      this.screen.signedOutElsewhere();
    }
  }
}
