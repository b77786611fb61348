import { type Browser } from '@playwright/test';
import { DESK, Desk } from '../desk';
import { look } from '../look';
import { smallPhoto, type Shot } from '../picture';
import type { Stack } from '../stack';
import { expect, test } from '../story';

test.use({ observing: true });

const DESTINATION = 'createServiceDocumentUploadDestination';
const FULFIL = 'setAppointmentFulfillmentData';
const COMPLETE = 'completeServiceJobByServiceJobId';

async function twoPhotos(desk: Desk): Promise<Shot[]> {
  return [await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)];
}

async function office(browser: Browser, stack: Stack): Promise<Desk> {
  await stack.addAdministrator();
  const context = await browser.newContext({ viewport: DESK });
  return Desk.openConnection(context, stack.address, stack.administrator);
}

test('a new connection shows what it would send, and sends it once it is switched on', async ({ browser, stack, desk, phone }) => {
  const { sandbox } = stack;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await phone.closeOut(await twoPhotos(desk));
  await expect(phone.page.getByTestId('kept')).toHaveText('Kept here. Nothing is sent to Amazon yet.');

  // The board says so, on every page, and the drawer has the requests.
  await expect(desk.page.getByTestId('observing')).toContainText('Observing: nothing is sent to Amazon yet.');
  await expect(desk.row(appointment).locator('[data-cell="state"]')).toHaveText('Observing: not sent to Amazon');
  await desk.openDrawer(appointment);
  const requests = desk.drawer.locator('[data-observed]');
  await expect(requests).toHaveCount(4);
  await expect(requests.nth(3)).toContainText('PUT /service/v1/serviceJobs/');
  await look(desk.page, 'desk-observed');
  for (const operation of [DESTINATION, FULFIL, COMPLETE]) expect(await sandbox.requests(operation), operation).toEqual([]);

  // A supervisor sees the switches and cannot move them; an administrator can.
  const administrator = await office(browser, stack);
  await look(administrator.page, 'desk-connection');
  await administrator.page.getByRole('button', { name: 'Change programs' }).click();
  await look(administrator.page, 'desk-programs');
  await administrator.page.reload();
  await expect(desk.page.getByRole('link', { name: 'Connection' }).first()).toBeVisible();
  for (const operation of [DESTINATION, FULFIL, COMPLETE]) {
    const line = administrator.switchLine(operation);
    await expect(line).toHaveAttribute('data-position', 'observe');
    await expect(line.getByTestId('waiting')).toBeVisible();
    await line.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(line.getByTestId('confirm')).toContainText('From now on Amazon is really told.');
    if (operation === COMPLETE) await look(administrator.page, 'desk-connection-confirm');
    await line.getByRole('button', { name: 'Send, and what waits too' }).click();
    await expect(line).toHaveAttribute('data-position', 'send');
  }
  await expect(administrator.page.getByTestId('observing')).toHaveCount(0);
  await expect(administrator.page.getByTestId('changes')).toContainText('sam');
  await desk.sent(appointment);
  const serviceJob = await desk.serviceJob(appointment);
  const { completions } = await sandbox.job(serviceJob);
  expect(completions).toBe(1);
  expect(await sandbox.requests(COMPLETE)).toHaveLength(1);
  expect(await sandbox.attached(serviceJob)).toHaveLength(2);
});

test('where Amazon wants its own app for closing, phone and board say so and nothing is sent', async ({ browser, stack, desk, phone }) => {
  const administrator = await office(browser, stack);
  for (const operation of [DESTINATION, FULFIL, COMPLETE]) {
    const line = administrator.switchLine(operation);
    await line.getByRole('button', { name: 'Not allowed' }).click();
    await expect(line.getByTestId('confirm')).toContainText('Amazon’s app');
    await line.getByRole('button', { name: 'Not allowed from now on' }).click();
    await expect(line).toHaveAttribute('data-position', 'not_allowed');
  }
  // The phone asks for the day when somebody has it try at once.
  await phone.go('#/sync');
  await phone.page.getByRole('button', { name: 'Try now' }).click();
  await phone.go('#/');
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await expect(phone.page.getByTestId('companion')).toBeVisible();
  await phone.closeOut(await twoPhotos(desk));
  await expect(phone.page.getByTestId('kept')).toHaveText('Kept here. Close this job in Amazon’s app.');
  await look(phone.page, 'phone-companion');
  await expect(desk.row(appointment).locator('[data-cell="state"]')).toHaveText('Kept here. Close this job in Amazon’s app');
  await expect(desk.page.getByTestId('observing')).toContainText('Jobs are closed in Amazon’s app.');
  for (const operation of [DESTINATION, FULFIL, COMPLETE]) {
    expect(await stack.sandbox.requests(operation), operation).toEqual([]);
  }
  for (const page of [phone.page, desk.page]) {
    expect(await page.locator('body').innerText()).not.toMatch(/sent to amazon/i);
  }
});
