import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Day } from '../../../web/src/generated/Day';
import { Installed } from '../chromium';
import { hasRow, keyWraps, recalledKey } from '../disk';
import { PHONE, Phone } from '../phone';
import { cameraPhoto } from '../picture';
import { foundIn } from '../profile';
import { expect, test } from '../story';
import { asUnlocked } from '../unlocked';

/** Written into the store in the clear, so that finding nothing else means something. */
const CONTROL = 'plainly visible control 4711';
const NOTE = 'The made-up dog sleeps behind the made-up fence';

/** Whatever a buyer of the day could be known by. */
function planted(day: Day): string[] {
  const buyers = day.jobs.flatMap(({ buyer, address }) => [
    buyer?.name,
    buyer?.phone,
    ...(address?.lines ?? []),
    address?.postalCode,
  ]);
  // Shorter ones are found in anything.
  return [...new Set(buyers.filter((one): one is string => typeof one === 'string' && one.length >= 7))];
}

test('no file of the browser’s profile shows a buyer or a picture, during the visit or after signing out', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  try {
    let phone = await Phone.open(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await phone.signIn(stack.technician);
    await phone.ready();
    const day = (await (await asUnlocked(phone.page, '/api/day')).json()) as Day;
    const buyers = planted(day);
    expect(buyers.length).toBeGreaterThan(10);
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await browser.context.setOffline(true);
    const taken = await cameraPhoto(phone.page, 1);
    const photo = await phone.take('after', taken);
    await phone.page.locator('textarea[name="note"]').fill(NOTE);
    await phone.page.locator('textarea[name="note"]').blur();
    await expect(phone.page.getByText(NOTE)).toBeVisible();
    await expect(phone.chip).toContainText('Saved on this phone');
    const picture = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
    expect(picture.length).toBeGreaterThan(100_000);
    const pieces = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => {
      const at = Math.floor(picture.length * share);
      return picture.subarray(at, at + 24);
    });
    const camera = [0.3, 0.6].map((share) => taken.buffer.subarray(Math.floor(taken.buffer.length * share)).subarray(0, 24));
    // The key itself, as bytes and as the text it travels in.
    const key = await phone.page.evaluate(recalledKey);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const keys = [key, key.slice(8, 40), Buffer.from(key, 'hex')];
    const needles = [...buyers, NOTE, 'Made-up camera', ...pieces, ...camera, ...keys];
    await phone.page.evaluate(async (text) => {
      const open = indexedDB.open('control', 1);
      open.onupgradeneeded = () => open.result.createObjectStore('control').put(text, 'control');
      await new Promise((resolve) => (open.onsuccess = resolve));
      open.result.close();
    }, CONTROL);

    expect(await foundIn(profile, needles), 'during the visit').toEqual([]);
    await browser.close();
    expect(await foundIn(profile, [CONTROL]), 'the scan finds what is there').not.toEqual([]);
    expect(await foundIn(profile, needles), 'with the page closed').toEqual([]);

    browser = await Installed.start(profile);
    phone = await Phone.open(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await expect(phone.chip).toHaveText('Safe');
    const wraps = (await phone.page.evaluate(keyWraps)).map((wrap) => Buffer.from(wrap));
    await phone.go('#/sync');
    await phone.page.getByRole('button', { name: 'Sign out …' }).click();
    await phone.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(phone.page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    expect(await foundIn(profile, needles), 'after signing out').toEqual([]);
    await browser.close();
    expect(await foundIn(profile, [...needles, ...wraps]), 'after signing out, with the page closed').toEqual([]);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});

test('after the lease no file of the profile has a wrap of the key, and the right PIN has nothing to open', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  const browser = await Installed.start(profile);
  try {
    const phone = await Phone.open(browser.context, stack.address);
    const { page } = phone;
    await page.setViewportSize(PHONE);
    await phone.signIn(stack.technician);
    await phone.ready();
    const day = (await (await asUnlocked(page, '/api/day')).json()) as Day;
    const key = await page.evaluate(recalledKey);
    const wraps = (await page.evaluate(keyWraps)).map((wrap) => Buffer.from(wrap));
    expect(wraps).toHaveLength(4);
    // Bytes of the file, not of its copy in this story: the scan sees them where they lie.
    for (const wrap of wraps) expect(await foundIn(profile, [wrap])).not.toEqual([]);

    await browser.context.setOffline(true);
    await page.clock.setSystemTime(Date.now() + 25 * 3_600_000);
    await page.reload();
    await expect(page.getByTestId('parted')).toBeVisible();
    expect(await page.evaluate(hasRow, 'job/')).toBe(false);
    await page.reload();
    await expect(page.getByTestId('parted')).toBeVisible();
    await expect(phone.pin).toHaveCount(0);
    const needles = [...planted(day), key, Buffer.from(key, 'hex'), ...wraps];
    expect(await foundIn(profile, needles), 'after the lease').toEqual([]);
    await browser.close();
    expect(await foundIn(profile, needles), 'after the lease, with the page closed').toEqual([]);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});
