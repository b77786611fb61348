import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, type TestInfo } from '@playwright/test';
import { Chromium } from '../chromium-screen';
import { Handset } from '../handset';
import { smallPhoto, type Shot } from '../picture';
import { Relay } from '../relay';
import type { Engine, Screen } from '../screen';
import { Stack, type Start } from '../stack';
import { WebKit } from '../webkit/browser';

export interface Either {
  /** Which browser the stories run in: each of them runs in both. */
  engine: Engine['name'];
  /** Of the server, over our own. */
  settings: Record<string, string>;
  /** What Amazon's stand-in begins with. */
  start: Start;
  stack: Stack;
  browsing: Engine;
  /** Between phone and server. WebKit cannot be told to be offline, so in both engines the link fails instead. */
  link: Relay;
  /** A technician who has signed in over the link and has the day on the phone. */
  handset: Handset;
  /** The phone of somebody else, with a link of its own; nobody has signed in there. */
  second: { screen: Screen; link: Relay };
  /** Two small pictures as a camera hands them over. */
  shots: [Shot, Shot];
}

/** Where it is noted that a story's browser crashed; each run begins with an empty folder. */
function crashOf(info: TestInfo): string {
  return join(info.project.outputDir, `${info.testId}.${info.repeatEachIndex}.crashed`);
}

/** A browser with nothing in it, whose first page is written down when the story fails. */
async function browse(engine: Engine['name'], use: (browser: Engine) => Promise<void>, info: TestInfo, file: string): Promise<void> {
  if (info.retry > 0 && !existsSync(crashOf(info))) {
    throw new Error('It has failed without a crash of the browser: such a story is not run again.');
  }
  const browser = await (engine === 'webkit' ? WebKit.start() : Chromium.start());
  await use(browser);
  if (info.status !== info.expectedStatus) {
    if (browser.hasCrashed()) {
      await mkdir(info.project.outputDir, { recursive: true });
      await writeFile(crashOf(info), '');
    }
    // WebKit's driver takes no pictures without a screen. A page that is gone shows nothing any more.
    const shown = await browser.screen.text('body').catch(() => null);
    await info.attach(file, { body: shown ?? 'The first page is gone.', contentType: 'text/plain' });
  }
  await browser.stop();
}

export const test = base.extend<Either>({
  engine: ['chromium', { option: true }],
  settings: [{}, { option: true }],
  start: [{}, { option: true }],
  stack: async ({ settings, start }, use, info) => {
    const stack = await Stack.start(settings, start);
    await use(stack);
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: stack.server.output(), contentType: 'text/plain' });
    }
    await stack.stop();
  },
  browsing: async ({ engine }, use, info) => browse(engine, use, info, 'screen.txt'),
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
  second: async ({ engine, stack }, use, info) => {
    const link = await Relay.to(stack.address);
    // WebKit's driver holds one session, and its windows share one store: another person has another driver.
    await browse(engine, ({ screen }) => use({ screen, link }), info, 'second-screen.txt');
    link.close();
  },
  shots: async ({ handset }, use) => {
    const draw = (seed: number): Promise<Shot> => smallPhoto(handset.screen, 'image/jpeg', seed);
    await use([await draw(1), await draw(2)]);
  },
});

export { expect } from '@playwright/test';
