import { Older } from '../older';
import { PHONE, Phone, SHOTS } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

test('a phone that is newer than its server closes a visit out, and goes on with the next when the server is updated', async ({
  browser,
  stack,
  desk,
}) => {
  const older = await Older.before(stack.address);
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const phone = await Phone.open(context, older.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const [first = '', second = ''] = await phone.appointments();
  const files = [await smallPhoto(phone.page, 'image/jpeg', 1), await smallPhoto(phone.page, 'image/jpeg', 2)];

  const closeOut = async (appointment: string): Promise<void> => {
    await context.setOffline(true);
    await phone.openJob(appointment);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
    await phone.answerAll();
    for (const [i, file] of files.entries()) await phone.take(SHOTS[i] ?? 'after', file);
    await phone.tap('finished');
    await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
    await context.setOffline(false);
    await phone.tryNow();
    await expect(phone.chip).toHaveText('Safe');
    await desk.sent(appointment);
  };
  await closeOut(first);
  // It has no room for what came later, and the phone offers none of that.
  await expect(phone.page.getByTestId('correct-arrived')).toHaveCount(0);

  expect(older.refused).toContain('/api/device/health');

  older.update();
  await phone.go('#/');
  await phone.tryNow();
  await closeOut(second);
  await expect(phone.page.locator('.bar[role="alert"]')).toHaveCount(0);
  for (const appointment of [first, second]) {
    const job = await stack.sandbox.job(await desk.serviceJob(appointment));
    expect(job.job.serviceJobStatus).toBe('COMPLETED');
    expect(job.completions).toBe(1);
  }
  await context.close();
  older.close();
});
