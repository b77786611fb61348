import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { hasLater, hasRow, isShown, pictures } from './disk';
import type { Shot } from './picture';
import { SOON } from './soon';
import type { Person } from './stack';

/** The PIN that everybody chooses here. */
export const PIN = '20483917';
export const PHONE = { width: 390, height: 844 };
export type Step = 'on_my_way' | 'arrived' | 'started' | 'finished';
/** What the standard policy asks for. */
export const ANSWERS = { work_done: 'yes', tested: 'yes', site_clean: 'yes', damage: 'no' };
export const SHOTS = ['after', 'detail'] as const;

/** The technician's application in one tab. */
export class Phone {
  constructor(
    readonly page: Page,
    readonly address: string,
  ) {}

  static async open(context: BrowserContext, address: string, hash = ''): Promise<Phone> {
    const phone = await Phone.openAsItIs(context, address, hash);
    await phone.unlockIfLocked();
    return phone;
  }

  /** Opens the page and leaves it locked where it is. */
  static async openAsItIs(context: BrowserContext, address: string, hash = ''): Promise<Phone> {
    const phone = new Phone(await context.newPage(), address);
    await phone.page.goto(`${address}/${hash}`);
    return phone;
  }

  async signIn(person: Person): Promise<void> {
    await this.enterPassword(person);
    await this.admitted();
  }

  /** From the server's yes, to a password or a code, to the first screen with jobs. */
  async admitted(): Promise<void> {
    await this.choosePin();
    await expect(this.page.getByRole('heading', { name: /^Today/ })).toBeVisible();
  }

  async enterPassword(person: Person): Promise<void> {
    await this.page.getByLabel('Name').fill(person.name);
    await this.page.getByLabel('Password').fill(person.password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  async choosePin(pin = PIN): Promise<void> {
    await this.pin.fill(pin);
    await this.page.getByRole('button', { name: 'Next' }).click();
    await expect(this.page.getByRole('heading', { name: 'Enter it again' })).toBeVisible();
    await this.pin.fill(pin);
    await this.page.getByRole('button', { name: 'Use this PIN' }).click();
    await expect(this.pin).toHaveCount(0);
  }

  get pin(): Locator {
    return this.page.getByLabel('PIN', { exact: true });
  }

  async enterPin(pin = PIN): Promise<void> {
    await this.pin.fill(pin);
    await this.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  }

  async unlock(): Promise<void> {
    await this.enterPin();
    await expect(this.pin).toHaveCount(0);
  }

  /** After a browser restart nobody remembers that the phone was unlocked. */
  async unlockIfLocked(): Promise<void> {
    await this.page.waitForFunction(isShown);
    if ((await this.page.getByRole('button', { name: 'Unlock', exact: true }).count()) > 0) await this.unlock();
  }

  /** Until the jobs and their documents are on disk and the page opens without a network. */
  async ready(): Promise<void> {
    await expect(this.jobs.first()).toBeVisible();
    await expect(this.chip).toHaveText('Nothing to send');
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await expect.poll(() => this.page.evaluate(hasLater), SOON).toBe(true);
    const name = await this.jobs.first().getAttribute('data-appointment');
    await this.go(`#/job/${name}`);
    await expect(this.page.locator('[data-ready]')).toBeVisible();
    await this.holds(name ?? '');
    await this.go('#/');
  }

  /** Until a visit's document is on disk: the screen shows it as it arrives, which is a moment earlier. */
  async holds(appointment: string): Promise<void> {
    await expect.poll(() => this.page.evaluate(hasRow, `base/${appointment}/`), SOON).toBe(true);
  }

  get jobs(): Locator {
    return this.page.locator('a[data-appointment]');
  }

  /** Until something is there so many times. */
  async has(css: string, times = 1): Promise<void> {
    await expect.poll(() => this.page.locator(css).count(), { ...SOON, message: css }).toBe(times);
  }

  get chip(): Locator {
    return this.page.getByTestId('chip');
  }

  get verdict(): Locator {
    return this.page.locator('[data-ready]');
  }

  get photos(): Locator {
    return this.page.locator('[data-photo]');
  }

  async appointments(): Promise<string[]> {
    await expect(this.jobs.first()).toBeVisible();
    return this.jobs.evaluateAll((links) => links.map((link) => link.getAttribute('data-appointment') ?? ''));
  }

  async go(hash: string): Promise<void> {
    await this.page.evaluate((to) => void (location.hash = to), hash);
  }

  async openJob(appointment: string): Promise<void> {
    await this.go(`#/job/${appointment}`);
    await expect(this.page.locator('.where')).toBeVisible();
  }

  /** Taps the next step where the thumb is. */
  async tap(step: Step): Promise<void> {
    await this.press(step);
    await this.has(`li[data-stage="${step}"].done`);
  }

  /** Where the product is not there yet the phone asks once whether to start all the same. */
  async press(step: Step): Promise<void> {
    const button = this.page.locator(`.bottom [data-step="${step}"]`);
    const asks = this.page.getByTestId('start-without-product');
    await expect(button.or(asks)).toBeVisible();
    if (step === 'started' && (await asks.isVisible())) await asks.click();
    await button.click();
  }

  recorded(step: Step): Locator {
    return this.page.locator(`li[data-stage="${step}"]`);
  }

  answerButton(question: string, answer: string): Locator {
    return this.page.locator(`[data-question="${question}"] [data-answer="${answer}"]`);
  }

  async answer(question: string, answer: string): Promise<void> {
    await this.answerButton(question, answer).click();
    await this.has(`[data-question="${question}"] [data-answer="${answer}"][aria-pressed="true"]`);
  }

  async answerAll(): Promise<void> {
    for (const [question, answer] of Object.entries(ANSWERS)) await this.answer(question, answer);
  }

  shotInput(shot: string): Locator {
    return this.page.locator(`input[data-shot="${shot}"]`);
  }

  /** Chooses a file as the camera would give it, and waits until it says it is on the phone. */
  async take(shot: string, file: Shot): Promise<string> {
    const tiles = this.photos;
    const before = await tiles.count();
    await this.shotInput(shot).setInputFiles(file);
    await this.has('[data-photo]', before + 1);
    const section = this.page.locator(`section[id="field-photos.${shot}"] [data-photo]`).last();
    return (await section.getAttribute('data-photo')) ?? '';
  }

  /** The whole closeout of the job that is open. Answers the ids of its photos. */
  async closeOut(files: Shot[]): Promise<string[]> {
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await this.tap(step);
    await this.answerAll();
    const photos = [];
    for (const [i, file] of files.entries()) photos.push(await this.take(SHOTS[i % SHOTS.length] ?? 'after', file));
    await this.tap('finished');
    await expect(this.verdict).toHaveAttribute('data-ready', 'true');
    return photos;
  }

  /** The next try comes by itself; this does not wait for it. */
  async tryNow(): Promise<void> {
    await this.page.evaluate(() => dispatchEvent(new Event('online')));
  }

  /** What the phone's store has, opened by means of the browser alone. */
  async storedPictures(): Promise<Map<string, Buffer>> {
    const found = await this.page.evaluate(pictures);
    return new Map(found.map(({ photo, base64 }) => [photo, Buffer.from(base64, 'base64')]));
  }
}
