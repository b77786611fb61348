import { cameraPhoto } from '../picture';
import { expect, test } from '../story';

/** What waits in the outbox of this phone, and what of it was given up. */
async function outbox(): Promise<{ kind: string; refused: string | null }[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the store did not answer'));
    });
  const database = await settled(indexedDB.open('doorstep'));
  const all = (await settled(database.transaction('outbox').objectStore('outbox').getAll())) as { kind: string; refused?: string }[];
  database.close();
  return all.map(({ kind, refused }) => ({ kind, refused: refused ?? null }));
}

test('photos of whoever signed out are not refused because somebody else has signed in meanwhile', async ({ stack, phone }) => {
  const colleague = await stack.addColleague();
  const { page } = phone;
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect(phone.chip).toHaveText('Safe');
  // Photos do not get through, and neither does the signing out: the session lives on.
  await page.route('**/api/uploads', (route) => route.abort());
  await page.route('**/api/sign-out', (route) => route.abort());
  for (const shot of ['after', 'detail']) await phone.take(shot, await cameraPhoto(page, 1));

  // The signed-out page announces the first, and its answer takes until somebody else has signed in.
  let announced: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (announced = resolve));
  const later = new Promise<void>((resolve) => (goOn = resolve));
  const answers: number[] = [];
  await page.unroute('**/api/uploads');
  await page.route('**/api/uploads', async (route) => {
    announced();
    await later;
    await route.continue();
  });
  page.on('response', (response) => {
    if (response.url().endsWith('/api/uploads')) answers.push(response.status());
  });
  await phone.go('#/sync');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('section:last-child .choices button').first().click();
  await expect(page.getByLabel('Password')).toBeVisible();
  await held;
  await phone.signIn(colleague);
  goOn();
  await expect.poll(() => answers).toContain(404);
  await page.evaluate(() => navigator.locks.request('doorstep-upload', () => undefined));
  expect((await page.evaluate(outbox)).filter(({ kind }) => kind === 'photo')).toEqual([
    { kind: 'photo', refused: null },
    { kind: 'photo', refused: null },
  ]);
  // Nobody asked for the second.
  expect(answers).toHaveLength(1);
});
