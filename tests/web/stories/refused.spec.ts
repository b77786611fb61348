import { look } from '../look';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

// Amazon is not asked for jobs meanwhile: that this one was cancelled comes out when its closeout arrives.
test.use({ settings: { DOORSTEP_INTAKE_EVERY_MS: '3600000' } });

test('a closeout that Amazon refuses waits for a person, with Amazon’s words and a way to try again', async ({ stack, desk, phone }) => {
  const { sandbox } = stack;
  const [appointment = ''] = await phone.appointments();
  const serviceJob = await desk.serviceJob(appointment);
  await sandbox.cancel(serviceJob);
  await phone.openJob(appointment);
  await phone.closeOut([await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)]);
  await expect(phone.chip).toHaveText('Safe');

  await expect(desk.row(appointment)).toHaveAttribute('data-forwarding', 'parked');
  await expect(desk.page.getByTestId('exceptions')).toContainText('CANCELLED');
  await desk.openDrawer(appointment);
  const parked = desk.drawer.locator('li[data-call-state="parked"]');
  await expect(parked).toHaveCount(1);
  const words = await parked.innerText();
  expect(words).toMatch(/cancel/i);
  await look(desk.page, 'desk-refused');

  const sent = (await sandbox.requests('setAppointmentFulfillmentData')).length;
  await parked.getByTestId('retry').click();
  await expect.poll(async () => (await sandbox.requests('setAppointmentFulfillmentData')).length).toBe(sent + 1);
  await expect(desk.drawer.locator('li[data-call-state="parked"]')).toHaveCount(1);
  expect((await sandbox.job(serviceJob)).completions).toBe(0);
  // Nothing of it is lost or said to be sent.
  await expect(desk.row(appointment).locator('[data-cell="state"]')).not.toContainText('Sent to Amazon');
});
