import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { anotherBuild } from '../builds';
import { Installed } from '../chromium';
import { look as seen } from '../look';
import { Phone } from '../phone';
import { smallPhoto } from '../picture';
import { WEB } from '../stack';
import { expect, test as base } from '../story';

interface Builds {
  /** The folder of another version of the pages, whose scripts say so. */
  second: string;
}

const SECOND = 'second';

const test = base.extend<Builds>({
  second: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'doorstep-build-'));
    const second = join(folder, 'dist');
    await anotherBuild(WEB, second, SECOND);
    await use(second);
    await rm(folder, { recursive: true });
  },
});

/** Which build a page is of, once every script that it loaded is known to be of that one. */
async function buildOf(page: Page): Promise<string> {
  const { build, scripts } = await page.evaluate(() => ({
    build: String(Reflect.get(globalThis, 'build') ?? 'first'),
    scripts: performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  }));
  const own = scripts.filter((path) => /^\/assets\/(phone|darkroom)-.*\.js$/.test(path));
  expect(own.length).toBeGreaterThan(0);
  for (const path of own) expect(path.endsWith(`-${SECOND}.js`), path).toBe(build === SECOND);
  return build;
}

/** Looks for a new version, as a page does when it comes back after a while. */
async function look(page: Page): Promise<void> {
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
}

const newVersion = (page: Page) => page.getByTestId('new-version');

test('a new version is offered, waits while something is in the middle, and takes nothing from an open page', async ({
  stack,
  phone,
  second,
}) => {
  const context = phone.page.context();
  const other = await Phone.open(context, stack.address);
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const note = phone.page.locator('textarea[name="note"]');
  await note.fill('The key is with the');
  await stack.deploy(second);
  await look(other.page);

  // The page in the middle of a note is not asked, and stays what it is when the other one changes over.
  await expect(newVersion(other.page)).toBeVisible();
  await expect(newVersion(phone.page)).toHaveCount(0);
  await newVersion(other.page).getByRole('button').click();
  await expect.poll(() => buildOf(other.page).catch(() => 'between')).toBe(SECOND);
  await expect(other.jobs.first()).toBeVisible();
  await expect(note).toHaveValue('The key is with the');
  expect(await buildOf(phone.page)).toBe('first');

  // The worker that makes photos starts with the first one: its script is of a version that no server has any more.
  await context.setOffline(true);
  await phone.shotInput('after').setInputFiles(await smallPhoto(other.page, 'image/jpeg', 1));
  await expect(phone.photos).toHaveCount(1);
  expect(await buildOf(phone.page)).toBe('first');
  await expect(note).toHaveValue('The key is with the');

  await note.fill('The key is with the neighbour.');
  await note.blur();
  await expect.poll(() => buildOf(phone.page).catch(() => 'between')).toBe(SECOND);
  await expect(phone.page.getByText('The key is with the neighbour.')).toBeVisible();
  await expect(phone.photos).toHaveCount(1);
  await context.setOffline(false);
  await phone.tryNow();
  await expect(phone.chip).toHaveText('Safe');
});

test('a phone killed at each step of an update opens with one whole version, without a network', async ({ stack, second }) => {
  test.setTimeout(120_000);
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-update-'));
  let browser = await Installed.start(profile);
  const first = await Phone.open(browser.context, stack.address);
  await first.signIn(stack.technician);
  await first.ready();
  await browser.close();

  let build = 'first';
  for (const step of ['installing', 'installed', 'activating', 'changed over'] as const) {
    const before = build;
    await stack.deploy(before === 'first' ? second : WEB);
    browser = await Installed.start(profile);
    const running = await Phone.open(browser.context, stack.address);
    await expect(running.jobs.first()).toBeVisible();
    if (step === 'changed over') {
      await look(running.page);
      await newVersion(running.page).getByRole('button').click();
      await expect.poll(() => buildOf(running.page).catch(() => 'between')).not.toBe(before);
    } else {
      await reached(running.page, step);
    }
    await browser.kill();

    browser = await Installed.start(profile);
    await browser.context.setOffline(true);
    const cold = await Phone.open(browser.context, stack.address);
    await expect(cold.jobs.first()).toBeVisible();
    build = await buildOf(cold.page);
    // A killed browser has closed all pages, so that a version that is whole may begin without being asked for.
    if (step === 'changed over') expect(build).not.toBe(before);
    await browser.close();
  }
  await rm(profile, { recursive: true });
});

