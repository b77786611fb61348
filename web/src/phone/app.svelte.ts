// The state of the phone's screens. What is recorded lives in the core and on the disk; this only shows it.

import { enrol as requestEnrol, explain, signIn as requestSignIn, signOut as requestSignOut } from '../api';
import { untrack } from 'svelte';
import type { Edit } from '../generated/Edit';
import type { SignedIn } from '../generated/SignedIn';
import type { Step } from '../generated/Step';
import type { View } from '../generated/View';
import { load } from './core';
import { Courier, type Watching } from './courier';
import { Health } from './health';
import { Host } from './host';
import { mustInstall, watchInstall } from './install';
import { keepMark, kept, loss, type Mark, noteLoss, putLossAway } from './mark';
import { PhotoRefused } from './photo';
import { followIfAllowed, known } from './position';
import { askToKeep } from './room';
import { type Keeper, NotSaved, Store } from './store';
import { handOut, unsentFiles } from './unsent';
import { lookForShell } from './update';
import { unsentWords } from '../words';

type Stage = 'opening' | 'stuck' | 'signed_out' | 'open';

/** A photo between shutter and disk, or one that does not count. */
export interface Developing {
  key: number;
  appointment: string;
  shot: string;
  refused: string | null;
}

class App {
  stage = $state<Stage>('opening');
  /** Something nobody expected happened in this page; a fresh one reads everything from the disk again. */
  broken = $state(false);
  view = $state.raw<View | null>(null);
  /** When `view` was taken, on the monotonic clock: waits count down from there. */
  viewedAt = $state(0);
  name = $state('');
  /** Something was not recorded, in words; shown until it is put away. */
  notice = $state<string | null>(null);
  developing = $state<Developing[]>([]);
  /** The page opens without a network; `null` until it is known. */
  opensOffline = $state<boolean | null>(null);
  /** Room for proof is set aside; `null` until it is known. */
  reserved = $state<boolean | null>(null);
  /** Changes over to a newer version that waits. */
  changeOver = $state.raw<(() => void) | null>(null);
  /** Another page has changed over: this one follows when nothing is in the middle. */
  overtaken = $state(false);
  /** The server does not take what this version sends: nothing is lost, and nothing is sent before one is updated. */
  otherVersion = $state(false);
  /** Why the store did not open, in words. */
  stuck = $state('');
  /** What was here before the browser cleared it, until it is put away. */
  lost = $state.raw<Mark | null>(unseenLoss());
  /** Installs the page, where the browser offers it. */
  install = $state.raw<(() => Promise<void>) | null>(null);
  /** What waits on a phone that nobody is signed in to, and is sent all the same. */
  waiting = $state.raw<Watching | null>(null);
  readonly mustInstall = mustInstall();
  /** Why the jobs are no longer here, in words, until somebody signs in. */
  parted = $state<string | null>(null);

  private store: Store | null = null;
  private host: Host | null = null;
  private health: Health | null = null;
  private courier: Courier | null = null;
  private nextKey = 0;
  private held = $state(0);

  /** Something is begun that a page loaded anew would not have. */
  readonly inTheMiddle = $derived.by(() => {
    if (this.held > 0 || this.developing.some((one) => one.refused === null)) return true;
    const { view } = this;
    if (!view) return false;
    return view.sync.notSaved !== null || view.visits.some(({ state }) => state === 'saving' || state === 'not_saved');
  });

  /** No page is loaded anew until the answer is called. */
  hold(): () => void {
    untrack(() => (this.held += 1));
    return () => untrack(() => (this.held -= 1));
  }

  async start(): Promise<void> {
    const core = load();
    watchInstall((install) => (this.install = install));
    let keeper: Awaited<ReturnType<Store['keeper']>>;
    try {
      this.store = await Store.open();
      keeper = await this.store.keeper();
      const before = kept();
      if (before && !(await this.store.knows(before.device))) this.tellLoss(before);
    } catch (cause) {
      if (!(cause instanceof NotSaved)) throw cause;
      this.stuck = cause.message;
      this.stage = 'stuck';
      return;
    }
    await core;
    if (keeper) await this.open(keeper);
    else this.toSignIn();
  }

  /** Throws what `explain` has words for. */
  async signIn(typedName: string, password: string): Promise<'in' | 'not_a_technician'> {
    const { store } = this;
    if (!store) return 'in';
    const name = typedName.trim();
    const signedIn = await requestSignIn({ name, password, device: await store.deviceOf(name) });
    return this.admit(name, signedIn);
  }

  /** A code from the office, in place of name and password. Throws what `explain` has words for. */
  async enrol(code: string): Promise<void> {
    const { store } = this;
    if (!store) return;
    const signedIn = await requestEnrol({ code, devices: await store.devices() });
    await this.admit(signedIn.name, signedIn);
  }

  /** Whoever the server has let in, by whichever way. */
  private async admit(name: string, signedIn: SignedIn): Promise<'in' | 'not_a_technician'> {
    const { store } = this;
    if (!store) return 'in';
    if (!signedIn.device) return 'not_a_technician';
    const { id: device, storeKey } = signedIn.device;
    const keeper = { name, device, storeKey, signedInAt: Date.now() };
    // On disk before the first screen: from here on the day opens without a network.
    await store.signIn(keeper);
    // It may say no; the sync panel shows what it said.
    void askToKeep();
    this.notice = null;
    this.parted = null;
    await this.open(keeper);
    return 'in';
  }

