import { hasRow } from '../disk';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';

/** How many times the page follows the phone's position now, and how often it was told of it. */
type Following = { following: number; told: number };

for (const allowed of [true, false]) {
  test(`a position ${allowed ? 'that is allowed goes with the steps of a job, and is followed on the page of an open job alone' : 'that is not allowed is neither asked for nor missed'}`, async ({
    browser,
    stack,
  }) => {
    const context = await browser.newContext({
      viewport: PHONE,
      hasTouch: true,
      geolocation: { latitude: 1.5, longitude: 2.5, accuracy: 30 },
      permissions: allowed ? ['geolocation'] : [],
    });
    await context.addInitScript(() => {
      const counted: Following = Object.assign(globalThis, { following: 0, told: 0 });
      const { geolocation } = navigator;
      const [watch, clear] = [geolocation.watchPosition.bind(geolocation), geolocation.clearWatch.bind(geolocation)];
      geolocation.watchPosition = (tell, ...all) => {
        counted.following += 1;
        return watch((position) => ((counted.told += 1), tell(position)), ...all);
      };
      geolocation.clearWatch = (id) => ((counted.following -= 1), clear(id));
    });
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    const following = (): Promise<number> => page.evaluate(() => (globalThis as unknown as Following).following);
    await phone.signIn(stack.technician);
    await phone.ready();
    const [appointment = ''] = await phone.appointments();
    expect(await following(), 'on the list').toBe(0);

    await phone.openJob(appointment);
    await expect.poll(following).toBe(allowed ? 1 : 0);
    // The page is put away, as by another app in front of it.
    const hide = (hidden: boolean): Promise<void> =>
      page.evaluate((is) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => is });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await expect.poll(following).toBe(0);
    await hide(false);
    await expect.poll(following).toBe(allowed ? 1 : 0);

    const position = (): Promise<boolean> => page.evaluate(hasRow, `record/${appointment}/`);
    const told = (): Promise<number> => page.evaluate(() => (globalThis as unknown as Following).told);
    if (allowed) await expect.poll(told).toBeGreaterThan(0);
    await phone.tap('on_my_way');
    await expect(phone.chip).toHaveText('Safe');
    expect(await position(), 'a record of its own beside the step').toBe(allowed);
    await phone.go('#/');
    await expect.poll(following).toBe(0);
    await context.close();
  });
}
