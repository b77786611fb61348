import { look } from '../look';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

// Amazon is asked every second, so that what happens there is here at once.
test.use({ settings: { DOORSTEP_INTAKE_EVERY_MS: '1000' } });

test('a job cancelled during work says so on the phone and on the board, and what was recorded is kept', async ({
  stack,
  desk,
  phone,
}) => {
  const { sandbox } = stack;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.take('after', await smallPhoto(desk.page, 'image/jpeg', 1));
  await expect(phone.chip).toHaveText('Safe');

  await sandbox.cancel(await desk.serviceJob(appointment));
  const state = desk.row(appointment).locator('[data-cell="state"]');
  await expect(state).toHaveText('Job cancelled at Amazon');
  await expect(desk.page.getByTestId('exceptions')).toContainText('Job cancelled at Amazon');
  await phone.tryNow();
  const banner = phone.page.locator('[data-notice="cancelled"]');
  await expect(banner).toContainText('cancelled at Amazon');
  await expect(banner).toContainText('What you recorded is kept.');
  await look(phone.page, 'phone-job-cancelled');
  await expect(phone.photos).toHaveCount(1);
  await phone.go('#/');
  await expect(phone.page.locator(`a[data-appointment="${appointment}"] [data-notice="cancelled"]`)).toBeVisible();

  await desk.openDrawer(appointment);
  await expect(desk.drawer.locator('[data-photo][data-safe="true"]')).toHaveCount(1);
  await look(desk.page, 'desk-job-cancelled');
  await desk.drawer.getByTestId('accept').click();
  await expect(desk.page.getByTestId('exceptions').getByText('Job cancelled at Amazon')).toHaveCount(0);
  expect(await sandbox.requests('createServiceDocumentUploadDestination')).toHaveLength(0);
  expect(await sandbox.requests('setAppointmentFulfillmentData')).toHaveLength(0);
});

test('a supervisor has a job read again and sees how old the jobs are', async ({ desk, phone }) => {
  const [appointment = ''] = await phone.appointments();
  await expect(desk.page.getByTestId('intake-age')).toContainText('Jobs as of');
  await expect(desk.page.getByTestId('intake-age')).toHaveAttribute('data-failing', 'false');
  await desk.openDrawer(appointment);
  await desk.drawer.getByTestId('read-again').click();
  await expect(desk.page.getByTestId('feed')).toContainText('Read again at Amazon; nothing has changed');
});
