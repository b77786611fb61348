import { type Browser } from '@playwright/test';
import { seeing } from '../camera';
import { DESK, Desk } from '../desk';
import { look } from '../look';
import { PHONE, Phone } from '../phone';
import type { Stack } from '../stack';
import { expect, test } from '../story';

test.use({ settings: { DOORSTEP_ENROLMENT: 'required' } });

async function bare(browser: Browser, stack: Stack): Promise<Phone> {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  return Phone.open(context, stack.address);
}

test('a supervisor makes a code, the phone takes it once, and it is in the list under its name', async ({ browser, stack }) => {
  const desk = await Desk.open(await browser.newContext({ viewport: DESK }), stack.address, stack.supervisor);
  const office = desk.page;
  await office.getByRole('link', { name: 'Phones' }).click();
  await office.getByLabel('Technician').selectOption('robin');
  await office.getByLabel('Name of the phone').fill('Blue phone');
  await office.getByRole('button', { name: 'Make a code' }).click();
  const shown = office.getByTestId('code');
  const code = (await shown.locator('.code').innerText()).trim();
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expect(shown.locator('svg')).toBeVisible();
  await look(office, 'desk-phones-code');

  // Name and password alone make no phone here.
  const phone = await bare(browser, stack);
  const { page } = phone;
  await page.getByLabel('Name').fill('robin');
  await page.getByLabel('Password').fill(stack.technician.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('This phone is not enrolled yet');

  await page.getByRole('button', { name: 'Enter the code from the office' }).click();
  await page.getByLabel('Code from the office').fill('ACDE-FGHJ');
  await page.getByRole('button', { name: 'Use this code' }).click();
  await expect(page.getByRole('alert')).toContainText('This code does not work');
  await look(page, 'phone-code-refused');
  await page.getByLabel('Code from the office').fill(code.toLowerCase());
  await look(page, 'phone-code');
  await page.getByRole('button', { name: 'Use this code' }).click();
  await phone.admitted();
  await phone.ready();
  await expect(office.locator('tr[data-device] strong')).toHaveText('Blue phone');

  const other = await bare(browser, stack);
  await other.page.getByRole('button', { name: 'Enter the code from the office' }).click();
  await other.page.getByLabel('Code from the office').fill(code);
  await other.page.getByRole('button', { name: 'Use this code' }).click();
  await expect(other.page.getByRole('alert')).toContainText('This code does not work');
  await page.reload();
  expect((await phone.appointments()).length).toBeGreaterThan(0);
});

test('a phone takes the code by its camera, also where the browser reads no codes', async ({ stack, desk }, info) => {
  const office = desk.page;
  await office.getByRole('link', { name: 'Phones' }).click();
  await office.getByLabel('Technician').selectOption('robin');
  await office.getByRole('button', { name: 'Make a code' }).click();
  const code = (await office.getByTestId('code').locator('.code').innerText()).replace('-', '').trim();

  const browser = await seeing(code, 'QRCode', info.outputDir);
  try {
    const phone = await bare(browser, stack);
    await phone.page.getByRole('button', { name: 'Enter the code from the office' }).click();
    await phone.page.getByRole('button', { name: 'Scan it with the camera' }).click();
    await phone.admitted();
  } finally {
    await browser.close();
  }
  await expect(office.locator('tr[data-device] strong')).toHaveText('robin’s phone');
});
