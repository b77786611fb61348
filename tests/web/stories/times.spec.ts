import type { Page } from '@playwright/test';
import { SHOTS } from '../phone';
import { cameraPhoto } from '../picture';
import { expect, test } from '../story';

const MINUTE = 60_000;

/** Says that a step was earlier than it was tapped. */
async function correct(page: Page, step: string, earlier: number, why: string): Promise<void> {
  await page.getByTestId(`correct-${step}`).click();
  const form = page.getByTestId('correct-form');
  const [day, time] = [form.locator('input[type="date"]'), form.locator('input[type="time"]')];
  const shown = new Date(Date.parse(`${await day.inputValue()}T${await time.inputValue()}Z`) - earlier).toISOString();
  await day.fill(shown.slice(0, 10));
  await time.fill(shown.slice(11, 16));
  await form.getByLabel(why).check();
  await form.getByRole('button', { name: 'Correct the time' }).click();
  await expect(form).toBeHidden();
}

test('times that are corrected, a colleague and a pause reach Amazon and the board', async ({ stack, desk, phone }) => {
  await stack.addColleague();
  await phone.tryNow();
  const next = phone.page.locator('section[aria-label="Next job"] a');
  const appointment = (await next.getAttribute('data-appointment')) ?? '';
  const serviceJob = await desk.serviceJob(appointment);
  await desk.openDrawer(appointment);
  await next.click();

  // On the way, with what the buyer can expect in one tap.
  await phone.tap('on_my_way');
  await phone.page.locator('[data-eta="15"]').click();
  await expect(phone.page.getByTestId('eta')).toContainText('Expected');
  await expect(desk.drawer).toContainText('Expected');
  await phone.tap('arrived');
  await phone.tap('started');
  await phone.page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(phone.page.getByTestId('pausing')).toBeVisible();
  await phone.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(phone.page.getByTestId('pausing')).toBeHidden();

  // All of it was an hour and more ago: the phone was off.
  const reason = 'The phone was off';
  await correct(phone.page, 'on_my_way', 120 * MINUTE, reason);
  await correct(phone.page, 'arrived', 90 * MINUTE, reason);
  await correct(phone.page, 'started', 60 * MINUTE, reason);
  await expect(phone.page.getByTestId('corrected')).toHaveCount(3);
  const said = Date.now() - 60 * MINUTE;

  // Nobody can have started tomorrow.
  await phone.page.getByTestId('correct-started').click();
  const form = phone.page.getByTestId('correct-form');
  await form.locator('input[type="date"]').fill('2099-01-01');
  await form.getByRole('button', { name: 'Correct the time' }).click();
  await expect(form.getByRole('alert')).toHaveText('This time has not come yet.');
  await form.getByRole('button', { name: 'Leave it as it is' }).click();

  // Somebody who was not assigned came along.
  const crew = phone.page.getByTestId('crew');
  await expect(crew.getByRole('checkbox')).toHaveCount(1);
  await crew.getByRole('button', { name: 'Show all colleagues' }).click();
  const colleague = crew.getByRole('checkbox').nth(1);
  await expect(colleague).not.toBeChecked();
  await colleague.check();
  await expect(colleague).toBeChecked();

  await phone.answerAll();
  for (const [i, shot] of SHOTS.entries()) await phone.take(shot, await cameraPhoto(desk.page, i + 1));
  await phone.tap('finished');
  await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
  await desk.sent(appointment);
  await expect(desk.drawer.getByTestId('corrected').last()).toContainText('the phone was off');
  await expect(desk.drawer.getByTestId('present')).toContainText(',');

  const { body } = await stack.sandbox.fulfilment(serviceJob);
  const { startTime, endTime } = body.fulfillmentTime as { startTime: string; endTime: string };
  expect(Math.abs(Date.parse(startTime) - said)).toBeLessThan(2 * MINUTE);
  expect(Date.parse(endTime) - Date.parse(startTime)).toBeGreaterThan(55 * MINUTE);
  expect(body.appointmentResources).toEqual([{ resourceId: 'RESA1' }, { resourceId: 'RESB2' }]);
});
