// The state of the phone's screens. What is recorded lives in the core and on the disk; this only shows it.

import { enrol as requestEnrol, signIn as requestSignIn, signOut as requestSignOut } from '../api';
import { untrack } from 'svelte';
import type { Edit } from '../generated/Edit';
import type { SignedIn } from '../generated/SignedIn';
import type { Step } from '../generated/Step';
import type { View } from '../generated/View';
import type { Wipe } from '../generated/Wipe';
import { load } from './core';
import { Courier, type Watching } from './courier';
import { leftUntold } from './explain';
import { Health } from './health';
import { Host } from './host';
import { mustInstall, watchInstall } from './install';
import { keepMark, kept, type Mark, markOf, noteLoss, putLossAway, unseenLoss } from './mark';
import { type Developing, refusalWords } from './photo';
import { known } from './position';
import { setAside } from './reserve';
import { askToKeep } from './room';
import { type Keeper, NotSaved, Store } from './store';
import { words } from './tongue.svelte';
import { saveUnsent } from './unsent';
import { lookForShell } from './update';
import { clearOthers, DEFAULT_TERMS, entrance, type Newcomer } from './vault/entrance';
import { Lock } from './vault/lock';
import type { Opened } from './vault/orders';
import { clockBackWords, partedWords, triedWords } from './vault/words';

