import { PHONE, Phone } from '../phone';
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
