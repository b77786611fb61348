import type { Page } from '@playwright/test';
import { PHONE, Phone } from '../phone';
import { cameraPhoto } from '../picture';
import { expect, test } from '../story';

function darkrooms(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes('darkroom')).length;
}

test('a phone that is locked leaves no worker that has had the key and the last pictures', async ({ phone }) => {
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await phone.take('after', await cameraPhoto(phone.page, 1));
  expect(darkrooms(phone.page)).toBe(1);
  await phone.go('#/sync');
  await phone.page.getByTestId('lock').click();
  await expect(phone.pin).toBeVisible();
  await expect.poll(() => darkrooms(phone.page)).toBe(0);
  // Opened again it has one for the next photo.
  await phone.unlock();
  await phone.openJob(appointment);
  await phone.take('after', await cameraPhoto(phone.page, 2));
});

test('a worker that hangs over a photo is said after a minute, and the next photo has another', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  await context.clock.install();
  const phone = await Phone.open(context, stack.address);
  const { page } = phone;
  await phone.signIn(stack.technician);
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  const photo = await cameraPhoto(page, 1);
  // The first order is lost on its way to the worker.
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: unknown, ...rest: never[]) {
      if (typeof message !== 'object' || message === null || !('order' in message)) {
        postMessage.call(this, message, ...rest);
        return;
      }
      Worker.prototype.postMessage = postMessage;
    };
  });
  await phone.shotInput('after').setInputFiles(photo);
  await expect(page.locator('li[aria-busy="true"]')).toBeVisible();
  await expect.poll(() => darkrooms(page)).toBe(1);
  await page.clock.runFor(70_000);
  await expect(page.locator('li.refused p')).toContainText('did not finish this picture');
  await page.locator('li.refused button').click();
  await phone.take('after', photo);
  await context.close();
});
