import { chromium } from '@playwright/test';
import { CHROMIUM } from '../chromium';
import { look } from '../look';
import { Office } from '../office';
import { PHONE, Phone } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

/** A camera before which nothing stands that could be read. */
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

// Screens that only some policies ask for, each looked at in light and dark and by axe.
test.slow();

test('what a sample and the scanner show keeps nobody out', async ({ stack }) => {
  await stack.addAdministrator();
  const office = await Office.of(stack, stack.administrator);
  const browser = await chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, ...CAMERA] });
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'en-US' });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  const sample = await office.keepSample((await smallPhoto(page, 'image/jpeg', 7)).buffer);
  await office.publish({
    version: 0,
    questions: [],
    shots: [{ id: 'after', text: 'The finished work', texts: {}, minimum: 1, sample, longEdge: null, quality: null, pair: null, shownIf: null }],
    minimumPhotos: 1,
    signature: 'required',
    serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
  });
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const small = page.locator('[data-sample]');
  await expect(small).toBeVisible();
  await look(page, 'phone-sample', small);
  await small.click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await look(page, 'phone-sample-large');
  await page.keyboard.press('Escape');

  await page.locator('[data-serial="unit"] .ways button').first().click();
  await expect(page.locator('[data-serial="unit"] video')).toBeVisible();
  await look(page, 'phone-scan', page.locator('[data-serial="unit"]'));
  await browser.close();
});
