import { writeFile } from 'node:fs/promises';
import { Memory } from '../memory';
import { largePhoto } from '../picture';
import { expect, test } from '../story';

const PHOTOS = 6;
/** Of the page's whole process, pixels included. */
const MEMORY_MB = 300;

test('six photos of 12 MP in one job fit through little memory, and every one is saved and sent', async ({ browser, phone }, info) => {
  const camera = await browser.newPage();
  await camera.goto(phone.address);
  const files: string[] = [];
  for (const seed of [1, 2]) {
    const { name, buffer } = await largePhoto(camera, seed);
    await writeFile(info.outputPath(name), buffer);
    files.push(info.outputPath(name));
  }
  await camera.close();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.page.context().setOffline(true);

  const memory = await Memory.of(browser);
  // Chosen at once, as from a camera that hands over a series: they wait for each other as files, not as pixels.
  const input = phone.shotInput('after');
  for (let n = 0; n < PHOTOS; n++) await input.setInputFiles(files[n % files.length] ?? []);
  await expect(phone.page.locator('[data-photo-state="on_phone"]')).toHaveCount(PHOTOS, { timeout: 30_000 });
  expect(await memory.end()).toBeLessThan(MEMORY_MB);
  const stored = await phone.storedPictures();
  expect(stored.size).toBe(PHOTOS);

  await phone.page.context().setOffline(false);
  await phone.tryNow();
  await expect(phone.page.locator('[data-photo-state="safe"]')).toHaveCount(PHOTOS);
  expect(await phone.storedPictures()).toEqual(stored);
});
