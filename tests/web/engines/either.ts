import { test as base } from '@playwright/test';
import { Chromium } from '../chromium-screen';
import { Handset } from '../handset';
import { smallPhoto, type Shot } from '../picture';
import { Relay } from '../relay';
import type { Engine } from '../screen';
import { Stack } from '../stack';
import { WebKit } from '../webkit/browser';

export interface Either {
  /** Which browser the stories run in: each of them runs in both. */
  engine: Engine['name'];
  stack: Stack;
  browsing: Engine;
  /** Between phone and server. WebKit cannot be told to be offline, so in both engines the link fails instead. */
  link: Relay;
  /** A technician who has signed in over the link and has the day on the phone. */
  handset: Handset;
  /** Two small pictures as a camera hands them over. */
  shots: [Shot, Shot];
}

export const test = base.extend<Either>({
  engine: ['chromium', { option: true }],
  stack: async ({}, use, info) => {
    const stack = await Stack.start();
    await use(stack);
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: stack.server.output(), contentType: 'text/plain' });
    }
    await stack.stop();
  },
  browsing: async ({ engine }, use, info) => {
    const browser = await (engine === 'webkit' ? WebKit.start() : Chromium.start());
    await use(browser);
    if (info.status !== info.expectedStatus) {
      // WebKit's driver takes no pictures without a screen. A page that is gone shows nothing any more.
      const shown = await browser.screen.text('body').catch(() => null);
      await info.attach('screen.txt', { body: shown ?? 'The first page is gone.', contentType: 'text/plain' });
    }
    await browser.stop();
  },
  link: async ({ stack }, use) => {
    const link = await Relay.to(stack.address);
    await use(link);
    link.close();
  },
  handset: async ({ browsing, link, stack }, use) => {
    const handset = await Handset.open(browsing.screen, link.address);
    await handset.signIn(stack.technician);
    await handset.ready();
    await use(handset);
  },
  shots: async ({ handset }, use) => {
    const draw = (seed: number): Promise<Shot> => smallPhoto(handset.screen, 'image/jpeg', seed);
    await use([await draw(1), await draw(2)]);
  },
});

export { expect } from '@playwright/test';
