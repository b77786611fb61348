import { look } from '../look';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

test('what waits on a phone is on the console as it changes, and gone when it is safe', async ({ phone, desk }) => {
  const { page } = desk;
  const [appointment = ''] = await phone.appointments();
  // What is recorded does not get through; that it waits does.
  const context = phone.page.context();
  for (const path of ['**/api/sync', '**/api/uploads']) await context.route(path, (route) => route.abort());
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.take('after', await smallPhoto(phone.page, 'image/jpeg', 1));

  // The board, where the visit is.
  const cell = desk.row(appointment).locator('[data-cell="technician"]');
  await expect(cell).toContainText(/\d+ on the phone/);
  await desk.openDrawer(appointment);
  await expect(desk.drawer.getByTestId('on-phone')).toHaveText(/^\d+ items wait on robin’s phone, last heard just now$/);

  await page.getByRole('link', { name: 'Phones' }).click();
  const row = page.locator('tr[data-device]');
  await expect(row).toHaveCount(1);
  await expect(row.locator('[data-cell="waiting"]')).toHaveText(/^\d+ changes and 1 photo, the oldest for less than a minute$/);
  await expect(row.locator('[data-cell="told"]')).toContainText('The current version.');
  await expect(row.locator('[data-cell="contact"]')).toHaveText('just now');
  await look(page, 'desk-phones');

  await context.unroute('**/api/sync');
  await context.unroute('**/api/uploads');
  await phone.tryNow();
  await expect(row.locator('[data-cell="waiting"]')).toHaveText('Nothing');
  await expect(phone.chip).toHaveText('Safe');
});
