// What a slow phone makes of the technician's application: `cargo xtask bench --only browser`. One JSON line per
// figure, each the median of five runs on a page six times slower than this machine.
//
//   cold_offline_start_ms   a browser just started, no network, no server: from the navigation to the field for the PIN.
//                           Page, service worker, module and key file included.
//   unlock_ms               from there: from the last touch of a right PIN to the jobs on the screen. The stretching of the
//                           PIN, the store and the opening of every row included.
//   cold_offline_first_paint_ms
//                           the same start, up to the first frame with content.
//   photo_12mp_saved_ms     a 12 MP photo from the camera's file to the tile that says it is saved on this phone:
//                           decoded, made smaller, hashed, sealed, committed to disk with strict durability.
//   storage_per_edit_b      what an answer or a step writes to the phone's store, keys included: the mean of a visit's.
//
// Chromium slows pages down and refuses to do so for workers ("Operation is only supported for pages, not workers").
// The service worker therefore runs at full speed. The workers that make photos and stretch the PIN do not get
// away with it: what they took is added five times more.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { Installed } from './chromium';
import { printMedian } from './figure';
import { ANSWERS, PHONE, Phone } from './phone';
import { largePhoto } from './picture';
import { Darkroom, SLOWDOWN, slowed } from './slow';
import { test } from './story';

const RUNS = 5;
const START_LIMIT_MS = 1_500;
const PAINT_LIMIT_MS = 800;
const UNLOCK_LIMIT_MS = 2_000;
const EDIT_LIMIT_B = 2_048;
const PHOTO_LIMIT_MS = 2_500;

test.use({ trace: 'off' });

test('a cold start without a network shows the jobs', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const first = await Installed.start(profile);
  const phone = await Phone.open(first.context, stack.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const count = (await phone.appointments()).length;
  await first.close();
  const { address } = stack;
  await stack.server.stop();

  const times: number[] = [];
  const paints: number[] = [];
  const unlocks: number[] = [];
  for (let run = 0; run < 3 * RUNS && times.length < RUNS; run++) {
    const browser = await Installed.start(profile);
    const took = await startedCold(browser.context, address, count);
    if (took) {
      times.push(took.asked);
      unlocks.push(took.unlocked);
      paints.push(took.painted);
    }
    await browser.close();
  }
  expect(times).toHaveLength(RUNS);
  await rm(profile, { recursive: true });
  printMedian('cold_offline_first_paint_ms', paints, 'ms', PAINT_LIMIT_MS);
  printMedian('cold_offline_start_ms', times, 'ms', START_LIMIT_MS);
  printMedian('unlock_ms', unlocks, 'ms', UNLOCK_LIMIT_MS);
});

/** `null` when Chromium changed to a process that it did not slow down, as it does now and then. */
async function startedCold(
  context: BrowserContext,
  address: string,
  count: number,
): Promise<{ asked: number; painted: number; unlocked: number } | null> {
  await context.setOffline(true);
  // The moments after the frames that show what is waited for, and what the worker that stretches the PIN took.
  await context.addInitScript((jobs) => {
    const note = (name: string): void => {
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { [name]: performance.now() })));
    };
    const waitFor = (css: string, times: number, name: string): void =>
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll(css).length < times) return;
        observer.disconnect();
        note(name);
      }).observe(document, { childList: true, subtree: true });
    waitFor('input[name="pin"]', 1, 'askedAt');
    waitFor('a[data-appointment]', jobs, 'doneAt');
    addEventListener('submit', () => Object.assign(window, { enteredAt: performance.now() }), { capture: true });
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: unknown, ...rest: never[]) {
      const since = performance.now();
      if (typeof message === 'object' && message !== null && 'pin' in message) {
        this.addEventListener('message', () => Object.assign(window, { stretchedMs: performance.now() - since }));
      }
      postMessage.call(this, message, ...rest);
    };
  }, count);
  const page = await context.newPage();
  await page.setViewportSize(PHONE);
  const slow = await slowed(page);
  await page.goto(address);
  const phone = new Phone(page, address);
  const asked = await moment(page, 'askedAt');
  // Something with words or lines on it: an empty page does not count.
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  await phone.enterPin();
  const done = await moment(page, 'doneAt');
  const unlocked = done - (await moment(page, 'enteredAt')) + (SLOWDOWN - 1) * (await moment(page, 'stretchedMs'));
  return painted !== undefined && (await slow.isStill()) ? { asked, painted, unlocked } : null;
}

