import type { Page } from '@playwright/test';
import { ANSWERS, PHONE, Phone, PIN, SHOTS } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

/** More stops than any screen has. */
const MOST_STOPS = 80;

/** Goes on with the Tab key until what is wanted has the focus, and shows that it has. */
async function reach(page: Page, wanted: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const there = await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, wanted);
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${wanted} is not reached by the keyboard`);
}

async function use(page: Page, wanted: string, key = 'Enter'): Promise<void> {
  await reach(page, wanted);
  await page.keyboard.press(key);
}

test('a job is closed out by the keyboard alone', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await expect(page.getByLabel('Password')).toBeVisible();
  await reach(page, 'input[name="name"]');
  await page.keyboard.type(stack.technician.name);
  await reach(page, 'input[name="password"]');
  await page.keyboard.type(stack.technician.password);
  await page.keyboard.press('Enter');
  for (const heading of ['Choose a PIN', 'Enter it again']) {
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await expect(phone.pin).toBeFocused();
    await page.keyboard.type(PIN);
    await page.keyboard.press('Enter');
  }
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await use(page, `a[data-appointment="${appointment}"]`);
  await expect(page.locator('.where')).toBeVisible();
  for (const step of ['on_my_way', 'arrived', 'started'] as const) {
    const asks = page.getByTestId('start-without-product');
    const button = page.locator(`.bottom [data-step="${step}"]`);
    await expect(button.or(asks)).toBeVisible();
    if (await asks.isVisible()) await use(page, '[data-testid="start-without-product"]');
    await use(page, `.bottom [data-step="${step}"]`);
    await phone.has(`li[data-stage="${step}"].done`);
  }
  for (const [question, answer] of Object.entries(ANSWERS)) {
    await use(page, `[data-question="${question}"] [data-answer="${answer}"]`);
    await phone.has(`[data-question="${question}"] [data-answer="${answer}"][aria-pressed="true"]`);
  }
  for (const [i, shot] of SHOTS.entries()) {
    const picture = await smallPhoto(page, 'image/jpeg', i);
    await reach(page, `input[data-shot="${shot}"]`);
    // What has the focus is seen, though the input itself is not.
    const outline = page.locator('label', { has: page.locator(`input[data-shot="${shot}"]`) });
    await expect(outline).toHaveCSS('outline-style', 'solid');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(picture);
    await phone.has('[data-photo]', i + 1);
  }
  await use(page, '.bottom [data-step="finished"]');
  await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
  await use(page, '.bottom a');
  await expect(page.getByRole('heading', { name: /^Today/ })).toBeVisible();
  await use(page, '[data-testid="chip"]');
  await use(page, '[data-testid="lock"]');
  await expect(phone.pin).toBeFocused();
  await page.keyboard.type(PIN);
  await page.keyboard.press('Enter');
  await expect(phone.jobs.first().or(page.getByTestId('lane-data'))).toBeVisible();
  await context.close();
});