  /** What is not sent stays on the phone, sealed, until the same name signs in again. */
  async signOut(): Promise<string | null> {
    let left: string | null = null;
    try {
      await requestSignOut();
    } catch (cause) {
      left = `${explain(cause).title}. This phone is signed out. The server was not told; its session ends by itself.`;
    }
    await this.host?.signOut();
    this.toSignIn();
    return left;
  }

  /**
   * Destroys the key on this phone at once, then what tells of buyers. What was recorded and not sent stays. The server is
   * not told of a signing out: the session still brings what waits.
   */
  private async wipe(device: string): Promise<void> {
    const mark = kept();
    const unsent = (mark?.changesToSend ?? 0) + (mark?.photosToSend ?? 0);
    await this.host?.signOut();
    await this.store?.forget(device);
    this.toSignIn();
    const rest =
      unsent > 0 && mark
        ? `; what you recorded is kept: ${unsentWords(mark.changesToSend, mark.photosToSend)}.`
        : '. Everything you recorded is with the server.';
    this.parted = `The office has taken the jobs off this phone. Ask the office${rest}`;
  }

  edit(appointment: string, edit: Edit): boolean {
    return this.host?.dispatch({ edited: { appointment, edit } }) ?? false;
  }

  step(appointment: string, step: Step): void {
    this.edit(appointment, { step: { step, position: known() } });
  }

  async capture(appointment: string, shot: string, file: Blob): Promise<void> {
    const key = this.nextKey++;
    this.developing.push({ key, appointment, shot, refused: null });
    try {
      await this.host?.capture(appointment, shot, file);
      this.putAway(key);
    } catch (cause) {
      const shown = this.developing.find((one) => one.key === key);
      if (shown) shown.refused = refusalWords(cause);
    }
  }

  putAway(key: number): void {
    this.developing = this.developing.filter((one) => one.key !== key);
  }

  async thumbnail(photo: string): Promise<string | null> {
    return this.host?.thumbnail(photo) ?? null;
  }

  tryNow(): void {
    this.host?.tryNow();
  }

  private async open(keeper: Keeper & { storeKey: string }): Promise<void> {
    if (!this.store) return;
    this.courier?.stop();
    this.waiting = null;
    this.host?.close();
    this.name = keeper.name;
    this.host = new Host(this.store, keeper, {
      show: (view) => {
        this.view = view;
        keepMark(markOf(keeper.device, view));
        this.health?.noticed();
        this.viewedAt = performance.now();
      },
      refused: (words) => (this.notice = words),
      signedOutElsewhere: () => this.toSignIn(),
      revoked: () => void this.wipe(keeper.device),
      otherVersion: (is) => {
        if (is && !this.otherVersion) lookForShell();
        this.otherVersion = is;
      },
      usedReserve: () => (this.notice = RESERVE_USED),
    });
    await this.host.open();
    this.stage = 'open';
    this.health?.close();
    this.health = new Health(() => this.stage !== 'open');
    this.health.open();
    // After the first screen, and again on each start: what was given up is set aside anew once there is room.
    this.reserved = await this.store.setAside();
    void followIfAllowed();
  }

  /** Everything that waits, as a file; what came of it, in words. Locked or not. */
  async saveUnsent(): Promise<string> {
    const device = (await this.store?.lastDevice().catch(() => null)) ?? null;
    if (!this.store || device === null) return NOTHING_SAVED;
    try {
      const files = await unsentFiles(this.store, device);
      if (files.length === 0) return NOTHING_SAVED;
      return (await handOut(files)) ? UNSENT_SAVED : '';
    } catch (cause) {
      return cause instanceof NotSaved ? cause.message : 'The file was not made. Try again.';
    }
  }

  putLossAway(): void {
    putLossAway();
    this.lost = null;
  }

  private tellLoss(before: Mark): void {
    noteLoss(before);
    this.lost = before;
  }

  private toSignIn(): void {
    this.health?.close();
    this.health = null;
    this.host = null;
    this.view = null;
    this.developing = [];
    this.stage = 'signed_out';
    location.hash = '';
    void this.carry();
  }

  /** What lies here sealed for the server needs nobody's key: it goes as long as the session lives. */
  private async carry(): Promise<void> {
    const { store } = this;
    const device = (await store?.lastDevice().catch(() => null)) ?? null;
    if (!store || device === null || this.stage !== 'signed_out') return;
    this.courier?.stop();
    this.courier = new Courier(store, device, (watching) => (this.waiting = watching));
    this.courier.start();
  }
}

const NOTHING_SAVED = 'Nothing waits here that could go into a file.';
const UNSENT_SAVED = 'Saved. It stays on this phone as well, until the server has it.';
const RESERVE_USED =
  "The photo is saved, in the last room this phone had for it. Let the phone send what waits, and delete something you do not need.";

function unseenLoss(): Mark | null {
  const mark = loss();
  return mark?.seen ? null : mark;
}

/** What tells, without the store, what was in it. */
function markOf(device: string, { sync }: View): Omit<Mark, 'at' | 'seen'> {
  const { changesToSend, photosToSend, data, photos } = sync;
  const waits = [data.oldestUnsent, photos.oldestUnsent].filter((at) => at !== null);
  return { device, changesToSend, photosToSend, oldest: waits.length > 0 ? Math.min(...waits) : null };
}

function refusalWords(cause: unknown): string {
  if (cause instanceof PhotoRefused || cause instanceof NotSaved) return cause.message;
  return 'The photo was not saved. Take it again.';
}

export const app = new App();
