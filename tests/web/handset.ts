import { expect } from '@playwright/test';
import { hasLater, hasRow, pictures } from './disk';
import { ANSWERS, PIN, SHOTS, type Step } from './phone';
import type { Shot } from './picture';
import type { Screen } from './screen';
import { SOON } from './soon';
import type { Person } from './stack';

const JOBS = 'a[data-appointment]';
const CHIP = '[data-testid="chip"]';

/** The technician's application on a page of either engine. What it waits for, it waits for on the screen. */
export class Handset {
  private constructor(
    readonly screen: Screen,
    readonly address: string,
  ) {}

  static async open(screen: Screen, address: string, hash = ''): Promise<Handset> {
    await screen.open(`${address}/${hash}`);
    return new Handset(screen, address);
  }

  /** Another page of the same browser. */
  async another(hash = ''): Promise<Handset> {
    return Handset.open(await this.screen.another(), this.address, hash);
  }

  async signIn(person: Person): Promise<void> {
    await this.screen.fill('input[name="name"]', person.name);
    await this.screen.fill('input[name="password"]', person.password);
    await this.screen.click('button[type="submit"]');
    await this.choosePin();
    await this.shows('h1', /^Today/);
  }

  async choosePin(): Promise<void> {
    for (const heading of ['Choose a PIN', 'Enter it again']) {
      await this.shows('h1', heading);
      await this.screen.fill('input[name="pin"]', PIN);
      await this.screen.click('button[type="submit"]');
    }
    await this.has('input[name="pin"]', 0);
  }

  async unlock(pin = PIN): Promise<void> {
    await this.shows('h1', 'Locked');
    await this.screen.fill('input[name="pin"]', pin);
    await this.screen.click('button[type="submit"]');
  }

  async lockNow(): Promise<void> {
    await this.go('#/sync');
    await this.screen.click('[data-testid="lock"]');
    await this.shows('h1', 'Locked');
  }

  /** Until the jobs and their documents are on disk and the page opens without a network. */
  async ready(): Promise<void> {
    await this.chip('Nothing to send');
    await this.screen.evaluate(async () => void (await navigator.serviceWorker.ready), null);
    await expect.poll(() => this.screen.evaluate(hasLater, null), SOON).toBe(true);
    const [name = ''] = await this.appointments();
    await this.openJob(name);
    await expect.poll(() => this.screen.count('[data-ready]'), SOON).toBe(1);
    await expect.poll(() => this.screen.evaluate(hasRow, `base/${name}/`), SOON).toBe(true);
    await this.go('#/');
  }

  /** Until the text of an element is, or is like, this. */
  async shows(css: string, words: string | RegExp): Promise<void> {
    const text = expect.poll(() => this.screen.text(css), { ...SOON, message: css });
    await (typeof words === 'string' ? text.toBe(words) : text.toMatch(words));
  }

  async chip(words: string | RegExp, timeout = 15_000): Promise<void> {
    const text = expect.poll(() => this.screen.text(CHIP), { ...SOON, message: CHIP, timeout });
    await (typeof words === 'string' ? text.toBe(words) : text.toMatch(words));
  }

