// A phone that is slower than this machine. Chromium slows pages down and refuses to do so for workers ("Operation is
// only supported for pages, not workers"), so what a worker took is to be added so many times more.

import type { CDPSession, Page, Worker } from '@playwright/test';

export const SLOWDOWN = 6;

/** The worker that makes photos, with a clock beside it. */
export class Darkroom {
  private constructor(private readonly worker: Worker) {}

  /** To be called as soon as the worker is there. The first order counts from its making, as somebody waits from then. */
  static async timed(worker: Worker): Promise<Darkroom> {
    await worker.evaluate(() => {
      const clock = { since: 0, took: Number.NaN };
      Object.assign(self, { clock });
      addEventListener('message', () => {
        if (clock.took > 0) clock.since = performance.now();
      });
      const post = self.postMessage.bind(self);
      const timing = (message: unknown, options: never): void => {
        clock.took = performance.now() - clock.since;
        post(message, options);
      };
      Object.assign(self, { postMessage: timing });
    });
    return new Darkroom(worker);
  }

  /** What it took for the last order, in milliseconds at this machine's speed. */
  async lastTook(): Promise<number> {
    const took = await this.worker.evaluate(() => (Reflect.get(self, 'clock') as { took: number }).took);
    if (Number.isNaN(took)) throw new Error('the worker answered before it was timed');
    return took;
  }
}

export class Slowed {
  constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly before: number,
  ) {}

  /** Whether the page is as slow as it was made, allowing for whatever else the machine does. */
  async isStill(): Promise<boolean> {
    return (await burnt(this.page)) > (this.before * SLOWDOWN) / 3;
  }

  async end(): Promise<void> {
    await this.session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  }
}

/** Makes a page as slow as a cheap phone. */
export async function slowed(page: Page): Promise<Slowed> {
  const before = Math.min(await burnt(page), await burnt(page), await burnt(page));
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  return new Slowed(page, session, before);
}

/** How long some work takes that does not change. */
function burnt(page: Page): Promise<number> {
  return page.evaluate(() => {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < 20_000_000; i++) sum += i % 7;
    return sum > 0 ? performance.now() - start : 0;
  });
}
