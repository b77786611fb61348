import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { keysInTheClear, outbox } from '../disk';
import { Phone, PHONE } from '../phone';
import { cameraPhoto } from '../picture';
import { sha256 } from '../sandbox';
import { type Stack, WEB } from '../stack';
import { expect, test } from '../story';

/**
 * A phone whose browser gives it so many bytes. Set before anything is opened: the browser trusts for a while what it
 * once found to be free.
 */
async function cramped(browser: Browser, stack: Stack, room: number): Promise<Phone> {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const quotaSize = (await shellBytes()) + FIRST_DAY_BYTES + room;
  await session.send('Storage.overrideQuotaForOrigin', { origin: stack.address, quotaSize });
  await page.goto(stack.address);
  const phone = new Phone(page, stack.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  return phone;
}

/** Of a day before anything was recorded: each job has its policy beside it, in all its languages. */
const FIRST_DAY_BYTES = 200_000;

/** Of the files that the service worker keeps of a phone in English. */
async function shellBytes(): Promise<number> {
  const worker = await readFile(join(WEB, 'sw.js'), 'utf8');
  const lists = /^self\.DOORSTEP_SHELL = (.*);$/m.exec(worker)?.[1] ?? '';
  const { files, later } = JSON.parse(lists) as Record<'files' | 'later', Record<string, string>>;
  const sizes = Object.keys({ ...files, ...later }).map(async (name) => (await stat(join(WEB, name === '/' ? 'index.html' : name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const RESERVE_BYTES = 16 * 1024 * 1024;

async function reserve(page: Page): Promise<number> {
  return page.evaluate(
    async () =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('doorstep');
        request.onerror = () => reject(new Error('the store did not answer'));
        request.onsuccess = () => {
          const count = request.result.transaction('reserve').objectStore('reserve').count();
          count.onsuccess = () => {
            request.result.close();
            resolve(count.result);
          };
        };
      }),
  );
}

test('what is set aside grows by and by to a tenth of the room there is', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  await context.clock.install();
  // What a browser says of its quota is not what it keeps to: this one says what it is told.
  await context.addInitScript((quota) => {
    navigator.storage.estimate = () => Promise.resolve({ usage: 0, quota });
  }, 25 * RESERVE_BYTES);
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await phone.signIn(stack.technician);
  await expect.poll(() => reserve(page)).toBe(1);
  // Two pieces are a tenth of it, or a little less; a third would be more.
  for (let times = 0; times < 3; times++) {
    await page.clock.fastForward(121_000);
    await expect.poll(() => reserve(page)).toBe(2);
  }
  await expect(phone.chip).toHaveText('Nothing to send');
  await context.close();
});

for (const [used, isSaid] of [
  [0.71, 1],
  [0.69, 0],
] as const) {
  test(`a phone with ${used * 100} % of its room in use ${isSaid ? 'says so' : 'says nothing of it'} on the list of the day`, async ({ browser, stack }) => {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
    await context.addInitScript((usage) => {
      navigator.storage.estimate = () => Promise.resolve({ usage, quota: 1e9 });
    }, used * 1e9);
    const phone = await Phone.open(context, stack.address);
    await phone.signIn(stack.technician);
    await phone.ready();
    const said = phone.page.getByText('There is little room left for photos', { exact: false });
    await expect(said).toHaveCount(isSaid);
    await phone.go('#/sync');
    await expect(phone.page.getByTestId('storage')).toBeVisible();
    await expect(said).toHaveCount(isSaid);
    await context.close();
  });
}

test('a photo that finds no room takes the reserve', async ({ browser, stack, desk }) => {
  const phone = await cramped(browser, stack, RESERVE_BYTES + 200_000);
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect.poll(() => reserve(phone.page)).toBe(1);
  await context.setOffline(true);

  const photo = await phone.take('after', await cameraPhoto(phone.page, 1));
  await expect(phone.page.getByText('The photo is saved, in the last room this phone had for it.')).toBeVisible();
  expect(await reserve(phone.page)).toBe(0);
  const taken = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
  expect(taken.length).toBeGreaterThan(200_000);

  await context.setOffline(false);
  await phone.tryNow();
  await expect.poll(() => desk.row(appointment).locator('[data-cell="photos"]').textContent()).toBe('1 of 1');
  expect(sha256(await desk.picture(photo))).toBe(sha256(taken));
  await context.close();
});

test('a phone without any room says so, records nothing half and keeps what it had', async ({ browser, stack }) => {
  const phone = await cramped(browser, stack, 200_000);
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.shotInput('after').setInputFiles(await cameraPhoto(phone.page, 1));
  await expect(phone.page.getByText('The phone’s storage is full.', { exact: false })).toBeVisible();
  await expect(phone.photos).toHaveCount(0);
  expect((await phone.storedPictures()).size).toBe(0);
  await phone.go('#/sync');
  await expect(phone.page.getByTestId('storage')).toContainText('Nothing could be set aside for the next photos.');
  await phone.page.reload();
  await phone.openJob(appointment);
  await expect(phone.recorded('started')).toHaveClass(/done/);
  await context.close();
});

/** The stores of the versions before this one. Those who had the first had no lock either. */
const BEFORE = [
  ['first', 1, ['rows', 'photos', 'holder']],
  ['second', 2, ['rows', 'photos', 'holder', 'reserve']],
] as const;

for (const [which, version, stores] of BEFORE) {
  test(`a store of the ${which} version opens in this one with all that waits in it`, async ({ phone, desk }) => {
    const context = phone.page.context();
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    await context.setOffline(true);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    const photo = await phone.take('after', await cameraPhoto(phone.page, 1));
    // Answers changed over and over, until fifty changes and a photo wait.
    for (let round = 0; round < 24; round += 1) {
      await phone.answer('work_done', round % 2 ? 'yes' : 'no');
      await phone.answer('tested', round % 2 ? 'yes' : 'no');
    }
    await phone.answerAll();
    await expect(phone.chip).toContainText('Saved on this phone');
    const taken = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);

    // As that version left it: its stores and no more. Told from a page that has nothing open.
    await phone.page.goto(`${phone.address}/icon.svg`);
    const waiting = await phone.page.evaluate(async ({ version, stores }) => {
      const settled = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error('the store did not answer'));
        });
      const worker = navigator.serviceWorker.controller;
      const { port1, port2 } = new MessageChannel();
      const recalled = new Promise<string>((resolve) => {
        port1.onmessage = ({ data }) => resolve((data as { storeKey: string }).storeKey);
      });
      worker?.postMessage({ kind: 'recall' }, [port2]);
      const storeKey = await recalled;
      if (version === 1) {
        worker?.postMessage({ kind: 'forget' });
        await (await navigator.storage.getDirectory()).removeEntry('keys');
      }
      const now = await settled(indexedDB.open('doorstep'));
      const held = await Promise.all(
        stores.map(async (name) => {
          const store = now.transaction(name).objectStore(name);
          const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
          return keys.map((key, i) => ({ name, key, value: values[i] as unknown }));
        }),
      );
      now.close();
      await settled(indexedDB.deleteDatabase('doorstep'));
      const request = indexedDB.open('doorstep', version);
      request.onupgradeneeded = () => stores.forEach((name) => request.result.createObjectStore(name));
      const before = await settled(request);
      const transaction = before.transaction(stores, 'readwrite');
      // Without a lock the key lay beside the name, in the clear.
      const asThen = ({ name, value }: { name: string; value: unknown }): unknown => {
        if (version > 1 || name !== 'holder') return value;
        const { signedIn: _, ...holder } = value as { signedIn: boolean };
        return { ...holder, storeKey };
      };
      for (const row of held.flat()) transaction.objectStore(row.name).put(asThen(row), row.key);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      before.close();
      return held.flat().filter(({ key }) => Array.isArray(key) && String(key[1]).startsWith('change/')).length;
    }, { version, stores });
    expect(waiting).toBeGreaterThanOrEqual(50);

    await phone.page.goto(`${phone.address}/`);
    if (version === 1) await phone.choosePin();
    await expect(phone.jobs.first()).toBeVisible();
    // What waits is owed to the outbox, which no version before had.
    await expect.poll(async () => (await phone.page.evaluate(outbox)).length).toBeGreaterThan(waiting);
    expect(await phone.page.evaluate(keysInTheClear)).toEqual([null]);
    await phone.openJob(appointment);
    expect(sha256((await phone.storedPictures()).get(photo) ?? Buffer.alloc(0))).toBe(sha256(taken));
    expect(await reserve(phone.page)).toBe(1);
    await context.setOffline(false);
    await phone.tryNow();
    await expect(phone.page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'safe');
    await expect(phone.chip).toHaveText('Safe');
    expect(sha256(await desk.picture(photo))).toBe(sha256(taken));
    await expect(desk.row(appointment)).toContainText('4 of 4');
  });
}