test('a photo of 12 MP is saved', async ({ phone, browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const file = join(folder, 'IMG_0001.jpg');
  const camera = await browser.newPage();
  await camera.goto(phone.address);
  await writeFile(file, (await largePhoto(camera, 20_260_921)).buffer);
  await camera.close();

  const visits = (await phone.appointments()).slice(0, RUNS);
  expect(visits).toHaveLength(RUNS);
  for (const visit of visits) {
    await phone.openJob(visit);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  }
  await phone.page.context().setOffline(true);
  const times: number[] = [];
  for (const visit of visits) times.push(await saved(phone, visit, file));
  await rm(folder, { recursive: true });
  printMedian('photo_12mp_saved_ms', times, 'ms', PHOTO_LIMIT_MS);
});

test('an edit is written', async ({ phone }) => {
  const { page } = phone;
  const visits = (await phone.appointments()).slice(0, RUNS);
  await page.context().setOffline(true);
  await page.evaluate(() => {
    const counted = { bytes: 0 };
    Object.assign(globalThis, { counted });
    const { put } = IDBObjectStore.prototype;
    /** A value's bytes and texts, with those of its fields and their names. */
    const weight = (value: unknown): number => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
      if (typeof value !== 'object' || value === null) return String(value).length;
      return Object.entries(value).reduce((sum, [name, inner]) => sum + name.length + weight(inner), 0);
    };
    IDBObjectStore.prototype.put = function (value: unknown, key) {
      // The value and the key's texts: what lies on the disk around them is the browser's.
      counted.bytes += weight(value) + JSON.stringify(key).length;
      return put.call(this, value, key);
    };
  });
  const bytes: number[] = [];
  for (const visit of visits) {
    await phone.openJob(visit);
    const before = await written(page);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.answerAll();
    await expect(phone.chip).toContainText('Saved on this phone');
    bytes.push(((await written(page)) - before) / (3 + Object.keys(ANSWERS).length));
  }
  printMedian('storage_per_edit_b', bytes, 'B', EDIT_LIMIT_B);
});

function written(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { counted: { bytes: number } }).counted.bytes);
}

async function saved(phone: Phone, visit: string, file: string): Promise<number> {
  const { page } = phone;
  // A page just opened where no photo is shown: the worker that makes photos starts with the first.
  await phone.go('#/');
  await page.reload();
  await phone.openJob(visit);
  await expect(phone.photos).toHaveCount(0);
  await page.evaluate(() => {
    let chosenAt = 0;
    addEventListener('change', () => (chosenAt = performance.now()), { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-photo-state="on_phone"]')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { doneAt: performance.now() - chosenAt })));
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  const darkroom = page.waitForEvent('worker').then(Darkroom.timed);
  const slow = await slowed(page);
  await phone.shotInput('after').setInputFiles(file);
  const took = await doneAt(page);
  expect(await slow.isStill()).toBe(true);
  await slow.end();
  return took + (SLOWDOWN - 1) * (await (await darkroom).lastTook());
}

function doneAt(page: Page): Promise<number> {
  return moment(page, 'doneAt');
}

function moment(page: Page, name: string): Promise<number> {
  return page.waitForFunction((name) => Reflect.get(window, name) as number | undefined, name).then(async (at) => {
    const value = await at.jsonValue();
    if (value === undefined) throw new Error('nothing was timed');
    return value;
  });
}
