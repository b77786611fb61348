import { look } from '../look';
import { PHONE, Phone } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

const HOUR_MS = 3_600_000;
/** As long as an answer of the server's takes at most here, and a second for times that are whole seconds. */
const ANSWER_MS = 5_000;

for (const [hours, side] of [[3, 'ahead'], [-3, 'behind']] as const) {
  test(`a phone whose clock is three hours ${side} says so, and Amazon gets times that can be true`, async ({
    stack,
    desk,
    browser,
  }) => {
    const context = await browser.newContext({ viewport: PHONE });
    await context.addInitScript((off) => {
      const RealDate = Date;
      const now = (): number => RealDate.now() + off;
      globalThis.Date = new Proxy(RealDate, {
        construct: (target, given: []) => (given.length === 0 ? new target(now()) : new target(...given)),
        get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
      });
    }, hours * HOUR_MS);
    const phone = await Phone.open(context, stack.address);
    await phone.signIn(stack.technician);
    await phone.ready();
    await expect(phone.page.getByTestId('clock')).toContainText(`clock is 3 h ${side}`);
    if (side === 'ahead') await look(phone.page, 'phone-clock');
    const [appointment = ''] = await phone.appointments();
    const serviceJob = await desk.serviceJob(appointment);
    const began = Date.now();
    await phone.openJob(appointment);
    await context.setOffline(true);
    await phone.closeOut([await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)]);
    await expect(phone.verdict.locator('[data-rule="clock_off"]')).toContainText(`clock is 3 h ${side}`);
    await context.setOffline(false);
    await desk.sent(appointment);
    await expect(phone.chip).toHaveText('Safe');

    const { body } = await stack.sandbox.fulfilment(serviceJob);
    const times = [body.fulfillmentTime?.startTime, body.fulfillmentTime?.endTime].map((time) => Date.parse(time ?? ''));
    for (const time of times) {
      // The phone learns the server's time with an answer, which was on its way for a while.
      expect(time).toBeGreaterThanOrEqual(began - ANSWER_MS);
      expect(time).toBeLessThanOrEqual(Date.now());
    }
    expect((await stack.sandbox.job(serviceJob)).completions).toBe(1);
    expect(await stack.sandbox.attached(serviceJob)).toHaveLength(2);
    await context.close();
  });
}
