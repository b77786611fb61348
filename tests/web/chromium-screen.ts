import { chromium, type Browser, type Page } from '@playwright/test';
import { CHROMIUM } from './chromium';
import { look } from './look';
import type { Look } from './parts';
import { PHONE } from './phone';
import type { Shot } from './picture';
import { Screen, spots, type Engine } from './screen';

/** Chromium behind the same few gestures as WebKit. */
export class Chromium implements Engine {
  readonly name = 'chromium';

  private constructor(
    private readonly browser: Browser,
    readonly screen: Screen,
  ) {}

  static async start(): Promise<Chromium> {
    const browser = await chromium.launch(CHROMIUM);
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'en-US' });
    return new Chromium(browser, new ChromiumScreen(await context.newPage()));
  }

  /** Playwright says so itself. */
  hasCrashed(): boolean {
    return false;
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

class ChromiumScreen extends Screen {
  constructor(private readonly page: Page) {
    super();
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async another(): Promise<Screen> {
    return new ChromiumScreen(await this.page.context().newPage());
  }

  async close(): Promise<void> {
    await this.page.close({ runBeforeUnload: false });
  }

  async kill(): Promise<void> {
    const gone = this.page.waitForEvent('crash');
    const session = await this.page.context().newCDPSession(this.page);
    // Nobody is left to answer.
    void session.send('Page.crash').catch(() => undefined);
    await gone;
    await this.page.close();
  }

  async evaluate<Given, Answer>(work: (given: Given) => Answer | Promise<Answer>, given: Given): Promise<Answer> {
    return this.page.evaluate(work as (given: unknown) => Answer | Promise<Answer>, given);
  }

  async click(css: string): Promise<void> {
    await this.page.locator(css).first().click();
  }

  async fill(css: string, text: string): Promise<void> {
    await this.page.locator(css).first().fill(text);
  }

  async choose(css: string, file: Shot): Promise<void> {
    await this.page.locator(css).first().setInputFiles(file);
  }

  async draw(css: string, points: [x: number, y: number][]): Promise<void> {
    await this.page.locator(css).waitFor();
    const [first = [0, 0], ...rest] = await spots(this, css, points);
    await this.page.mouse.move(...first);
    await this.page.mouse.down();
    for (const spot of rest) await this.page.mouse.move(...spot, { steps: 4 });
    await this.page.mouse.up();
  }

  override async look(name: Look): Promise<void> {
    await look(this.page, name);
  }

  async turn(way: 'upright' | 'aside'): Promise<void> {
    const { width, height } = PHONE;
    await this.page.setViewportSize(way === 'upright' ? PHONE : { width: height, height: width });
  }
}
