import type { Page } from '@playwright/test';
import { QUARTERS, seen, type Shot, turnedPhoto } from '../picture';
import { expect, test } from '../story';

/** What a JPEG is worst at. */
async function noise(page: Page): Promise<Shot> {
  const base64 = await page.evaluate(async () => {
    const [width, height] = [8000, 6000];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    const tile = new OffscreenCanvas(1000, 1000).getContext('2d');
    if (!context || !tile) throw new Error('no canvas');
    const pixels = tile.createImageData(1000, 1000);
    let grain = 7;
    for (let at = 0; at < pixels.data.length; at++) {
      grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
      pixels.data[at] = at % 4 === 3 ? 255 : grain >>> 24;
    }
    tile.putImageData(pixels, 0, 0);
    // Pixels of noise that stay noise when they are made smaller.
    context.imageSmoothingEnabled = false;
    context.drawImage(tile.canvas, 0, 0, 1000, 750, 0, 0, width, height);
    const blob = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  });
  return { name: 'image.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

test('ten files of one name are ten photos, and all eight orientations stand upright', async ({ phone }) => {
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await page.context().setOffline(true);
  for (let n = 1; n <= 10; n++) await phone.take('after', await turnedPhoto(page, n <= 8 ? n : 1, n));
  const stored = await phone.storedPictures();
  expect(stored.size).toBe(10);
  expect(new Set([...stored.values()].map((bytes) => bytes.toString('base64'))).size).toBe(10);
  for (const [photo, bytes] of stored) {
    for (const trace of ['Exif', 'Made-up camera']) expect(bytes.includes(trace), trace).toBe(false);
    expect(await seen(page, bytes), photo).toEqual({ width: 600, height: 800, quarters: [...QUARTERS] });
  }
});

test('noise of 48 MP is sent at the best quality that Amazon takes, and no smaller than the policy wants it', async ({ phone }) => {
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const photo = await phone.take('after', await noise(page));
  const picture = (await phone.storedPictures()).get(photo);
  expect(picture?.length).toBeLessThanOrEqual(5_242_880);
  expect(picture?.length).toBeGreaterThan(1_000_000);
  await expect(page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'safe');
});
