import { look } from '../look';
import { expect, test } from '../story';

const ASSIGN = 'assignAppointmentResources';
const SLOTS = 'getAppointmmentSlotsByJobId';

// What the phone does, and what comes of it at Amazon, is in engines/: this is what the office sees and does.

test('the office reads who asks for what and why, and answers in the drawer', async ({ stack, desk, phone }) => {
  const [appointment = ''] = await phone.appointments();
  const serviceJob = await desk.serviceJob(appointment);
  await phone.openJob(appointment);
  const sheet = phone.page.getByTestId('otherwise');
  const ask = async (wish: 'cancel' | 'reschedule', code: string): Promise<void> => {
    await sheet.locator('[data-sheet="choose"]').click();
    await sheet.locator(`[data-sheet="${wish}"]`).click();
    const form = sheet.locator(`form[data-wish="${wish}"]`);
    await form.locator('textarea').fill(`About ${code}: the gate is locked`);
    await form.locator('select').selectOption(code);
    await form.locator('[type="submit"]').click();
  };
  await ask('reschedule', 'RS11');
  const exceptions = desk.page.getByTestId('exceptions');
  await expect(exceptions).toContainText('robin asks to move the visit: The buyer was not there (RS11)');
  // The note is nobody's on the board.
  await expect(desk.page.getByText('the gate is locked')).toHaveCount(0);
  await desk.openDrawer(appointment);
  await desk.drawer.getByRole('button', { name: 'Read 1 note' }).click();
  await expect(desk.drawer.getByTestId('notes')).toContainText('About RS11: the gate is locked');
  await expect(desk.drawer.getByTestId('notes')).toContainText('robin, received');
  await look(desk.page, 'desk-asked');
  const waiting = desk.drawer.getByTestId('asked');
  await waiting.locator('select').selectOption('call_office');
  await waiting.getByRole('button', { name: 'Decline' }).click();
  await expect(desk.drawer.locator('[data-decision="declined"]')).toContainText('The technician is to call');
  await expect(exceptions).not.toContainText('asks to');

  // Nobody asks, and somebody has to decide all the same.
  await sheet.locator('[data-sheet="choose"]').click();
  await sheet.locator('[data-sheet="nobody"]').click();
  await sheet.locator('.record').click();
  await expect(exceptions).toContainText('Nobody was there, says robin');
  await ask('cancel', 'S1');
  await expect(waiting).toContainText('robin asks to cancel the job: The buyer was not there (S1)');
  await waiting.getByRole('button', { name: 'Approve' }).click();
  await desk.drawer.getByRole('button', { name: 'Cancel it at Amazon' }).click();
  await expect(desk.drawer.locator('[data-decision="done"]')).toContainText('Job cancelled at Amazon');
  await expect(waiting).toHaveCount(0);
  await expect(exceptions).not.toContainText('Nobody was there');
  expect((await stack.sandbox.job(serviceJob)).job.serviceJobStatus).toBe('CANCELLED');
});

test('a visit that wants another one waits on the board until the office has moved it to a free time', async ({ stack, desk, phone }) => {
  const { sandbox } = stack;
  const [appointment = ''] = await phone.appointments();
  const serviceJob = await desk.serviceJob(appointment);
  await phone.openJob(appointment);
  const sheet = phone.page.getByTestId('otherwise');
  await sheet.locator('[data-sheet="choose"]').click();
  await sheet.locator('[data-sheet="second"]').click();
  await sheet.locator('textarea').fill('The hinge is the wrong one');
  await sheet.locator('[data-reason="parts_missing"]').click();
  const exceptions = desk.page.getByTestId('exceptions');
  await expect(exceptions).toContainText('Somebody has to come again, says robin: parts are missing');

  await desk.openDrawer(appointment);
  await desk.drawer.getByRole('button', { name: 'Read 1 note' }).click();
  await expect(desk.drawer.getByTestId('notes')).toContainText('The hinge is the wrong one');
  // What Amazon answers comes with the stream: the console asks the server twice, however long that takes.
  let asked = 0;
  desk.page.on('request', (request) => void (request.url().endsWith('/slots') && (asked += 1)));
  await sandbox.fault(SLOTS, 'hang');
  await desk.drawer.getByRole('button', { name: 'Move the visit' }).click();
  const [reason, time] = [desk.drawer.getByLabel('Reason'), desk.drawer.getByLabel('New time')];
  await expect(time).toContainText('Asking Amazon for free times');
  await expect.poll(() => sandbox.held()).toBe(1);
  await reason.selectOption('RS6');
  await sandbox.release();
  await expect(time.locator('option')).not.toHaveCount(1);
  const last = await time.locator('option').last().getAttribute('value');
  await time.selectOption(last ?? '');
  await look(desk.page, 'desk-move');
  expect(await desk.drawer.evaluate((one) => one.scrollWidth - one.clientWidth), 'stands out of the drawer').toBeLessThanOrEqual(0);
  await desk.drawer.getByRole('button', { name: 'Move it at Amazon' }).click();
  await expect(desk.drawer.locator('[data-decision="done"]')).toContainText('Visit moved to');
  expect(asked).toBe(2);
  const { job } = await sandbox.job(serviceJob);
  const active = job.appointments?.find(({ appointmentStatus }) => appointmentStatus === 'ACTIVE');
  expect(Date.parse(active?.appointmentTime?.startTime ?? '')).toBe(Number(last));
  await expect.poll(async () => (await sandbox.requests(ASSIGN)).length).toBe(1);
  await expect(exceptions).not.toContainText('come again');
});
