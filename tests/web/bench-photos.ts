// Thirty photos of 12 MP in one job, one after the other, on a page six times slower than this machine and without a
// network: `cargo xtask bench --only browser`.
//
//   photos_30_slowest_ms    the slowest of them from the camera's file to the tile that says it is saved
//   photos_30_memory_mb     the most memory the page's process had at any time: scripts, WASM, workers and pixels
//
// None may be lost: in the end there are thirty tiles, thirty pictures on disk, and all are sent and safe.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Browser } from '@playwright/test';
import { print } from './figure';
import { Memory } from './memory';
import type { Phone } from './phone';
import { largePhoto } from './picture';
import { Darkroom, SLOWDOWN, slowed } from './slow';
import { test } from './story';

const PHOTOS = 30;
/** Different pictures, taken in turn. */
const MOTIFS = 3;
const SAVED_LIMIT_MS = 2_500;
const MEMORY_LIMIT_MB = 300;

test.use({ trace: 'off' });

test('thirty large photos in one job', async ({ phone, browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const files = await drawn(browser, phone.address, folder);
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.page.context().setOffline(true);

  const memory = await Memory.of(browser);
  const darkroom = phone.page.waitForEvent('worker').then(Darkroom.timed);
  const slow = await slowed(phone.page);
  const times: number[] = [];
  for (let n = 0; n < PHOTOS; n++) {
    const took = await saved(phone, files[n % files.length] ?? '', n);
    times.push(took + (SLOWDOWN - 1) * (await (await darkroom).lastTook()));
  }
  expect(await slow.isStill()).toBe(true);
  await slow.end();
  const megabytes = await memory.end();
  await rm(folder, { recursive: true });
  expect((await phone.storedPictures()).size).toBe(PHOTOS);

  await phone.page.context().setOffline(false);
  await phone.tryNow();
  await expect(phone.page.locator('[data-photo-state="safe"]')).toHaveCount(PHOTOS, { timeout: 120_000 });
  console.log(`photos, one after the other: ${times.map(Math.round).join(', ')}`);
  print('photos_30_slowest_ms', Math.round(Math.max(...times)), 'ms', SAVED_LIMIT_MS);
  print('photos_30_memory_mb', megabytes, 'MB', MEMORY_LIMIT_MB);
});

/** In a page that is gone before anything is measured. */
async function drawn(browser: Browser, address: string, folder: string): Promise<string[]> {
  const camera = await browser.newPage();
  await camera.goto(address);
  const files = [];
  for (let seed = 1; seed <= MOTIFS; seed++) {
    const { name, buffer } = await largePhoto(camera, seed);
    files.push(join(folder, name));
    await writeFile(join(folder, name), buffer);
  }
  await camera.close();
  return files;
}

/** From the choice of the file to the frame after the one with another tile that says it is saved. */
async function saved(phone: Phone, file: string, before: number): Promise<number> {
  const { page } = phone;
  await page.evaluate((before) => {
    let chosenAt = 0;
    Object.assign(window, { doneAt: undefined });
    addEventListener('change', () => (chosenAt = performance.now()), { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (document.querySelectorAll('[data-photo-state="on_phone"]').length <= before) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { doneAt: performance.now() - chosenAt })));
    }).observe(document, { childList: true, subtree: true, attributes: true });
  }, before);
  await phone.shotInput('after').setInputFiles(file);
  const done = await page.waitForFunction(() => Reflect.get(window, 'doneAt') as number | undefined);
  return (await done.jsonValue()) ?? Number.NaN;
}