/** Until the newer worker is as far; what comes after being installed takes somebody's word. */
async function reached(page: Page, step: 'installing' | 'installed' | 'activating'): Promise<void> {
  await page.evaluate(async (step) => {
    const registration = await navigator.serviceWorker.ready;
    const old = registration.active;
    const newer = (): ServiceWorker | null => {
      const { active, waiting, installing } = registration;
      return installing ?? waiting ?? (active === old ? null : active);
    };
    const order = ['parsed', 'installing', 'installed', 'activating', 'activated'];
    await new Promise<void>((resolve) => {
      const watch = (): void => {
        const worker = newer();
        if (!worker) return;
        if (order.indexOf(worker.state) >= order.indexOf(step)) return resolve();
        if (worker.state === 'installed') worker.postMessage('take over');
        worker.onstatechange = watch;
      };
      registration.onupdatefound = watch;
      registration.update().then(watch, watch);
    });
  }, step);
}

/** Paths in the worker's cache of its own version, and those of its lists that are not there. */
async function lacks(page: Page, list: 'files' | 'later', language: string): Promise<string[]> {
  return page.evaluate(
    async ({ list, language }) => {
      const text = await (await fetch('/sw.js')).text();
      const shell = JSON.parse(/ = (.*);\n/.exec(text)?.[1] ?? '') as Record<string, Record<string, string>> & { version: string };
      const cache = await caches.open(`shell-${shell.version}`);
      const here = (await cache.keys()).map(({ url }) => new URL(url).pathname);
      const words = Object.keys(shell.asked ?? {}).filter((path) => path.includes(`/words-${language}-`));
      return [...Object.keys(shell[list] ?? {}), ...words].filter((path) => !here.includes(path));
    },
    { list, language },
  );
}

test('what opens later and the chosen language follow the first page, and come along with an update at once', async ({
  stack,
  phone,
  second,
}) => {
  const { page } = phone;
  // What is missing is asked for again with whatever the page asks for next.
  await expect.poll(() => lacks(page, 'later', 'en')).toEqual([]);
  await page.evaluate(async () => {
    const cache = await caches.open('language');
    await cache.put('/language', new Response('de'));
    localStorage.setItem('language', 'de');
  });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect.poll(() => lacks(page, 'files', 'de')).toEqual([]);

  await stack.deploy(second);
  await look(page);
  await expect(newVersion(page)).toBeVisible();
  // Whole before it is offered: it may be changed over to where there is no network.
  expect(await lacks(page, 'later', 'de')).toEqual([]);
  await page.context().setOffline(true);
  await newVersion(page).getByRole('button').click();
  await expect.poll(() => buildOf(page).catch(() => 'between')).toBe(SECOND);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.context().setOffline(false);
});

test('a worker takes no file that is not of its own version', async ({ stack, phone, second }) => {
  const context = phone.page.context();
  await stack.deploy(second);
  // The page of some third version, as a server may give it that is being deployed, and a portal's for a script.
  const foreign = '<!doctype html><div id="app"></div>';
  let last: string | null = null;
  for (const path of ['/', `/assets/phone-${SECOND}.js`]) {
    const pattern = `${stack.address}${path}`;
    await context.route(pattern, (route) => route.fulfill({ contentType: 'text/html', body: foreign }));
    // Not before the next one stands: the browser looks by itself now and then, and would find the whole set.
    if (last) await context.unroute(last);
    const found = await phone.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const done = new Promise<string>((resolve) => {
        registration.onupdatefound = () => {
          const worker = registration.installing;
          if (worker) worker.onstatechange = () => resolve(worker.state);
        };
      });
      await registration.update();
      return done;
    });
    expect(found).toBe('redundant');
    await expect(newVersion(phone.page)).toHaveCount(0);
    last = pattern;
  }
  if (last) await context.unroute(last);
  await look(phone.page);
  await expect(newVersion(phone.page)).toBeVisible();
  await seen(phone.page, 'phone-new-version');
});

test('a page whose messages the server does not know keeps everything, says so, and sends it after the update', async ({
  stack,
  phone,
  second,
}) => {
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  // As of a version that the server has never heard of: the first byte of a message says which.
  await page.context().route('**/api/sync', (route) => {
    const body = Buffer.from(route.request().postDataBuffer() ?? []);
    body.writeUInt8(255, 0);
    return route.continue({ postData: body });
  });
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const said = page.getByTestId('other-version');
  await expect(said).toContainText('nothing is lost');
  await seen(page, 'phone-other-version');
  await expect(phone.chip).toContainText('Saved on this phone');

  await stack.deploy(second);
  await said.getByRole('button').click();
  await expect(newVersion(page)).toBeVisible();
  await page.context().unroute('**/api/sync');
  await newVersion(page).getByRole('button').click();
  await expect.poll(() => buildOf(page).catch(() => 'between')).toBe(SECOND);
  await phone.tryNow();
  await expect(phone.chip).toHaveText('Safe');
  await expect(said).toHaveCount(0);
});
