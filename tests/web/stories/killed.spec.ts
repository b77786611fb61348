import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { Installed } from '../chromium';
import { PHONE, Phone, type Step } from '../phone';
import { smallPhoto } from '../picture';
import { sha256 } from '../sandbox';
import type { Stack } from '../stack';
import { expect, test } from '../story';
import { asUnlocked } from '../unlocked';

/** Opens the job cold, without a network. */
async function reopened(context: BrowserContext, stack: Stack, appointment: string): Promise<Phone> {
  await context.setOffline(true);
  const phone = await Phone.open(context, stack.address, `#/job/${appointment}`);
  await expect(phone.verdict).toBeVisible();
  return phone;
}

/** Every photo on the screen is whole in the store, and none lies there that the screen does not show. */
async function expectWhole(phone: Phone): Promise<string[]> {
  const shown = await phone.photos.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-photo') ?? ''));
  expect([...(await phone.storedPictures()).keys()].sort()).toEqual([...shown].sort());
  for (const image of await phone.photos.locator('img').all()) {
    await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  }
  await expect(phone.photos.locator('img')).toHaveCount(shown.length);
  return shown;
}

/** All that is on the phone reaches the server, bytes equal. */
async function expectAllSafe(phone: Phone, photos: string[]): Promise<void> {
  await phone.page.context().setOffline(false);
  await expect(phone.chip).toHaveText('Safe');
  await expect(phone.photos).toHaveCount(photos.length);
  const stored = await phone.storedPictures();
  for (const photo of photos) {
    const response = await asUnlocked(phone.page, `/api/photos/${photo}/picture`);
    expect(response.status()).toBe(200);
    expect(sha256(await response.body())).toBe(sha256(stored.get(photo) ?? Buffer.alloc(0)));
  }
}

test('a tab killed between capture and save shows the photo whole or not at all, and keeps what it called saved', async ({
  stack,
  phone,
}) => {
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  await phone.page.close();
  let tab = await reopened(context, stack, appointment);
  const crash = async (): Promise<void> => {
    const gone = tab.page.waitForEvent('crash');
    const session = await context.newCDPSession(tab.page);
    // Nobody is left to answer.
    void session.send('Page.crash').catch(() => undefined);
    await gone;
    await tab.page.close();
    tab = await reopened(context, stack, appointment);
  };
  const file = await smallPhoto(tab.page, 'image/jpeg', 1);

  await tab.tap('on_my_way');
  await expect(tab.chip).toContainText('Saved on this phone');
  await crash();
  await expect(tab.recorded('on_my_way')).toHaveClass(/done/);

  // Right after the tap the screen has promised nothing; either way the line is whole.
  await tab.page.locator('.bottom [data-step="arrived"]').click();
  await crash();
  if ((await tab.page.locator('.bottom [data-step="arrived"]').count()) > 0) await tab.tap('arrived');
  await tab.tap('started');
  await expect(tab.chip).toContainText('Saved on this phone');

  await tab.shotInput('after').setInputFiles(file);
  await crash();
  const after = await expectWhole(tab);
  expect(after.length).toBeLessThanOrEqual(1);

  await tab.shotInput('after').setInputFiles(file);
  await tab.page.close();
  tab = await reopened(context, stack, appointment);
  await expectWhole(tab);

  const saved = await tab.take('detail', file);
  await crash();
  const photos = await expectWhole(tab);
  expect(photos).toContain(saved);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await expect(tab.recorded(step)).toHaveClass(/done/);
  await expectAllSafe(tab, photos);
});

/** The moments at which the page stops for good: the first transaction that puts a photo, from its first call to its end. */
const MOMENTS = ['before the picture', 'between picture and row', 'behind the row', 'before the commit', 'after the commit'] as const;
type Moment = (typeof MOMENTS)[number];

