// What the phone's own upload makes of a bad link: `cargo xtask bench --only link`, some six minutes.
//
//   link_bytes_ratio    bytes that passed towards the server, requests and headers included, by the size of the photos
//   link_time_ratio     from the first byte to the last receipt, by what the link needs for these bytes alone
//
// About 4 MB of photos, 12.5 KB/s, and a connection that breaks after every 100 to 500 KB, at random with a fixed seed.

import { dice } from './dice';
import { print } from './figure';
import { PHONE, Phone } from './phone';
import { cameraPhoto } from './picture';
import { Relay } from './relay';
import { expect, test } from './story';

const BYTES_PER_SECOND = 12_500;
const ENOUGH_BYTES = 4_000_000;
const BYTES_LIMIT = 1.03;
const TIME_LIMIT = 1.1;

test.use({ trace: 'off' });

test('four megabytes of photos cross a slow link that keeps breaking', async ({ stack, browser }) => {
  const relay = await Relay.to(stack.address);
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const phone = await Phone.open(context, relay.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect(phone.chip).toHaveText('Safe');

  await context.setOffline(true);
  let size = 0;
  for (let seed = 1; size < ENOUGH_BYTES; seed++) {
    await phone.take('after', await cameraPhoto(phone.page, seed));
    const pictures = await phone.storedPictures();
    size = [...pictures.values()].reduce((sum, picture) => sum + picture.length, 0);
  }
  const random = dice(20_260_921);
  relay.slow(BYTES_PER_SECOND);
  relay.breakAfter(() => 100_000 + Math.floor(random() * 400_000));
  const before = relay.passed;
  await context.setOffline(false);
  await phone.tryNow();
  const start = performance.now();
  await expect(phone.chip).toHaveText('Safe', { timeout: 2_000 * (size / BYTES_PER_SECOND) });
  const seconds = (performance.now() - start) / 1000;
  const sent = relay.passed - before;
  console.log(`${size} bytes of photos: ${sent} bytes in ${Math.round(seconds)} s`);
  print('link_bytes_ratio', Number((sent / size).toFixed(3)), '1', BYTES_LIMIT);
  print('link_time_ratio', Number((seconds / (size / BYTES_PER_SECOND)).toFixed(3)), '1', TIME_LIMIT);
  await context.close();
  relay.close();
});
