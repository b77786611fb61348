import { DESK, Desk } from '../desk';
import { look } from '../look';
import { PHONE, Phone } from '../phone';
import { cameraPhoto, smallPhoto } from '../picture';
import { expect, test } from '../story';

// Many screens, each looked at in light and dark and by axe.
test.slow();

test('every screen of the phone keeps nobody out', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await expect(page.getByLabel('Name')).toBeVisible();
  await look(page, 'phone-sign-in');
  await page.getByLabel('Name').fill(stack.technician.name);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await look(page, 'phone-sign-in-refused');
  await phone.signIn(stack.technician);
  await phone.ready();
  await look(page, 'phone-today');

  const [appointment = '', second = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await look(page, 'phone-job');
  await context.setOffline(true);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.answer('work_done', 'yes');
  await phone.answer('tested', 'no');
  await look(page, 'phone-questions', page.locator('[data-question="tested"]'));
  await phone.take('after', await cameraPhoto(page, 1));
  await phone.shotInput('detail').setInputFiles({ name: 'note.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('note') });
  await expect(page.locator('li.refused')).toBeVisible();
  await expect(phone.photos.locator('img')).toBeVisible();
  await look(page, 'phone-photos', phone.shotInput('detail').locator('..'));
  await page.getByRole('button', { name: 'Put away' }).click();
  await look(page, 'phone-missing', phone.verdict);
  await phone.answerAll();
  await phone.take('detail', await smallPhoto(page, 'image/jpeg', 2));
  await phone.tap('finished');
  await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
  await look(page, 'phone-ready', phone.verdict);
  await phone.go('#/sync');
  await expect(page.getByTestId('unsent')).toBeVisible();
  await look(page, 'phone-sync-offline');
  await phone.go('#/');
  await look(page, 'phone-today-unsent');

  await context.setOffline(false);
  await expect(phone.chip).toHaveText('Safe');
  await look(page, 'phone-today-safe');
  await phone.go('#/sync');
  await look(page, 'phone-sync');
  await phone.openJob(second);
  await look(page, 'phone-second-job');
  await context.close();
});

test('every screen of the console keeps nobody out', async ({ browser, phone, stack }) => {
  const context = await browser.newContext({ viewport: DESK });
  const page = await context.newPage();
  await page.goto(`${stack.address}/console`);
  await expect(page.getByLabel('Name')).toBeVisible();
  await look(page, 'desk-sign-in');
  await page.close();
  const desk = await Desk.open(context, stack.address, stack.supervisor);
  await look(desk.page, 'desk-live');

  const [first = '', second = ''] = await phone.appointments();
  await phone.openJob(first);
  await phone.closeOut([await cameraPhoto(desk.page, 1), await cameraPhoto(desk.page, 2)]);
  await phone.openJob(second);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.answer('damage', 'yes');
  await desk.sent(first);
  await look(desk.page, 'desk-live-later');
  await desk.openDrawer(first);
  for (const image of await desk.drawer.locator('img').all()) {
    await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  }
  await look(desk.page, 'desk-drawer');
  await desk.openDrawer(second);
  await look(desk.page, 'desk-drawer-under-way');
  await desk.page.getByRole('button', { name: 'Shortcuts' }).click();
  await look(desk.page, 'desk-shortcuts');
  await desk.page.keyboard.press('Escape');
  await context.setOffline(true);
  await expect(desk.page.getByTestId('stream')).toHaveAttribute('data-stream', 'lost');
  await look(desk.page, 'desk-lost');
  await context.close();
});
