import type { Page } from '@playwright/test';
import { Office } from '../office';
import { PHONE, Phone } from '../phone';
import { QUARTERS, seen, type Shot, turnedPhoto } from '../picture';
import { expect, test } from '../story';

type Motif = 'bright lines' | 'in the dark' | 'out of focus' | 'noise of 48 MP';

/** Pictures that a machine can judge; two of one motif show the same. */
async function made(page: Page, motif: Motif): Promise<Shot> {
  const base64 = await page.evaluate(async (motif) => {
    const [width, height] = motif === 'noise of 48 MP' ? [8000, 6000] : [1600, 1200];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('no canvas');
    if (motif === 'noise of 48 MP') {
      const tile = new OffscreenCanvas(1000, 1000);
      const noise = tile.getContext('2d');
      const pixels = noise?.createImageData(1000, 1000);
      if (!noise || !pixels) throw new Error('no canvas');
      let grain = 7;
      for (let at = 0; at < pixels.data.length; at++) {
        grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
        pixels.data[at] = at % 4 === 3 ? 255 : grain >>> 24;
      }
      noise.putImageData(pixels, 0, 0);
      // Pixels of noise that stay noise when they are made smaller.
      context.imageSmoothingEnabled = false;
      context.drawImage(tile, 0, 0, 1000, 750, 0, 0, width, height);
    } else {
      const light = motif === 'in the dark' ? 0.06 : 1;
      // From the other side out of focus: these two do not show the same.
      const from = motif === 'out of focus' ? width : 0;
      const sweep = context.createLinearGradient(from, 0, width - from, height);
      for (const [at, tone] of [[0, 200], [0.3, 60], [0.6, 220], [1, 90]] as const) {
        sweep.addColorStop(at, `rgb(${tone * light} ${tone * light} ${tone * light})`);
      }
      context.fillStyle = sweep;
      context.fillRect(0, 0, width, height);
      context.fillStyle = `rgb(${20 * light} ${20 * light} ${20 * light})`;
      if (motif !== 'out of focus') for (let x = 0; x < width; x += 40) context.fillRect(x, x % 300, 14, height - 400);
    }
    const blob = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  }, motif);
  return { name: 'image.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

/** The id of the photo that comes of a file: tiles stand in the order of their ids. */
async function taken(phone: Phone, file: Shot): Promise<string> {
  const ids = () => phone.photos.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-photo') ?? ''));
  const before = await ids();
  await phone.take('after', file);
  return (await ids()).find((id) => !before.includes(id)) ?? '';
}

async function sizeOf(page: Page, picture: Buffer): Promise<[number, number]> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const { width, height } = await createImageBitmap(new Blob([bytes]));
    return [width, height];
  }, picture.toString('base64'));
}

test('a photo that is dark, blurred or shows what another does is said before leaving, and the first stays until the second is there', async ({
  phone,
}) => {
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  // The server has made room in the document for more than steps and photos.
  await expect(phone.chip).toHaveText('Safe');
  const said = (rule: string) => page.locator(`[data-ready] [data-rule="${rule}"]`);
  const sharp = await made(page, 'bright lines');
  const first = await taken(phone, sharp);
  await expect(said('shot_missing')).toHaveCount(1);
  for (const rule of ['photo_dark', 'photo_blurred', 'photo_identical']) await expect(said(rule)).toHaveCount(0);

  const dark = await taken(phone, await made(page, 'in the dark'));
  await expect(said('photo_dark')).toHaveCount(1);
  const blurred = await taken(phone, await made(page, 'out of focus'));
  await expect(said('photo_blurred')).toHaveCount(1);
  await taken(phone, sharp);
  await expect(said('photo_identical')).toHaveCount(1);

  const tile = (photo: string) => page.locator(`[data-photo="${photo}"]`);
  await tile(first).locator('input[name="caption"]').fill('The cabinet from the left');
  await tile(first).locator('input[name="caption"]').blur();

  // One that cannot be opened replaces nothing.
  const retake = (photo: string) => tile(photo).locator('input[type="file"]');
  await retake(dark).setInputFiles({ name: 'image.jpg', mimeType: 'image/jpeg', buffer: sharp.buffer.subarray(0, 20) });
  await expect(page.locator('li.refused')).toHaveCount(1);
  await expect(tile(dark)).not.toContainText('Replaced');
  await page.getByRole('button', { name: 'Put away' }).click();
  await retake(dark).setInputFiles(await turnedPhoto(page, 1, 3));
  await expect(tile(dark)).toContainText('Replaced');
  await retake(blurred).setInputFiles(await turnedPhoto(page, 3, 4));
  await expect(tile(blurred)).toContainText('Replaced');
  await tile(dark).getByRole('button', { name: 'Bring back' }).click();
  await expect(tile(dark)).not.toContainText('Replaced');

  await page.goto(`${phone.address}/#`);
  await phone.openJob(appointment);
  await expect(tile(dark)).toHaveCount(1);
  await expect(tile(blurred)).toHaveCount(0);
  await expect(said('photo_blurred')).toHaveCount(0);
  await expect(tile(first).locator('input[name="caption"]')).toHaveValue('The cabinet from the left');
});

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

test('noise of 48 MP is sent at the best quality that Amazon takes, and no smaller than the policy wants it', async ({
  stack,
  browser,
}) => {
  await stack.addAdministrator();
  const office = await Office.of(stack, stack.administrator);
  const shot = { texts: {}, minimum: 1, sample: null, quality: null, pair: null, shownIf: null };
  await office.publish({
    version: 0,
    questions: [],
    shots: [
      { ...shot, id: 'after', text: 'The finished work', longEdge: null },
      { ...shot, id: 'detail', text: 'The label, close up', longEdge: 3200, quality: 95 },
    ],
    minimumPhotos: 2,
  });
  const phone = await Phone.open(await browser.newContext({ viewport: PHONE, hasTouch: true }), stack.address);
  const { page } = phone;
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const noise = await made(page, 'noise of 48 MP');
  for (const [shot, edge] of [['after', 2048], ['detail', 3200]] as const) {
    const photo = await phone.take(shot, noise);
    const picture = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
    expect(await sizeOf(page, picture)).toEqual([edge, (edge * 3) / 4]);
    expect(picture.length).toBeLessThanOrEqual(5_242_880);
    // What is asked for would not fit: the quality gives way as far as it must, and no further.
    expect(picture.length).toBeGreaterThan(shot === 'detail' ? 4_500_000 : 1_000_000);
    await expect(page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'safe');
  }
});
