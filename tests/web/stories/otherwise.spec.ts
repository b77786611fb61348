import { smallPhoto } from '../picture';
import { expect, test } from '../story';

const CANCEL = 'cancelServiceJobByServiceJobId';
const RESCHEDULE = 'rescheduleAppointmentForServiceJobByServiceJobId';
const ASSIGN = 'assignAppointmentResources';

test('a visit where nobody is home is asked to be cancelled with its evidence, and cancelled when the office says so', async ({ stack, desk, phone }) => {
  const { sandbox } = stack;
  const [appointment = ''] = await phone.appointments();
  const serviceJob = await desk.serviceJob(appointment);
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived'] as const) await phone.tap(step);
  const sheet = phone.page.getByTestId('otherwise');
  await sheet.getByRole('button', { name: 'Something else' }).click();
  await sheet.getByRole('button', { name: 'Nobody is home' }).click();
  // Without signal it is recorded as ever.
  await phone.page.context().setOffline(true);
  await sheet.locator('[data-how="rang"]').click();
  await sheet.locator('[data-how="called"]').click();
  await expect(sheet.getByTestId('attempts')).toHaveText('Reached for the buyer 2 of 2 times');
  await expect(sheet.getByTestId('waited')).toContainText('of 15 min');
  await phone.take('door', await smallPhoto(desk.page, 'image/jpeg', 1));
  await sheet.getByRole('button', { name: 'Record that nobody was home' }).click();
  const ask = sheet.locator('form[data-wish="cancel"]');
  await expect(ask.locator('select')).toHaveValue('S1');
  await ask.getByRole('button', { name: 'Ask the office' }).click();
  const asked = sheet.getByTestId('request');
  await expect(asked).toHaveAttribute('data-state', 'not_heard');
  await expect(asked).toContainText('The office has not heard it yet.');
  await phone.page.context().setOffline(false);
  await phone.tryNow();
  await expect(asked).toContainText('The office has it.');

  await expect(desk.page.getByTestId('exceptions')).toContainText('Asks to cancel the job');
  await desk.openDrawer(appointment);
  const waiting = desk.drawer.getByTestId('asked');
  await expect(waiting).toContainText('The buyer was not there (S1)');
  await waiting.getByRole('button', { name: 'Approve' }).click();
  await desk.drawer.getByRole('button', { name: 'Cancel it at Amazon' }).click();
  await expect(desk.drawer.locator('[data-decision="done"]')).toContainText('Job cancelled at Amazon');
  await expect(waiting).toHaveCount(0);
  expect((await sandbox.job(serviceJob)).job.serviceJobStatus).toBe('CANCELLED');
  expect(await sandbox.requests(CANCEL)).toHaveLength(1);
  // Of a visit that did not take place Amazon is told nothing else.
  expect(await sandbox.requests('setAppointmentFulfillmentData')).toHaveLength(0);

  await expect(async () => {
    await phone.tryNow();
    await expect(asked).toHaveAttribute('data-state', 'done', { timeout: 1_000 });
  }).toPass();
  await expect(asked).toContainText('Approved: the job is cancelled');
});

test('a request to move is declined and said so on the phone, and the office moves a visit by itself', async ({ stack, desk, phone }) => {
  const { sandbox } = stack;
  const [first = '', second = ''] = await phone.appointments();
  const serviceJob = await desk.serviceJob(second);
  await phone.openJob(first);
  const sheet = phone.page.getByTestId('otherwise');
  await sheet.getByRole('button', { name: 'Something else' }).click();
  await sheet.getByRole('button', { name: 'Ask to move the visit' }).click();
  const ask = sheet.locator('form[data-wish="reschedule"]');
  // Only what Amazon takes in this marketplace.
  await expect(ask.locator('option[value="RS11"]')).toHaveCount(1);
  await expect(ask.locator('option[value="RS1"]')).toHaveCount(0);
  await ask.locator('select').selectOption('RS11');
  await ask.getByRole('button', { name: 'Ask the office' }).click();
  const asked = sheet.getByTestId('request');
  await expect(asked).toContainText('The office has it.');
  await desk.openDrawer(first);
  await desk.drawer.getByTestId('asked').locator('select').selectOption('call_office');
  await desk.drawer.getByRole('button', { name: 'Decline' }).click();
  await expect(desk.drawer.locator('[data-decision="declined"]')).toHaveCount(1);
  await expect(async () => {
    await phone.tryNow();
    await expect(asked).toHaveAttribute('data-state', 'declined', { timeout: 1_000 });
  }).toPass();
  await expect(asked).toContainText('Declined: call the office');

  await desk.openDrawer(second);
  await desk.drawer.getByRole('button', { name: 'Move the visit' }).click();
  const [reason, time] = [desk.drawer.getByLabel('Reason'), desk.drawer.getByLabel('New time')];
  await reason.selectOption('RS11');
  await expect(time.locator('option')).not.toHaveCount(1);
  const last = await time.locator('option').last().getAttribute('value');
  await time.selectOption(last ?? '');
  await desk.drawer.getByRole('button', { name: 'Move it at Amazon' }).click();
  await expect(desk.drawer.locator('[data-decision="done"]')).toContainText('Visit moved to');
  const { job } = await sandbox.job(serviceJob);
  const active = job.appointments?.find(({ appointmentStatus }) => appointmentStatus === 'ACTIVE');
  expect(Date.parse(active?.appointmentTime?.startTime ?? '')).toBe(Number(last));
  expect(await sandbox.requests(RESCHEDULE)).toHaveLength(1);
  await expect.poll(async () => (await sandbox.requests(ASSIGN)).length).toBe(1);
});
