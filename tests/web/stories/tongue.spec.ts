import type { Page } from '@playwright/test';
import { look } from '../look';
import { PHONE, Phone, PIN } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

test('the phone speaks the language it is set to, and the one that is chosen from then on, without a network too', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'fr-CA' });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'fr');
  const languages = page.getByTestId('languages').getByRole('combobox');
  await expect(languages).toHaveValue('fr');
  await languages.selectOption('de');
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(html).toHaveAttribute('dir', 'ltr');
  await expect(page.getByTestId('languages')).toContainText('Sprache');
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await context.setOffline(true);
  await page.reload();
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(languages).toHaveValue('de');
  await context.close();
});

/** What stands out of the page on either side, and what reads narrower than it is. */
async function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const all = [...document.body.querySelectorAll<HTMLElement>('*')];
    const shown = all.filter((one) => !one.closest('.unseen') && one.getClientRects().length > 0);
    const name = (one: HTMLElement): string => `${one.tagName.toLowerCase()}.${one.className} ${one.innerText?.slice(0, 40)}`;
    return shown.flatMap((one) => {
      const { left, right } = one.getBoundingClientRect();
      return left < -1 || right > width + 1 ? [`${name(one)}: ${Math.round(left)} to ${Math.round(right)}`] : [];
    });
  });
}

/** On which side each step's name stands of its knot and of the line between them, and which way the arrow back points. */
async function sides(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => {
    const steps = [...document.querySelectorAll('li[data-stage]')].map((step) => {
      const [knot, name] = ['.knot', '.name'].map((css) => step.querySelector(css)?.getBoundingClientRect() ?? new DOMRect());
      const { left, right } = step.getBoundingClientRect();
      const line = getComputedStyle(step, '::before');
      const isStraight = (place: number): boolean => Math.abs(place - ((knot?.left ?? 0) + (knot?.right ?? 0)) / 2) < 2;
      // The last step has none.
      const isThrough = isStraight(left + parseFloat(line.left) + 1) && isStraight(right - parseFloat(line.right) - 1);
      if (line.display !== 'none' && !isThrough) return 'beside its line';
      return (name?.left ?? 0) >= (knot?.right ?? 0) ? 'left to right' : 'right to left';
    });
    const arrow = document.querySelector('.back svg');
    const turned = arrow ? new DOMMatrix(getComputedStyle(arrow).transform).a : 0;
    return [...steps, turned === -1 ? 'right to left' : 'left to right'];
  });
  return [...new Set(found)];
}

for (const [how, prepare, side] of [
  ['a language that is read from right to left', () => (document.documentElement.dir = 'rtl'), 'right to left'],
  ['text of twice the size', () => (document.documentElement.style.fontSize = '200%'), 'left to right'],
] as const) {
  test(`every screen of the phone has room for ${how}`, async ({ browser, stack }) => {
    // German has the longest words of all.
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'de-DE' });
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    const fits = async (screen: string): Promise<void> => {
      await page.evaluate(prepare);
      expect.soft(await outside(page), screen).toEqual([]);
    };
    await expect(page.locator('input[name="password"]')).toBeVisible();
    await fits('sign-in');
    await page.locator('input[name="name"]').fill(stack.technician.name);
    await page.locator('input[name="password"]').fill(stack.technician.password);
    await page.locator('form [type="submit"]').click();
    await expect(phone.pin).toBeVisible();
    await phone.pin.fill(PIN);
    await fits('PIN');
    await phone.pin.press('Enter');
    await expect(phone.pin).toHaveValue('');
    await phone.pin.fill(PIN);
    await phone.pin.press('Enter');
    await expect(phone.jobs.first()).toBeVisible();
    await fits('today');
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    await fits('job');
    expect.soft(await sides(page)).toEqual([side]);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.take('after', await smallPhoto(page, 'image/jpeg', 1));
    await fits('proof');
    await phone.go('#/sync');
    await expect(page.getByTestId('lane-data')).toBeVisible();
    await fits('sync');
    await page.getByTestId('lock').click();
    await expect(phone.pin).toBeVisible();
    await fits('locked');
    await context.close();
  });
}

test('the tour is shown once, can be left at any card, and comes again from the sync panel', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const phone = await Phone.open(context, stack.address);
  await phone.signIn(stack.technician);
  const tour = phone.page.getByTestId('tour');
  await expect(tour).toContainText('1 of 3');
  await look(phone.page, 'phone-tour');
  await tour.getByRole('button', { name: 'Next' }).click();
  await expect(tour.getByRole('heading')).toBeFocused();
  await expect(tour).toContainText('2 of 3');
  await tour.getByRole('button', { name: 'Skip' }).click();
  await expect(tour).toHaveCount(0);
  await phone.ready();
  await phone.page.reload();
  await expect(phone.jobs.first()).toBeVisible();
  await expect(tour).toHaveCount(0);
  await context.setOffline(true);
  await phone.go('#/sync');
  await phone.page.getByRole('link', { name: 'Show the tour again' }).click();
  for (const name of ['Next', 'Next', 'Got it']) await tour.getByRole('button', { name }).click();
  await expect(tour).toHaveCount(0);
  await context.close();
});
