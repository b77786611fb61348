import { BarePhone } from '../bare-phone';
import { look } from '../look';
import { PHONE } from '../phone';
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

test('a phone is taken off the list on the console, and what it still brings waits there for a word', async ({ stack, phone, desk }) => {
  const { page } = desk;
  const [appointment = ''] = await phone.appointments();
  const day = 86_400_000;
  const [old, cleared] = [await BarePhone.signIn(stack.address, stack.technician), await BarePhone.signIn(stack.address, stack.technician)];
  await old.tell({ photosUnsent: 3, changesUnsent: 2, oldestUnsentMs: 3 * day, usedBytes: 950_000_000, kept: false });
  await cleared.tell({ lost: { device: cleared.device, changesUnsent: 1, photosUnsent: 2, seenMsAgo: 2 * day } });

  // On the board, whatever page is open.
  const strip = desk.page.getByTestId('phone-worries');
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await look(page, 'desk-live-phones');
  await strip.getByText(/has waited on it/).click();
  const row = page.locator(`tr[data-device="${old.device}"]`);
  await expect(row).toHaveAttribute('data-worries', 'unsent_too_long nearly_full');
  await expect(row.locator('[data-cell="waiting"]')).toHaveText('2 changes and 3 photos, the oldest for 3 days');
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await look(page, 'desk-phones-revoke');
  await row.getByLabel('Why').fill('Left on a bus');
  await row.getByRole('button', { name: 'Take it off the list' }).click();
  await expect(row.getByTestId('revoked')).toContainText('by alex: Left on a bus. It has not heard of it yet');

  expect((await old.send('/api/day')).status).toBe(403);
  await expect(row.getByTestId('revoked')).toContainText('It has forgotten its jobs and keys.');
  const picture = await smallPhoto(page, 'image/jpeg', 1);
  const [first, second] = ['a1'.repeat(16), 'b2'.repeat(16)] as const;
  for (const photo of [first, second]) await old.upload(appointment, photo, picture.buffer);
  const held = page.getByTestId('quarantine').locator('[data-held]');
  await expect(held).toHaveCount(2);
  for (const image of await held.locator('img').all()) {
    await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  }
  await look(page, 'desk-phones-held');
  await page.setViewportSize(PHONE);
  await look(page, 'desk-phones-narrow');
  await page.setViewportSize({ width: 1440, height: 900 });

  // What the server refuses is said, and what it was about stays.
  const refusal = { code: 'visit_expired', title: 'The buyer’s data has expired', detail: 'Nothing can be added to this visit any more.', status: 409 };
  const answer = { status: 409, contentType: 'application/problem+json', body: JSON.stringify(refusal) };
  await page.route(`**/api/quarantine/${first}`, (route) => route.fulfill(answer), { times: 1 });
  const refused = page.locator(`[data-held="${first}"]`);
  await refused.getByLabel('Why').fill('Robin called');
  await refused.getByRole('button', { name: 'Let it count' }).click();
  await expect(page.getByTestId('quarantine').getByRole('alert')).toHaveText(`${refusal.title}. ${refusal.detail}`);
  await expect(held).toHaveCount(2);

  for (const [photo, button] of [[first, 'Let it count'], [second, 'Reject it']] as const) {
    const one = page.locator(`[data-held="${photo}"]`);
    await one.getByLabel('Why').fill('');
    await expect(one.getByRole('button', { name: button })).toBeDisabled();
    await one.getByLabel('Why').fill('Robin called');
    await one.getByRole('button', { name: button }).click();
    await expect(one).toHaveCount(0);
  }

  // An account is closed here as well; the phone that shows the day is told at its next contact.
  const account = page.locator('[data-account="robin"]');
  await account.getByRole('button', { name: /^Close/ }).click();
  await account.getByRole('button', { name: 'Close it' }).click();
  await expect(account).toContainText('Closed');
  await phone.tryNow();
  await expect(phone.page.getByTestId('parted')).toContainText('The office has taken the jobs off this phone');
  await look(phone.page, 'phone-revoked');
  await account.getByRole('button', { name: 'Open the account again' }).click();
  await expect(account).toContainText('Open');
  await phone.signIn(stack.technician);
  expect(await phone.appointments()).toContain(appointment);
});
