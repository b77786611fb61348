import { PHONE, Phone } from '../phone';
import { cameraPhoto } from '../picture';
import { Relay } from '../relay';
import { sha256 } from '../sandbox';
import { expect, test } from '../story';

/** What the phone sends in one request; the server is killed in the middle of the second. */
const SLICE_BYTES = 256 * 1024;

test('a server killed during an upload goes on where it was, and the photo is safe once', async ({ stack, desk, browser }) => {
  const relay = await Relay.to(stack.address);
  const context = await browser.newContext({ viewport: PHONE });
  const phone = await Phone.open(context, relay.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect(phone.chip).toHaveText('Safe');

  relay.holdAfter(SLICE_BYTES * 1.5);
  const photo = await phone.take('after', await cameraPhoto(phone.page, 3));
  const taken = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
  expect(taken.length).toBeGreaterThan(SLICE_BYTES * 2);
  await expect.poll(() => relay.isHeld).toBe(true);
  await stack.server.kill();
  const tile = phone.page.locator(`[data-photo="${photo}"]`);
  await expect(tile).toHaveAttribute('data-photo-state', 'on_phone');

  const offsets: number[] = [];
  phone.page.on('response', (response) => {
    const offset = response.headers()['upload-offset'];
    if (response.request().method() === 'HEAD' && offset) offsets.push(Number(offset));
  });
  await stack.startServer();
  relay.open();
  await phone.tryNow();
  await expect(tile).toHaveAttribute('data-photo-state', 'safe');
  // What had come before the server died did not travel again.
  expect(offsets[0]).toBeGreaterThanOrEqual(SLICE_BYTES);
  expect(offsets[0]).toBeLessThan(taken.length);
  expect(sha256(await desk.picture(photo))).toBe(sha256(taken));
  await expect(desk.row(appointment).locator('[data-cell="photos"]')).toHaveText('1 of 1');
  expect((await desk.shown()).filter(({ what }) => what === 'photo_safe')).toHaveLength(1);
  await context.close();
  relay.close();
});

test('a photo whose bytes the server gave up waiting for is asked after and goes on, and is not refused', async ({ stack, desk, browser }) => {
  const relay = await Relay.to(stack.address);
  const context = await browser.newContext({ viewport: PHONE });
  const phone = await Phone.open(context, relay.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect(phone.chip).toHaveText('Safe');

  const slices: { offset: number; status: number }[] = [];
  phone.page.on('response', (response) => {
    const offset = Number(response.request().headers()['upload-offset']);
    if (response.request().method() === 'PATCH') slices.push({ offset, status: response.status() });
  });
  relay.endAfter(SLICE_BYTES * 1.5);
  const photo = await phone.take('after', await cameraPhoto(phone.page, 3));
  const taken = (await phone.storedPictures()).get(photo) ?? Buffer.alloc(0);
  const tile = phone.page.locator(`[data-photo="${photo}"]`);
  await expect(tile).toHaveAttribute('data-photo-state', 'safe');
  const [, broken, next] = slices;
  expect(broken).toEqual({ offset: SLICE_BYTES, status: 400 });
  // From the server's word how far it is.
  expect(next?.offset).toBeGreaterThan(SLICE_BYTES);
  expect(sha256(await desk.picture(photo))).toBe(sha256(taken));
  await context.close();
  relay.close();
});