/** Stops the page at a moment, so that the browser can be killed there. */
async function stopAt(phone: Phone, moment: Moment): Promise<() => Promise<void>> {
  const here = phone.page.waitForEvent('console', (message) => message.text() === 'stopped');
  await phone.page.evaluate((at) => {
    const stop = (): void => {
      console.debug('stopped');
      for (;;);
    };
    const { put } = IDBObjectStore.prototype;
    let capturing: IDBTransaction | null = null;
    IDBObjectStore.prototype.put = function (...given) {
      if (at === 'before the picture' && this.name === 'photos') stop();
      if (this.name === 'photos') capturing ??= this.transaction;
      if (this.name !== 'rows' || this.transaction !== capturing) return put.apply(this, given);
      if (at === 'between picture and row') stop();
      const request = put.apply(this, given);
      if (at === 'behind the row') stop();
      if (at === 'before the commit') request.addEventListener('success', stop);
      if (at === 'after the commit') this.transaction.addEventListener('complete', stop);
      return request;
    };
  }, moment);
  return async () => void (await here);
}

test('a browser killed at any moment of saving a photo, offline, never has half of it', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  const open = async (appointment: string): Promise<Phone> => {
    const phone = await reopened(browser.context, stack, appointment);
    await phone.page.setViewportSize(PHONE);
    return phone;
  };
  try {
    let phone = await Phone.open(browser.context, stack.address);
    await phone.signIn(stack.technician);
    await phone.ready();
    const [appointment = ''] = await phone.appointments();
    const file = await smallPhoto(phone.page, 'image/jpeg', 1);
    // What the browser itself keeps (its cookies, the page without a network) is written by now and then.
    await browser.close();
    browser = await Installed.start(profile);
    phone = await open(appointment);

    const kill = async (): Promise<void> => {
      await browser.kill();
      browser = await Installed.start(profile);
      phone = await open(appointment);
    };
    const done: Step[] = [];
    for (const step of ['on_my_way', 'arrived', 'started'] as const) {
      await phone.tap(step);
      done.push(step);
      await expect(phone.chip).toContainText('Saved on this phone');
    }
    await kill();
    for (const step of done) await expect(phone.recorded(step)).toHaveClass(/done/);

    let photos: string[] = [];
    for (const moment of MOMENTS) {
      const stopped = await stopAt(phone, moment);
      await phone.shotInput('after').setInputFiles(file);
      await stopped();
      await kill();
      const now = await expectWhole(phone);
      expect(now, moment).toEqual(expect.arrayContaining(photos));
      // Before the commit there is nothing to find, and after it everything.
      expect(now.length, moment).toBe(moment === 'after the commit' ? photos.length + 1 : photos.length);
      photos = now;
    }
    const saved = await phone.take('detail', file);
    await kill();
    photos = await expectWhole(phone);
    expect(photos).toContain(saved);
    await expectAllSafe(phone, photos);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});

test('a browser killed while the camera is open opens at the shot again, and says that no photo came', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  try {
    let phone = await Phone.open(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await phone.signIn(stack.technician);
    await phone.ready();
    const [, appointment = ''] = await phone.appointments();
    await browser.close();
    browser = await Installed.start(profile);
    phone = await reopened(browser.context, stack, appointment);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.answerAll();
    const camera = phone.page.waitForEvent('filechooser');
    // The last answer and the camera in one breath.
    await phone.answerButton('damage', 'yes').click();
    await phone.page.locator('label:has(> input[data-shot="after"])').click();
    await camera;
    await browser.kill();

    browser = await Installed.start(profile);
    await browser.context.setOffline(true);
    phone = await Phone.open(browser.context, stack.address);
    await expect(phone.page.locator('section[id="field-photos.after"]').getByTestId('lost-photo')).toBeVisible();
    await expect(phone.page.locator('section[id="field-photos.after"]')).toBeInViewport();
    await expect(phone.answerButton('damage', 'yes')).toHaveAttribute('aria-pressed', 'true');
    await expect(phone.page.locator('[data-question] [aria-pressed="true"]')).toHaveCount(4);
    const photo = await phone.take('after', await smallPhoto(phone.page, 'image/jpeg', 1));
    await expect(phone.page.getByTestId('lost-photo')).toHaveCount(0);
    expect(await expectWhole(phone)).toEqual([photo]);
    await expectAllSafe(phone, [photo]);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});
