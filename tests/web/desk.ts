import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Card } from '../../web/src/generated/Card';
import type { Person } from './stack';

export const DESK = { width: 1440, height: 900 };

/** When something came onto the screen, and when the server knew it. */
export interface Shown {
  what: string;
  event: number;
  at: number;
  shownAt: number;
}

/** The supervisor's console in one tab. */
export class Desk {
  private constructor(
    readonly page: Page,
    readonly address: string,
  ) {}

  static async open(context: BrowserContext, address: string, person: Person): Promise<Desk> {
    const page = await context.newPage();
    await page.addInitScript(() => {
      // Notes when each line of the feed and each picture came onto the screen.
      const notes = { lines: [] as Shown[], pictures: {} as Record<string, number> };
      Object.assign(globalThis, { notes });
      new MutationObserver((changes) => {
        for (const added of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
          if (!(added instanceof Element)) continue;
          for (const line of added.matches('[data-event]') ? [added] : added.querySelectorAll('[data-event]')) {
            const at = Date.parse(line.querySelector('time')?.dateTime ?? '');
            const { event, what = '' } = (line as HTMLElement).dataset;
            notes.lines.push({ what, event: Number(event), at, shownAt: Date.now() });
          }
        }
      }).observe(document, { childList: true, subtree: true });
      const loaded = ({ target }: Event): void => {
        if (target instanceof HTMLImageElement) notes.pictures[new URL(target.src).pathname] = Date.now();
      };
      document.addEventListener('load', loaded, { capture: true });
    });
    const desk = new Desk(page, address);
    await page.goto(`${address}/console`);
    if (await desk.asksWho()) await desk.signIn(person);
    await desk.live();
    return desk;
  }

  /** The page of switches, in the hands of somebody who may move them. */
  static async openConnection(context: BrowserContext, address: string, person: Person): Promise<Desk> {
    const desk = new Desk(await context.newPage(), address);
    await desk.page.goto(`${address}/console#connection`);
    await desk.signIn(person);
    await expect(desk.page.getByRole('heading', { name: 'Connection' })).toBeVisible();
    return desk;
  }

  /** The page of policies, in the hands of somebody who may write them. */
  static async openCloseout(context: BrowserContext, address: string, person: Person): Promise<Desk> {
    const desk = new Desk(await context.newPage(), address);
    await desk.page.goto(`${address}/console#closeout`);
    await desk.signIn(person);
    await expect(desk.page.getByRole('heading', { name: 'Closeout' })).toBeVisible();
    return desk;
  }

  /** The switch of an operation for all programs without a line of their own. */
  switchLine(operation: string): Locator {
    return this.page.locator(`li[data-operation="${operation}"]:not([data-program])`);
  }

  private async asksWho(): Promise<boolean> {
    const name = this.page.getByLabel('Name');
    await expect(name.or(this.page.getByRole('heading', { name: 'Live' }))).toBeVisible();
    return name.isVisible();
  }

  async signIn(person: Person): Promise<void> {
    await this.page.getByLabel('Name').fill(person.name);
    await this.page.getByLabel('Password').fill(person.password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  async live(): Promise<void> {
    await expect(this.page.getByTestId('stream')).toHaveAttribute('data-stream', 'live');
    await expect(this.rows.first()).toBeVisible();
  }

  get rows(): Locator {
    return this.page.locator('tr[data-appointment]');
  }

  row(appointment: string): Locator {
    return this.page.locator(`tr[data-appointment="${appointment}"]`);
  }

  get drawer(): Locator {
    return this.page.getByTestId('drawer');
  }

  async openDrawer(appointment: string): Promise<void> {
    await this.row(appointment).locator('.title button').click();
    await expect(this.drawer).toHaveAttribute('data-appointment', appointment);
  }

  /** Amazon has it, and the screen says so. */
  async sent(appointment: string, timeout = 15_000): Promise<void> {
    const state = this.row(appointment).locator('[data-cell="state"]');
    await expect(state).toHaveText('Sent to Amazon', { timeout });
  }

  async serviceJob(appointment: string): Promise<string> {
    const { cards } = await this.board();
    const card = cards.find((one) => one.appointment === appointment);
    if (!card) throw new Error(`no visit ${appointment} on the board`);
    return card.serviceJobId;
  }

  async board(): Promise<{ upTo: number; cards: Pick<Card, 'appointment' | 'serviceJobId' | 'window' | 'timeZone'>[] }> {
    const response = await this.page.request.get(`${this.address}/api/board`);
    return (await response.json()) as Awaited<ReturnType<Desk['board']>>;
  }

  async picture(photo: string): Promise<Buffer> {
    const response = await this.page.request.get(`${this.address}/api/photos/${photo}/picture`);
    expect(response.status()).toBe(200);
    return response.body();
  }

  /** The lines of the feed in the order they came onto the screen. */
  async shown(): Promise<Shown[]> {
    return this.page.evaluate(() => (globalThis as unknown as { notes: { lines: Shown[] } }).notes.lines);
  }

  /** When each picture was on the screen, by its path. */
  async picturesShown(): Promise<Record<string, number>> {
    return this.page.evaluate(() => (globalThis as unknown as { notes: { pictures: Record<string, number> } }).notes.pictures);
  }

  /** The board as a person reads it. */
  async text(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText));
  }
}
