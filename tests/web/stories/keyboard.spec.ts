import type { Page } from '@playwright/test';
import { look } from '../look';
import { Office } from '../office';
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

/** Something has the focus, and it is seen. */
async function stands(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { activeElement: on, body } = document;
        if (!on || on === body) return 'nowhere';
        // Of a label, since its input is not seen.
        const shown = on.matches('.unseen') ? (on.closest('label') ?? on) : on;
        return getComputedStyle(shown).outlineStyle;
      }),
    )
    .toBe('solid');
}

async function use(page: Page, wanted: string, key = 'Enter'): Promise<void> {
  await reach(page, wanted);
  await stands(page);
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

test('no sheet, form or screen takes the focus away from the keyboard', async ({ browser, stack }) => {
  await stack.addColleague();
  await stack.addAdministrator();
  const office = await Office.of(stack, stack.administrator);
  await office.publish({
    version: 0,
    questions: [],
    shots: [],
    minimumPhotos: 0,
    signature: 'required',
    serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
  });
  const context = await browser.newContext({ viewport: PHONE });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await use(page, `a[data-appointment="${appointment}"]`);
  await expect(page.locator('.where h1')).toBeFocused();
  for (const step of ['on_my_way', 'arrived', 'started'] as const) {
    const asks = page.getByTestId('start-without-product');
    await expect(page.locator(`.bottom [data-step="${step}"]`).or(asks)).toBeVisible();
    if (await asks.isVisible()) await use(page, '[data-testid="start-without-product"]');
    await use(page, `.bottom [data-step="${step}"]`);
    await phone.has(`li[data-stage="${step}"].done`);
    await stands(page);
  }

  // A time that was tapped late.
  await use(page, '[data-testid="correct-on_my_way"]');
  await expect(page.locator('[data-testid="correct-form"] input[type="date"]')).toBeFocused();
  await reach(page, '[data-testid="correct-form"] input[name="reason"]');
  for (let down = 0; down < 2; down += 1) await page.keyboard.press('ArrowDown');
  await expect(page.locator('input[value="phone_was_off"]')).toBeChecked();
  await use(page, '[data-testid="correct-form"] .save');
  await expect(page.getByTestId('corrected')).toBeVisible();
  await stands(page);

  // Who was there.
  await use(page, '[data-testid="crew"] button');
  await stands(page);
  await use(page, '[data-testid="crew"] input:not(:checked)', 'Space');
  await expect(page.locator('[data-testid="crew"] input:checked')).toHaveCount(2);
  await stands(page);

  // Something else, there and back.
  const sheet = page.getByTestId('otherwise');
  await use(page, '[data-testid="otherwise"] > .wide');
  await expect(sheet.getByRole('button', { name: 'Nobody is home' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet.getByTestId('attempts')).toBeVisible();
  await stands(page);
  await use(page, '[data-how="rang"]');
  await use(page, '.sheet > .quiet');
  await expect(sheet.getByRole('button', { name: 'Something else' })).toBeFocused();
  await page.keyboard.press('Enter');
  await use(page, '.sheet > .wide:nth-child(3)');
  await reach(page, '[data-wish="cancel"] select');
  await page.keyboard.press('ArrowDown');
  await use(page, '[data-wish="cancel"] [type="submit"]');
  await expect(page.getByTestId('request')).toBeVisible();
  await stands(page);
  await use(page, '[data-testid="request"] button');
  await expect(page.getByTestId('request')).toHaveCount(0);
  await stands(page);

  // A number that is typed, and a signature that is refused.
  await use(page, '[data-serial="unit"] .ways button:last-child');
  await expect(page.locator('input[name="serial"]')).toBeFocused();
  await page.keyboard.type('SN-2044-0817');
  await look(page, 'phone-serial');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-serial="unit"] .number')).toHaveText(/^SN-2044-0817/);
  await stands(page);
  await use(page, '[data-testid="acceptance"] .ways button:last-child');
  await stands(page);
  await look(page, 'phone-unsigned', page.getByTestId('acceptance'));
  // Somebody may still change their mind.
  await use(page, '[data-testid="acceptance"] .reasons button:last-child');
  await use(page, '[data-testid="acceptance"] .ways button:last-child');
  await use(page, '[data-reason="refused"]');
  await expect(page.getByTestId('unsigned')).toBeVisible();
  await stands(page);

  await use(page, '.bottom [data-step="finished"]');
  await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
  await use(page, 'a.report');
  await expect(page.getByTestId('report').getByRole('heading', { level: 1 })).toBeFocused();
  await look(page, 'phone-report-unsigned');
  await context.close();
});
