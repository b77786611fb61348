import { DESK, Desk } from '../desk';
import { look } from '../look';
import { cameraPhoto, smallPhoto } from '../picture';
import { expect, test } from '../story';

/** The names of the samples on the phone, and whether the bytes lie there as they came. */
function kept(): Promise<{ name: string; plain: boolean }[]> {
  return new Promise((resolve) => {
    const request = indexedDB.open('doorstep');
    request.onsuccess = () => {
      const found: { name: string; plain: boolean }[] = [];
      const cursor = request.result.transaction('photos').objectStore('photos').openCursor();
      cursor.onsuccess = () => {
        const one = cursor.result;
        if (!one) {
          request.result.close();
          resolve(found);
          return;
        }
        const [, place = ''] = one.key as string[];
        const plain = new Uint8Array(one.value as ArrayBuffer)[0] === 0xff;
        if (place.startsWith('sample/')) found.push({ name: place.slice('sample/'.length), plain });
        one.continue();
      };
    };
  });
}

test('a sample picture of the office is seen beside its shot without a network, and photos of one view side by side', async ({
  browser,
  stack,
  phone,
}) => {
  await stack.addAdministrator();
  const office = await Desk.openCloseout(await browser.newContext({ viewport: DESK }), stack.address, stack.administrator);
  const { page: desk } = office;
  await desk.getByRole('button', { name: 'Write', exact: true }).click();
  for (const [shot, seed] of [['after', 1], ['detail', 2]] as const) {
    const item = desk.locator(`[data-item="${shot}"]`);
    // As a camera gives it: some 2 MB.
    await item.getByLabel('Sample picture').setInputFiles(await cameraPhoto(desk, seed));
    await expect(item.getByRole('img')).toBeVisible();
  }
  await desk.locator('[data-item="detail"]').getByLabel('The same view as').selectOption('after');
  const names = await desk.locator('[data-item] img').evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src.split('/').at(-1) ?? ''));
  const [first = '', second = ''] = names;
  await desk.getByLabel('For visits that start from').fill('2026-01-01T00:00');
  await desk.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(desk.locator('[data-scope]')).toContainText('Version 1 since');

  // The second does not come: a server that has lost it.
  const { page } = phone;
  await page.route(`**/api/samples/${second}`, (route) => route.fulfill({ status: 404 }));
  await phone.go('#/sync');
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => page.evaluate(kept)).toEqual([{ name: first, plain: false }]);
  const answer = await page.request.get(`${stack.address}/api/samples/${first}`);
  expect((await answer.body()).length).toBeLessThanOrEqual(60 * 1024);

  await page.context().setOffline(true);
  await phone.go('#/');
  await page.reload();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const small = page.locator(`[data-sample="${first}"]`);
  await expect.poll(() => small.locator('img').evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  await look(page, 'phone-sample', small);
  await small.click();
  const large = page.getByRole('img', { name: 'How it should look: ' });
  await expect(large).toBeVisible();
  await look(page, 'phone-sample-large');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(large).toBeHidden();
  await expect(page.locator(`[data-sample="${second}"]`)).toHaveCount(0);

  // Of two photos of one view the first is there to aim by, then both beside each other.
  const pair = page.getByTestId('pair').locator('img');
  await expect(pair).toHaveCount(0);
  await phone.take('after', await smallPhoto(page, 'image/jpeg', 3));
  await expect(small).toHaveCount(0);
  await expect(pair).toHaveCount(1);
  await phone.take('detail', await smallPhoto(page, 'image/jpeg', 4));
  await expect(pair).toHaveCount(2);
  await look(page, 'phone-pair', pair.first());
});
