import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installed } from '../chromium';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';
import { asUnlocked } from '../unlocked';

test('the cookie alone is given no day; a browser killed right after the PIN that lost it sends again without the password', async ({
  stack,
}) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-profile-'));
  let browser = await Installed.start(profile);
  try {
    let phone = await Phone.open(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await phone.signIn(stack.technician);
    const [appointment = ''] = await phone.appointments();
    await phone.holds(appointment);
    const alone = await phone.page.request.get(`${stack.address}/api/day`);
    expect([alone.status(), ((await alone.json()) as { code: string }).code]).toEqual([403, 'unlock_wanted']);
    await browser.kill();

    browser = await Installed.start(profile);
    // The browser writes a cookie to the disk when it likes; this time it had not.
    await browser.context.clearCookies();
    phone = await Phone.openAsItIs(browser.context, stack.address);
    await phone.page.setViewportSize(PHONE);
    await phone.unlock();
    await phone.openJob(appointment);
    await phone.tap('on_my_way');
    await expect(phone.chip).toHaveText('Safe');
    await expect(phone.page.getByLabel('Password')).toHaveCount(0);
    expect((await asUnlocked(phone.page, '/api/day')).status()).toBe(200);

    // Signing out ends that: whoever kept the key comes to no session by it.
    await phone.page.evaluate(async () => void (await fetch('/api/sign-out', { method: 'POST' })));
    await phone.tap('arrived');
    await expect(phone.chip).toContainText('Signed out');
    await phone.go('#/sync');
    await expect(phone.page.getByLabel('Password')).toBeVisible();
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true });
  }
});
