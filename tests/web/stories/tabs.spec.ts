import type { Request } from '@playwright/test';
import { Phone } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

test('two tabs of one phone record at once, nothing is lost and one of them speaks at a time', async ({ stack, desk, phone }) => {
  const context = phone.page.context();
  const other = await Phone.open(context, stack.address);
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  await other.openJob(appointment);

  const talking = new Set<Request>();
  let most = 0;
  const isExchange = (request: Request): boolean => new URL(request.url()).pathname === '/api/sync';
  context.on('request', (request) => {
    if (isExchange(request)) most = Math.max(most, talking.add(request).size);
  });
  context.on('requestfinished', (request) => void talking.delete(request));
  context.on('requestfailed', (request) => void talking.delete(request));

  await context.setOffline(true);
  await phone.tap('on_my_way');
  await expect(other.recorded('on_my_way')).toHaveClass(/done/);
  await other.tap('arrived');
  await phone.tap('started');
  await Promise.all([
    phone.answer('work_done', 'yes').then(() => phone.answer('tested', 'yes')),
    other.answer('site_clean', 'yes').then(() => other.answer('damage', 'no')),
  ]);
  const files = [await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)];
  const [first, second] = files;
  if (!first || !second) throw new Error('two photos are needed');
  await Promise.all([
    phone.shotInput('after').setInputFiles(first),
    other.shotInput('detail').setInputFiles(second),
  ]);
  for (const tab of [phone, other]) await expect(tab.photos).toHaveCount(2);
  await other.tap('finished');
  for (const tab of [phone, other]) {
    await expect(tab.verdict).toHaveAttribute('data-ready', 'true');
    await expect(tab.chip).toContainText('Saved on this phone');
  }

  await context.setOffline(false);
  for (const tab of [phone, other]) await expect(tab.chip).toHaveText('Safe');
  await desk.sent(appointment);
  expect(most).toBe(1);
  const row = desk.row(appointment);
  await expect(row.locator('[data-cell="answers"]')).toHaveText('4 of 4');
  await expect(row.locator('[data-cell="photos"]')).toHaveText('2 of 2');
  const serviceJob = await desk.serviceJob(appointment);
  expect((await stack.sandbox.job(serviceJob)).completions).toBe(1);
  expect(await stack.sandbox.attached(serviceJob)).toHaveLength(2);
  // Nobody was refused and nothing came late.
  const kinds = (await desk.shown()).map(({ what }) => what);
  expect(kinds).not.toContain('change_refused');
  expect(kinds).not.toContain('late_change');
});