type Stage = 'opening' | 'stuck' | 'signed_out' | 'choose_pin' | 'locked' | 'open';

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
  /** Why the store did not open: a kind of `NotSaved`. */
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
  /** Signing in in place of the PIN. */
  forgot = $state(false);

  store: Store | null = null;
  lock: Lock | null = null;
  keeper: Keeper | null = null;
  private newcomer: Newcomer | null = null;
  host: Host | null = null;
  private health: Health | null = null;
  private courier: Courier | null = null;
  private nextKey = 0;
  private begun = Promise.resolve();
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

  start(): Promise<void> {
    return (this.begun = this.begin());
  }

  private async begin(): Promise<void> {
    const core = load();
    watchInstall((install) => (this.install = install));
    try {
      this.store = await Store.open();
      this.keeper = await this.store.keeper();
      const before = kept();
      if (before && !(await this.store.knows(before.device))) noteLoss((this.lost = before));
      // Nobody is signed in: name and password are typed while the module comes.
      if (!this.keeper) this.stage = 'signed_out';
      await core;
      this.lock = await Lock.open({ locked: () => this.toLocked(), ended: () => this.wipe('lease_ended') });
      document.addEventListener('visibilitychange', () => {
        // Another page may have been unlocked meanwhile.
        if (!document.hidden && this.stage === 'locked') void this.enter();
      });
      await this.enter();
    } catch (cause) {
      if (!(cause instanceof NotSaved)) throw cause;
      this.stuck = cause.kind;
      this.stage = 'stuck';
    }
  }

  private async enter(): Promise<void> {
    const { store, lock, keeper } = this;
    if (!store || !lock) return;
    const entered = await entrance(lock, store, keeper);
    this.name = keeper?.name ?? '';
    switch (entered.to) {
      case 'sign_in':
        this.toSignIn();
        this.parted = entered.why && partedWords(entered.why, kept());
        break;
      case 'choose_pin':
        this.newcomer = { storeKey: entered.storeKey, terms: DEFAULT_TERMS, serverTime: Date.now() };
        this.stage = 'choose_pin';
        break;
      case 'locked':
        this.stage = 'locked';
        this.watchHealth();
        void this.carry();
        break;
      case 'open':
        await this.open(entered.opened);
        break;
      case 'end':
        await (entered.wiped ? this.part(entered.why) : this.wipe(entered.why));
    }
  }

  /** Throws what `explain` has words for. */
  async signIn(typedName: string, password: string): Promise<'in' | 'not_a_technician'> {
    await this.begun;
    const { store } = this;
    if (!store) return 'in';
    const name = typedName.trim();
    const signedIn = await requestSignIn({ name, password, device: await store.deviceOf(name) });
    return this.admit(name, signedIn);
  }

  /** A code from the office, in place of name and password. Throws what `explain` has words for. */
  async enrol(code: string): Promise<void> {
    // A code is good for once: it is not spent by a page that cannot go on.
    await this.begun;
    const { store } = this;
    if (!store) return;
    const signedIn = await requestEnrol({ code, devices: await store.devices() });
    await this.admit(signedIn.name, signedIn);
  }

  /** Whoever the server has let in, by whichever way. */
  private async admit(name: string, signedIn: SignedIn): Promise<'in' | 'not_a_technician'> {
    const { store, lock } = this;
    if (!store || !lock) return 'in';
    if (!signedIn.device) return 'not_a_technician';
    const { id: device, storeKey, lease: terms, policyKey } = signedIn.device;
    const isOpen = this.stage === 'open' && this.keeper?.device === device;
    this.keeper = { name, device, storeKey: null, signedIn: true, signedInAt: Date.now(), policyKey: policyKey ?? undefined };
    await clearOthers(lock, store, device);
    await store.signIn(this.keeper);
    // It may say no; the sync panel shows what it said.
    void askToKeep();
    this.notice = null;
    if (isOpen) {
      // The session had ended, the lock had not.
      await lock.grant({ serverTime: signedIn.serverTime, ...terms });
      this.tryNow();
      return 'in';
    }
    this.toSignIn();
    this.name = name;
    this.newcomer = { storeKey, terms, serverTime: signedIn.serverTime };
    this.stage = 'choose_pin';
    return 'in';
  }

  /** The vault is on disk before the first job is shown. */
  async choosePin(pin: string): Promise<void> {
    const { store, lock, keeper, newcomer } = this;
    if (!store || !lock || !keeper || !newcomer) return;
    const grant = { serverTime: newcomer.serverTime, ...newcomer.terms };
    const opened = await lock.choose(pin, keeper.device, newcomer.storeKey, grant);
    // Only now: before, this was the only copy of the key.
    this.keeper = { ...keeper, storeKey: null, signedIn: true };
    await store.signIn(this.keeper);
    await this.open(opened);
    this.newcomer = null;
  }

  /** Answers what is wrong, in words; `null` when the phone is open. */
  async unlock(by: string | Uint8Array<ArrayBuffer>): Promise<string | null> {
    const { lock } = this;
    if (!lock) return null;
    const tried = await lock.try(by);
    if (tried.kind === 'gone') {
      await this.part(tried.why);
      return null;
    }
    if (tried.kind !== 'open') return triedWords(tried);
    const { opened, look } = tried;
    if (look.verdict?.kind === 'ended') {
      await this.wipe('lease_ended');
      return null;
    }
    if (look.verdict?.kind === 'clock_set_back') {
      if (!(await lock.hear(opened))) return clockBackWords(look.verdict.by_ms);
    }
    await this.open(opened);
    return null;
  }

  /** Locks this page and every other of the phone. */
  lockNow(): void {
    this.lock?.lockAll();
  }

  /** Unlocks nothing; a screen that asks for the PIN loads ahead what that takes. */
  warm(): void {
    this.lock?.warm();
  }

  /** What is not sent stays on the phone, sealed, until the same name signs in again. */
  async signOut(): Promise<string | null> {
    const [left] = await Promise.all([requestSignOut().then(() => null, leftUntold), this.lock?.wipe('signed_out')]);
    await this.host?.signOut();
    this.keeper = null;
    this.toSignIn();
    return left;
  }

  /**
   * Destroys the keys on this phone at once, then what tells of buyers. What was recorded and not sent stays, and opens
   * after the next sign-in.
   */
  async wipe(why: Wipe): Promise<void> {
    await Promise.resolve(this.lock?.wipe(why)).finally(() => this.part(why));
  }

  private async part(why: Wipe): Promise<void> {
    const { store, keeper } = this;
    this.leave();
    this.lock?.close();
    if (store && keeper) {
      if (why !== 'signed_out') await store.forget(keeper.device);
      await store.signOut(keeper);
    }
    this.keeper = null;
    this.toSignIn();
    this.parted = partedWords(why, kept());
  }

  readonly epoch = (): string | undefined => this.host?.epoch;

  edit(appointment: string, edit: Edit): boolean {
    return this.host?.dispatch({ edited: { appointment, edit } }) ?? false;
  }

  step(appointment: string, step: Step): void {
    this.edit(appointment, { step: { step, position: known() } });
  }

  /** Answers the photo's id, or `null` where it was not saved and the screen says why. */
  async capture(appointment: string, shot: string, file: Blob | Promise<Blob>): Promise<string | null> {
    const key = this.nextKey++;
    this.developing.push({ key, appointment, shot, refused: null });
    try {
      const photo = await this.host?.capture(appointment, shot, file, known());
      this.putAway(key);
      return photo ?? null;
    } catch (cause) {
      for (const one of this.developing) if (one.key === key) one.refused = refusalWords(cause);
      return null;
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

  private async open(opened: Opened): Promise<void> {
    const { store, lock, keeper } = this;
    if (!store || !lock || !keeper) return;
    this.courier?.stop();
    this.waiting = null;
    this.host?.close();
    this.parted = null;
    this.forgot = false;
    this.name = keeper.name;
    lock.opened(opened);
    this.host = new Host(store, { ...keeper, storeKey: opened.storeKey }, {
      show: (view) => {
        this.view = view;
        keepMark(markOf(keeper.device, view));
        this.health?.noticed();
        this.viewedAt = performance.now();
      },
      refused: () => (this.notice = words().shell.notRecorded),
      signedOutElsewhere: () => {
        lock.close();
        this.keeper = null;
        this.toSignIn();
      },
      revoked: () => void this.wipe('revoked'),
      // A server of the version before does not say.
      heard: (day) => void lock.grant(day && { serverTime: day.serverTime, ...(day.lease ?? DEFAULT_TERMS) }),
      otherVersion: (is) => {
        if (is && !this.otherVersion) lookForShell();
        this.otherVersion = is;
      },
      usedReserve: () => (this.notice = words().photos.reserveUsed),
    });
    await this.host.open();
    this.stage = 'open';
    // Without this part nobody is sent back to a photo that never came; what is recorded is here.
    void import('./camera/intent.svelte').then(({ lookBack }) => lookBack()).catch(() => undefined);
    this.watchHealth();
    // After the first screen, and again on each start: what was given up is set aside anew once there is room.
    this.reserved = await setAside(store);
  }

  /** The office hears of the phone while it is locked, too. */
  private watchHealth(): void {
    if (this.health) return;
    this.health = new Health(() => this.stage !== 'open', () => void this.wipe('revoked'));
    this.health.open();
  }

  /** Everything that waits, or what of it has a place that begins so, as a file; what came of it, in words. Locked or not. */
  saveUnsent(only = ''): Promise<string> {
    return saveUnsent(this.store, only);
  }

  putLossAway(): void {
    putLossAway();
    this.lost = null;
  }

  private toSignIn(): void {
    this.health?.close();
    this.health = null;
    this.leave();
    this.parted = null;
    this.forgot = false;
    this.stage = 'signed_out';
    location.hash = '';
    void this.carry();
  }

  private toLocked(): void {
    // What somebody is typing is saved as if they had left the field.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.leave();
    this.stage = 'locked';
    this.health?.noticed();
    // Another page may have done more than lock.
    void this.enter();
  }

  private leave(): void {
    this.host?.close();
    this.host = null;
    this.view = null;
    this.developing = [];
  }

  /** What lies here sealed for the server needs nobody's key: it goes as long as the session lives. */
  private async carry(): Promise<void> {
    const courier = this.store && (await Courier.of(this.store, (watching) => (this.waiting = watching)));
    if (!courier || this.stage === 'open') return;
    this.courier?.stop();
    this.courier = courier;
    courier.start();
  }
}

export const app = new App();
