import { hasRow } from '../disk';
import { look } from '../look';
import { cameraPhoto } from '../picture';
import { sha256 } from '../sandbox';
import { expect, test } from '../story';

const HOUR_MS = 3_600_000;

test('when the lease has ended no job and no key is left, and all that was recorded arrives after the next sign-in', async ({
  stack,
  phone,
  desk,
}) => {
  const { page } = phone;
  const context = page.context();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await context.setOffline(true);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const photo = await phone.take('after', await cameraPhoto(page, 1));
  await expect(phone.chip).toContainText('Saved on this phone');
  const taken = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
  const now = Date.now();

  await page.clock.setSystemTime(now + 25 * HOUR_MS);
  await page.reload();
  await expect(page.getByTestId('parted')).toHaveText(
    /^The jobs of this phone have expired\. Sign in with a network; what you recorded is kept: \d changes and 1 photo\.$/,
  );
  await look(page, 'phone-lease-ended');
  expect(await page.evaluate(hasRow, 'job/')).toBe(false);
  expect(await page.evaluate(hasRow, 'change/')).toBe(true);
  // The clock is right again, and nothing comes back with it.
  await page.clock.setSystemTime(now);
  await page.reload();
  await expect(page.getByTestId('parted')).toBeVisible();
  await expect(phone.pin).toHaveCount(0);

  await context.setOffline(false);
  await phone.signIn(stack.technician);
  await expect(phone.chip).toHaveText('Safe');
  await phone.openJob(appointment);
  await expect(phone.recorded('started')).toHaveClass(/done/);
  expect(sha256(await desk.picture(photo))).toBe(sha256(taken));
});

test('a clock that was set back keeps the phone locked until the server has been heard', async ({ phone }) => {
  const { page } = phone;
  await page.context().setOffline(true);
  await phone.go('#/sync');
  await page.getByTestId('lock').click();
  await page.clock.setSystemTime(Date.now() - 3 * HOUR_MS);
  await page.reload();
  await phone.enterPin();
  await expect(page.getByRole('alert')).toContainText('This phone’s clock was set back by 3 h.');
  await look(page, 'phone-clock-set-back');
  await expect(phone.jobs).toHaveCount(0);
  await page.context().setOffline(false);
  await phone.unlock();
  await phone.go('#/');
  await expect(phone.jobs.first()).toBeVisible();
});

test.describe('a phone that was out of reach for long', () => {
  test.use({ settings: { DOORSTEP_LEASE_MS: String(72 * HOUR_MS) } });

  test('warns from the third day of what it keeps back, locked, open and signed out', async ({ phone }) => {
    const { page } = phone;
    const context = page.context();
    const overdue = page.getByTestId('overdue');
    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    await context.setOffline(true);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.take('after', await cameraPhoto(page, 1));
    await expect(phone.chip).toContainText('Saved on this phone');
    const now = Date.now();
    const inHours = async (hours: number): Promise<void> => {
      await page.clock.setSystemTime(now + hours * HOUR_MS);
      await page.reload();
      await expect(page.getByTestId('waiting')).toBeVisible();
    };

    await inHours(47);
    await expect(phone.pin).toBeVisible();
    await expect(overdue).toHaveCount(0);
    await inHours(49);
    await expect(phone.pin).toBeVisible();
    await expect(overdue).toHaveText(/^Some of it has waited since the day before yesterday or longer\. Go where there is a network/);
    await look(page, 'phone-locked-overdue');
    await phone.unlock();
    await phone.go('#/');
    await expect(overdue).toHaveText(/^1 photo has waited on this phone since the day before yesterday or longer\./);
    await inHours(80);
    await expect(page.getByTestId('parted')).toBeVisible();
    await expect(overdue).toHaveText(/^Some of it has waited/);
    await look(page, 'phone-signed-out-overdue');
  });
});
