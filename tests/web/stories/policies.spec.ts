import type { Browser, Route } from '@playwright/test';
import { DESK, Desk } from '../desk';
import { look } from '../look';
import type { Phone } from '../phone';
import type { Stack } from '../stack';
import { expect, test } from '../story';

const QUESTION = 'question_5';

async function office(browser: Browser, stack: Stack): Promise<Desk> {
  await stack.addAdministrator();
  const context = await browser.newContext({ viewport: DESK });
  return Desk.openCloseout(context, stack.address, stack.administrator);
}

/** The phone looks at its day again. */
async function lookAgain(phone: Phone): Promise<void> {
  await phone.go('#/sync');
  await Promise.all([
    phone.page.waitForResponse((response) => response.url().endsWith('/api/day')),
    phone.page.getByRole('button', { name: 'Try now' }).click(),
  ]);
}

test('a question that an administrator writes and publishes is asked on the phone where nothing is begun', async ({
  browser,
  stack,
  phone,
}) => {
  const [begun = '', fresh = ''] = await phone.appointments();
  await phone.openJob(begun);
  await phone.tap('on_my_way');
  await expect(phone.chip).toHaveText('Safe');

  // What is half written says so at its field, and cannot be published.
  const { page } = await office(browser, stack);
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.getByRole('button', { name: 'Add a question' }).click();
  await expect(page.locator('[data-flaw="questions.4.text"]')).toHaveText('Write what the technician reads.');
  await look(page, 'closeout-unfinished');
  await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
  const item = page.locator(`[data-item="${QUESTION}"]`);
  await item.getByLabel('Question', { exact: true }).fill('The water is on again');
  await item.getByText('0 translations of 5').click();
  await item.getByLabel('German').fill('Das Wasser läuft wieder');
  await expect(page.locator('[data-flaw]')).toHaveCount(0);
  await expect(page.getByTestId('difference')).toContainText('New Question: The water is on again');
  await page.getByLabel('For visits that start from').fill('2026-01-01T00:00');
  await expect(page.getByTestId('affected')).toContainText('1 visit is begun and keeps what it has.');
  await look(page, 'closeout-policy');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.locator('[data-scope]')).toContainText('Version 1 since');
  await look(page, 'closeout');
  await page.getByRole('button', { name: 'Change kinds of service' }).click();
  await look(page, 'closeout-services');

  // The phone has it with its next look at the day.
  await lookAgain(phone);
  await phone.openJob(begun);
  await expect(phone.verdict).toContainText('Something was damaged');
  await expect(phone.verdict).not.toContainText('The water is on again');
  await phone.openJob(fresh);
  await expect(phone.verdict).toContainText('The water is on again');
});

test('what somebody changed on the way to the phone is said, and what it had before holds', async ({ stack, phone }) => {
  const [appointment = ''] = await phone.appointments();
  const tamper = async (route: Route): Promise<void> => {
    const answer = await route.fetch();
    const text = (await answer.text()).replaceAll('site_clean', 'site_dirty');
    await route.fulfill({ response: answer, body: text });
  };
  await phone.page.route(`${stack.address}/api/day`, tamper);
  // A page keeps what it was told; a new one is told all of it.
  await phone.page.reload();
  await phone.unlockIfLocked();
  await phone.openJob(appointment);
  await expect(phone.page.getByTestId('doubted')).toBeVisible();
  await look(phone.page, 'phone-policy-doubted');
  const asked = (question: string) => phone.verdict.locator(`a[href*="answers.${question}"]`);
  await expect(asked('site_clean')).toHaveCount(1);
  await expect(asked('site_dirty')).toHaveCount(0);
  await phone.page.unroute(`${stack.address}/api/day`, tamper);
  await lookAgain(phone);
  await phone.openJob(appointment);
  await expect(phone.page.getByTestId('doubted')).toHaveCount(0);
});