  /** Notes from now on, until the page is left, everything the chip says. */
  async listen(): Promise<() => Promise<string[]>> {
    await this.screen.evaluate((chip) => {
      const said: string[] = [];
      Object.assign(globalThis, { said });
      const note = (): void => void said.push(document.querySelector<HTMLElement>(chip)?.innerText ?? '');
      new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true });
    }, CHIP);
    return () => this.screen.evaluate(() => (globalThis as unknown as { said: string[] }).said, null);
  }

  /** Until something is there so many times. */
  async has(css: string, times = 1): Promise<void> {
    await expect.poll(() => this.screen.count(css), { ...SOON, message: css }).toBe(times);
  }

  async appointments(): Promise<string[]> {
    await expect.poll(() => this.screen.count(JOBS), SOON).toBeGreaterThan(0);
    return this.screen.attributes(JOBS, 'data-appointment');
  }

  async go(hash: string): Promise<void> {
    await this.screen.evaluate((to) => void (location.hash = to), hash);
  }

  async openJob(appointment: string): Promise<void> {
    await this.go(`#/job/${appointment}`);
    await this.has('.where');
  }

  /** Taps the next step where the thumb is. */
  async tap(step: Step): Promise<void> {
    if (step === 'started') {
      // Where the product is not there yet the phone asks once whether to start all the same.
      const asks = '.bottom [data-testid="start-without-product"]';
      await this.has(`.bottom [data-step="started"], ${asks}`);
      await this.screen.evaluate((to) => document.querySelector<HTMLElement>(to)?.click(), asks);
    }
    await this.screen.click(`.bottom [data-step="${step}"]`);
    await this.done(step);
  }

  /** Until a step is on record. */
  async done(step: Step): Promise<void> {
    await this.has(`li[data-stage="${step}"].done`);
  }

  async answerAll(): Promise<void> {
    for (const [question, answer] of Object.entries(ANSWERS)) await this.answer(question, answer);
  }

  async answer(question: string, answer: string): Promise<void> {
    const button = `[data-question="${question}"] [data-answer="${answer}"]`;
    await this.screen.click(button);
    await this.has(`${button}[aria-pressed="true"]`);
  }

  /** The photos that the screen shows. */
  async photos(): Promise<string[]> {
    return this.screen.attributes('[data-photo]', 'data-photo');
  }

  async photoStates(): Promise<string[]> {
    return this.screen.attributes('[data-photo]', 'data-photo-state');
  }

  async choose(shot: string, file: Shot): Promise<void> {
    await this.screen.choose(`input[data-shot="${shot}"]`, file);
  }

  /** Chooses a file as the camera would give it, and waits until the screen says it is on the phone. */
  async take(shot: string, file: Shot): Promise<string> {
    const before = await this.photos();
    await this.choose(shot, file);
    await this.has('[data-photo]', before.length + 1);
    return (await this.photos()).find((photo) => !before.includes(photo)) ?? '';
  }

  async underWay(appointment: string): Promise<void> {
    await this.openJob(appointment);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await this.tap(step);
  }

  async signOut(): Promise<void> {
    await this.go('#/sync');
    await this.screen.click('section:last-child .plain');
    await this.screen.click('section:last-child .choices button');
    await this.has('input[name="name"]');
  }

  /** The whole closeout of the job that is open. Answers the ids of its photos. */
  async closeOut(files: Shot[]): Promise<string[]> {
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await this.tap(step);
    await this.answerAll();
    const photos = [];
    for (const [i, file] of files.entries()) photos.push(await this.take(SHOTS[i % SHOTS.length] ?? 'after', file));
    await this.tap('finished');
    await this.has('[data-ready="true"]');
    return photos;
  }

  /** The next try comes by itself; this does not wait for it. */
  async tryNow(): Promise<void> {
    await this.screen.evaluate(() => void dispatchEvent(new Event('online')), null);
  }

  /** Until no page of this phone has a request under way, or waits for its turn to make one. */
  async rests(): Promise<void> {
    const turns = async (): Promise<number> => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].filter(({ name }) => /^doorstep-(exchange|upload)$/.test(name ?? '')).length;
    };
    await expect.poll(() => this.screen.evaluate(turns, null), { ...SOON, message: 'requests under way' }).toBe(0);
  }

  /** The pictures in the phone's store, and what kind of value it keeps for each. */
  async stored(): Promise<Map<string, { bytes: Buffer; kept: string }>> {
    const found = await this.screen.evaluate(pictures, null);
    return new Map(found.map(({ photo, base64, kept }) => [photo, { bytes: Buffer.from(base64, 'base64'), kept }]));
  }
}
