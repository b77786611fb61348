import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { PHONE, Phone, PIN } from '../phone';
import { cameraPhoto, smallPhoto } from '../picture';
import { expect, test } from '../story';

const TABLET = { width: 820, height: 1180 };
const THEMES = ['light', 'dark', 'sunlight'] as const;

/** Each language by what the browser says it wants. */
const LANGUAGES = [
  ['en', 'en-US'],
  ['de', 'de-DE'],
  ['ja', 'ja-JP'],
] as const;

/** One screen in each set of colours on a phone and on a tablet, photographed whole and read by axe. */
async function every(page: Page, name: string): Promise<void> {
  for (const theme of THEMES) {
    await page.evaluate((set) => (document.documentElement.dataset['theme'] = set), theme);
    for (const [size, viewport] of [
      ['phone', PHONE],
      ['tablet', TABLET],
    ] as const) {
      await page.setViewportSize(viewport);
      // The whole of it in one view, so that what stays on top of the page stays where it belongs.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, height) });
      await page.screenshot({ path: `results/screens/looks/${name}-${size}-${theme}.png` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, `${name}, ${size}, ${theme}: stands out of the page`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(PHONE);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${name}, ${theme}`).toEqual([]);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, select, summary, a, label:has(input[type="file"])')].flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        return height > 0 && (height < 48 || width < 48) ? [`${one.textContent?.trim()}: ${width} × ${height}`] : [];
      }),
    );
    expect(small, `${name}, ${theme}: too small for a glove`).toEqual([]);
  }
}

for (const [language, locale] of LANGUAGES) {
  test(`every screen of the phone stands in every light, by hand and on a tablet, in ${language} @long`, async ({
    browser,
    stack,
  }) => {
    test.setTimeout(600_000);
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale, reducedMotion: 'reduce' });
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    const shot = (name: string): Promise<void> => every(page, `${language}-${name}`);
    await expect(page.locator('input[name="password"]')).toBeVisible();
    await shot('sign-in');
    await page.locator('input[name="name"]').fill(stack.technician.name);
    await page.locator('input[name="password"]').fill('not the password');
    await page.locator('form [type="submit"]').click();
    await expect(page.getByRole('alert')).toBeVisible();
    await shot('sign-in-refused');
    await page.locator('input[name="password"]').fill(stack.technician.password);
    await page.locator('form [type="submit"]').click();
    await expect(phone.pin).toBeVisible();
    await shot('choose-pin');
    await phone.pin.fill(PIN);
    await phone.pin.press('Enter');
    await expect(phone.pin).toHaveValue('');
    await phone.pin.fill(PIN);
    await phone.pin.press('Enter');
    await expect(phone.jobs.first()).toBeVisible();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await shot('today');
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    await shot('job');
    await context.setOffline(true);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.answer('work_done', 'yes');
    await phone.answer('tested', 'no');
    await phone.take('after', await cameraPhoto(page, 1));
    await phone.shotInput('detail').setInputFiles({ name: 'note.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('note') });
    await expect(page.locator('li.refused')).toBeVisible();
    await expect(phone.photos.locator('img')).toBeVisible();
    await shot('proof');
    await phone.answerAll();
    await phone.take('detail', await smallPhoto(page, 'image/jpeg', 2));
    await phone.tap('finished');
    await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
    await shot('ready');
    await phone.go('#/sync');
    await expect(page.getByTestId('unsent')).toBeVisible();
    await shot('sync-unsent');
    await phone.go('#/');
    await expect(phone.jobs.first()).toBeVisible();
    await shot('today-unsent');
    await phone.go('#/sync');
    await page.getByTestId('lock').click();
    await expect(phone.pin).toBeVisible();
    await phone.pin.fill('19283746');
    await phone.pin.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    await shot('locked-wrong-pin');
    await context.close();
  });
}
