import type { BrowserContext } from '@playwright/test';
import { look } from '../look';
import { Phone, PHONE } from '../phone';
import { expect, test } from '../story';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const IPAD =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

async function onHomeScreen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Object.defineProperty(navigator, 'standalone', { value: true }));
}

for (const [device, userAgent] of [
  ['an iPhone', IPHONE],
  ['an iPad', IPAD],
] as const) {
  test(`${device} says how to install the page before anybody signs in, and then lets them`, async ({ browser, stack }) => {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, userAgent });
    // As such a device counts its fingers.
    await context.addInitScript(() => Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 }));
    const tab = await Phone.open(context, stack.address);
    await expect(tab.page.getByTestId('install')).toContainText('Add to Home Screen');
    await expect(tab.page.getByLabel('Password')).toHaveCount(0);
    await look(tab.page, 'phone-install');
    await tab.page.close();

    await onHomeScreen(context);
    const installed = await Phone.open(context, stack.address);
    await expect(installed.page.getByTestId('install')).toHaveCount(0);
    await installed.signIn(stack.technician);
    await installed.ready();
    // The map app of such a device, and nobody's history.
    const [appointment = ''] = await installed.appointments();
    await installed.openJob(appointment);
    await expect(installed.page.locator('a[href^="maps:?q="]')).toHaveCount(1);
    await context.close();
  });
}

test('a technician who signed in in a tab of an iPhone begins no job there, and goes on with one that is begun', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const before = await Phone.open(context, stack.address);
  await before.signIn(stack.technician);
  await before.ready();
  const [begun = '', other = ''] = await before.appointments();
  await before.openJob(begun);
  await before.tap('on_my_way');
  await expect(before.chip).toHaveText('Safe');
  await before.page.close();

  // The same browser, with what tells an iPhone.
  await context.addInitScript((userAgent) => Object.defineProperty(navigator, 'userAgent', { value: userAgent }), IPHONE);
  const tab = await Phone.open(context, stack.address, `#/job/${other}`);
  await expect(tab.page.getByTestId('install')).toBeVisible();
  await expect(tab.page.locator('[data-step]')).toHaveCount(0);
  await look(tab.page, 'phone-job-install');
  await tab.openJob(begun);
  await expect(tab.page.getByTestId('install')).toHaveCount(0);
  await tab.tap('arrived');
  await expect(tab.chip).toHaveText('Safe');
  await context.close();
});

test('another browser offers to install the page in the sync panel, and asks for nothing', async ({ phone }) => {
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await expect(phone.page.locator('a[href^="geo:0,0?q="]')).toHaveCount(1);
  await expect(phone.page.getByTestId('install')).toHaveCount(0);
  await phone.page.evaluate(() => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: () => void Object.assign(globalThis, { prompted: true }),
    });
    dispatchEvent(event);
  });
  await phone.go('#/sync');
  const offer = phone.page.getByRole('button', { name: 'Install Doorstep on this phone' });
  await look(phone.page, 'phone-sync-install', offer);
  await offer.click();
  expect(await phone.page.evaluate(() => Reflect.get(globalThis, 'prompted') as unknown)).toBe(true);
  await expect(offer).toHaveCount(0);
});
