import { readFile } from 'node:fs/promises';
import { expect as check, test as plain } from '@playwright/test';
import type { EvidenceKey } from '../../../web/src/generated/EvidenceKey';
import { outbox } from '../disk';
import { look } from '../look';
import { smallPhoto } from '../picture';
import { golden, serveSources } from '../sources';
import { expect, test } from '../story';

interface Vector {
  place: string;
  sealedBy: 'server' | 'phone';
  secret: string;
  key: EvidenceKey;
  device: string;
  appointment: string;
  plain: string;
  copy: string;
}

plain('the phone seals rescue copies as the server reads them', async ({ page }) => {
  const vectors = await golden<Vector[]>('rescue.v1.json');
  await serveSources(page);
  const opened = await page.evaluate(async (given) => {
    const load = (path: string): Promise<unknown> => import(path) as Promise<unknown>;
    const hpke = (await load('/phone/hpke')) as typeof import('../../../web/src/phone/hpke');
    const rescue = (await load('/phone/rescue')) as typeof import('../../../web/src/phone/rescue');
    const { fromHex, toHex } = (await load('/hex')) as typeof import('../../../web/src/hex');
    const part = (hex: string): string =>
      btoa(String.fromCharCode(...fromHex(hex))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    /** As the server opens it: what the phone itself never can. */
    const open = async ({ secret, key, device, place, appointment }: Vector, copy: Uint8Array<ArrayBuffer>): Promise<string> => {
      const [x, y] = [part(key.public.slice(2, 66)), part(key.public.slice(66))];
      const jwk = { kty: 'EC', crv: 'P-256', d: part(secret), x, y };
      const mine = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
      const encapsulated = copy.slice(20, 85);
      const dh = await hpke.agree(mine, encapsulated);
      const { key: inner, nonce } = await hpke.context(dh, encapsulated, fromHex(key.public), rescue.INFO, hpke.AES_256_GCM);
      const imported = await crypto.subtle.importKey('raw', inner, 'AES-GCM', false, ['decrypt']);
      const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: rescue.copyBoundTo(key, device, place, appointment) };
      return toHex(new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, copy.slice(85))));
    };
    const all = [];
    for (const vector of given) {
      const { device, key, place, appointment } = vector;
      const copy = await rescue.sealCopy(device, { key, place, appointment, plain: fromHex(vector.plain) });
      all.push([await open(vector, fromHex(vector.copy)), await open(vector, new Uint8Array(copy))]);
    }
    return all;
  }, vectors);
  check(vectors.map(({ sealedBy }) => sealedBy).sort()).toEqual(['phone', 'phone', 'server', 'server']);
  check(opened).toEqual(vectors.map((vector) => [vector.plain, vector.plain]));
});

test('with no page open the worker sends what waits when the browser wakes it', async ({ stack, desk, phone }) => {
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  const shots = [await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)];
  const beside = await context.newPage();
  const devtools = await context.newCDPSession(beside);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(stack.address));
      if (ours) resolve(ours.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;

  await context.setOffline(true);
  await phone.openJob(appointment);
  await phone.closeOut(shots);
  await expect(phone.chip).toContainText('Saved on this phone');
  expect((await phone.page.evaluate(outbox)).length).toBeGreaterThan(9);
  await phone.page.close();
  await context.setOffline(false);
  const wake = { origin: new URL(stack.address).origin, registrationId, tag: 'outbox', lastChance: false };
  await devtools.send('ServiceWorker.dispatchSyncEvent', wake);
  await desk.sent(appointment);
  const serviceJob = await desk.serviceJob(appointment);
  expect((await stack.sandbox.job(serviceJob)).completions).toBe(1);
  expect(await stack.sandbox.attached(serviceJob)).toHaveLength(2);
});

test('unsent work goes to the office in a file, once, and the phone lets go when it hears of it', async ({ stack, desk, phone }) => {
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  const shots = [await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)];
  await context.setOffline(true);
  await phone.openJob(appointment);
  await phone.closeOut(shots);
  await phone.go('#/sync');
  const [saved] = await Promise.all([
    phone.page.waitForEvent('download'),
    phone.page.getByTestId('save-unsent').getByRole('button').click(),
  ]);
  expect(saved.suggestedFilename()).toMatch(/\.dsr$/);
  const file = await saved.path();

  await desk.page.goto(`${stack.address}/console#phones`);
  const deliver = desk.page.getByTestId('deliver');
  const choose = async (path: string): Promise<void> =>
    deliver.locator('input').setInputFiles({ name: 'made-up.dsr', mimeType: '', buffer: await readFile(path) });
  await choose(file);
  await expect(deliver).toContainText('phone: 2 photos and 12 answers delivered.');
  await choose(file);
  await expect(deliver).toContainText('phone: 2 photos and 12 answers were here already.');
  await deliver.locator('input').setInputFiles({ name: 'other.dsr', mimeType: '', buffer: Buffer.from('a shopping list, long enough') });
  await expect(deliver.getByRole('alert')).toContainText('This is not a file of unsent work');
  await look(desk.page, 'desk-deliver', deliver);

  await desk.page.goto(`${stack.address}/console#live`);
  await desk.sent(appointment);
  await context.setOffline(false);
  await phone.tryNow();
  await expect(phone.chip).toHaveText('Safe');
  await expect.poll(() => phone.page.evaluate(outbox)).toEqual([]);
  expect((await stack.sandbox.job(await desk.serviceJob(appointment))).completions).toBe(1);
});
