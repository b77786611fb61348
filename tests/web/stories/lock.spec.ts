import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Installed } from '../chromium';
import { hasRow, keysInTheClear } from '../disk';
import { look } from '../look';
import { PHONE, Phone, PIN } from '../phone';
import { expect, test } from '../story';

const TRIES = 10;
/** Longer than the longest wait between two. */
const AN_HOUR_MS = 3_600_000;

async function keyFile(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('keys')).getFile();
    return [...new Uint8Array(await file.arrayBuffer())];
  });
}

test('a PIN opens the day without a network after a restart, and nobody is asked after a mere reload', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  try {
    let phone = await Phone.open(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await phone.enterPassword(stack.technician);
    await look(phone.page, 'phone-choose-pin');
    for (const [pin, words] of [
      ['1234', /^Take 8 digits or more/],
      ['77777777', /^Digits that repeat/],
      ['23456789', /^Digits in a row/],
    ] as const) {
      await phone.pin.fill(pin);
      await phone.page.getByRole('button', { name: 'Next' }).click();
      await expect(phone.page.getByRole('alert')).toHaveText(words);
    }
    await phone.pin.fill(PIN);
    await phone.page.getByRole('button', { name: 'Next' }).click();
    await phone.pin.fill('20483971');
    await phone.page.getByRole('button', { name: 'Use this PIN' }).click();
    await expect(phone.page.getByRole('alert')).toHaveText(/^These two differ/);
    await phone.choosePin();
    await phone.ready();
    expect(await phone.page.evaluate(keysInTheClear)).toEqual([null]);
    await phone.page.reload();
    await expect(phone.jobs.first()).toBeVisible();
    await browser.close();

    browser = await Installed.start(profile);
    await browser.context.setOffline(true);
    phone = await Phone.openAsItIs(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await expect(phone.page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await expect(phone.jobs).toHaveCount(0);
    await look(phone.page, 'phone-locked');
    // By thumb, as on a phone.
    for (const digit of PIN) await phone.page.getByRole('button', { name: digit, exact: true }).click();
    await phone.page.getByRole('button', { name: 'Unlock' }).click();
    await expect(phone.jobs.first()).toBeVisible();
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});

test('a phone that is killed the moment its PIN is chosen opens by it without a network', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  try {
    // The page itself is at home by now; what is new is who signs in.
    let phone = await Phone.open(browser.context, stack.address);
    await phone.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await browser.close();
    browser = await Installed.start(profile);
    phone = await Phone.open(browser.context, stack.address);
    await phone.enterPassword(stack.technician);
    await phone.choosePin();
    await browser.kill();

    browser = await Installed.start(profile);
    await browser.context.setOffline(true);
    phone = await Phone.openAsItIs(browser.context, stack.address);
    await phone.enterPin();
    await expect(phone.page.getByRole('heading', { name: /^Today/ })).toBeVisible();
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});

test('ten wrong PINs destroy the keys, and what was recorded arrives after the next sign-in', async ({ stack, phone }) => {
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await page.context().setOffline(true);
  await phone.tap('on_my_way');
  await expect(phone.chip).toContainText('1 to send');
  await phone.go('#/sync');
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  let now = Date.now();
  for (let left = TRIES - 1; left > 0; left -= 1) {
    await phone.enterPin('90817263');
    await expect(page.getByRole('alert')).toContainText(`${left} ${left === 1 ? 'try' : 'tries'} left`);
    if (left === 7) {
      await expect(page.getByRole('alert')).toContainText('Wait 5 s');
      await look(page, 'phone-wrong-pin');
      await phone.enterPin();
      await expect(page.getByRole('alert')).toContainText(/^Wait/);
    }
    now += AN_HOUR_MS;
    await page.clock.setSystemTime(now);
  }
  await phone.enterPin('90817263');
  await expect(page.getByTestId('parted')).toHaveText(
    'Ten wrong PINs: the jobs have left this phone. Sign in with a network; what you recorded is kept: 1 change.',
  );
  const left = await keyFile(page);
  // Of both slots only header, count, device, reason and digest are left.
  for (const at of [0, 1024]) expect(left.slice(at + 25, at + 992).every((byte) => byte === 0)).toBe(true);

  await page.context().setOffline(false);
  await phone.signIn(stack.technician);
  await phone.openJob(appointment);
  await expect(phone.recorded('on_my_way')).toHaveClass(/done/);
  await expect(phone.chip).toHaveText('Safe');
});

test('whoever signs in and chooses no PIN leaves nothing that opens of the one before', async ({ stack, phone }) => {
  const { page } = phone;
  const colleague = await stack.addColleague();
  await phone.go('#/sync');
  await page.getByRole('button', { name: 'Lock now' }).click();
  await page.getByRole('button', { name: /^Forgot the PIN/ }).click();
  await phone.enterPassword(colleague);
  await expect(page.getByRole('heading', { name: 'Choose a PIN' })).toBeVisible();
  const left = await keyFile(page);
  for (const at of [0, 1024]) expect(left.slice(at + 25, at + 992).every((byte) => byte === 0)).toBe(true);
  expect(await page.evaluate(hasRow, 'job/')).toBe(false);

  await page.reload();
  await phone.signIn(stack.technician);
  await expect(phone.jobs.first()).toBeVisible();
});

test.describe('private files that do not open', () => {
  // The worker's script comes from the network, where a story can change it.
  test.use({ serviceWorkers: 'block' });

  test('are said, and are not a phone on which nobody has signed in', async ({ stack, context }) => {
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    await phone.signIn(stack.technician);
    await page.route('**/assets/slots-*.js', async (route) => {
      const fails = 'navigator.storage.getDirectory = () => Promise.reject(new DOMException("not now", "UnknownError"));';
      const response = await route.fetch();
      await route.fulfill({ response, body: fails + (await response.text()) });
    });
    await page.reload();
    await expect(page.getByTestId('stuck')).toBeVisible();
    await page.unroute('**/assets/slots-*.js');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await phone.unlock();
    await expect(phone.jobs.first()).toBeVisible();
  });
});

test.describe('a phone that nobody touches', () => {
  test.use({ settings: { DOORSTEP_IDLE_LOCK_MS: '4000' } });

  test('locks itself, every page of it, and forgets the key', async ({ phone }) => {
    const { page } = phone;
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    const other = await Phone.open(page.context(), phone.address);
    await expect(other.jobs.first()).toBeVisible();
    await page.locator('textarea[name="note"]').fill('Typed and not yet left');
    await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await expect(other.page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    expect(await page.locator('body').innerText()).not.toContain('Typed');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await phone.unlock();
    // Where it was, with what was being typed.
    await expect(page.getByText('Typed and not yet left')).toBeVisible();
  });
});
