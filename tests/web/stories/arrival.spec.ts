import { Office } from '../office';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';

test('a link of what is missing reaches a part of the job that is still on its way, and pulls nobody who went on', async ({ browser, stack }) => {
  await stack.addAdministrator();
  await (await Office.of(stack, stack.administrator)).publish({
    version: 0,
    questions: [],
    shots: [],
    minimumPhotos: 0,
    signature: 'required',
    serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
  });
  // Without the service worker each part of the page comes over the network, where it can be held up.
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'en-US', serviceWorkers: 'block' });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await phone.signIn(stack.technician);
  const [first = '', second = ''] = await phone.appointments();
  let arrive = (): void => undefined;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await phone.openJob(first);
  await expect(phone.verdict.locator('a[href$="/acceptance"]')).toBeVisible();
  await page.route('**/assets/**', async (route) => {
    await held;
    await route.continue();
  });
  const place = page.locator('[id="field-acceptance"]');
  await phone.verdict.locator('a[href$="/acceptance"]').click();
  await expect(page.locator('[data-stage="proof"] button')).toHaveCount(0);
  await expect(place).toHaveCount(0);
  arrive();
  await expect(place).toBeFocused();
  await expect(place).toBeInViewport();

  await page.unrouteAll();
  await page.reload();
  await phone.unlockIfLocked();
  await phone.openJob(second);
  await expect(phone.verdict.locator('a[href$="/acceptance"]')).toBeVisible();
  const again = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/assets/**', async (route) => {
    await again;
    await route.continue();
  });
  await phone.verdict.locator('a[href$="/acceptance"]').click();
  await page.locator('textarea[name="note"]').click();
  arrive();
  await expect(place).toHaveCount(1);
  await expect(page.locator('textarea[name="note"]')).toBeFocused();
  await context.close();
});
