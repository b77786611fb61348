import type { BrowserContext } from '@playwright/test';
import { hasLater } from '../disk';
import { PHONE, Phone } from '../phone';
import { Relay } from '../relay';
import { Stack } from '../stack';
import { expect, test } from '../story';

/** What a link of 50 kbit/s that breaks every 20 seconds brings between two breaks. */
const BETWEEN_BREAKS = 125_000;
const JOBS = 20;

test('a first day of twenty jobs comes over a link that keeps breaking, and takes little of it', async ({ browser }) => {
  const stack = await Stack.start({}, { jobs: JOBS });
  const link = await Relay.to(stack.address);
  const open = async (context: BrowserContext): Promise<Phone> => {
    const phone = await Phone.open(context, link.address);
    await phone.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await expect.poll(() => phone.page.evaluate(hasLater)).toBe(true);
    return phone;
  };
  const [steady, breaking] = [await browser.newContext({ viewport: PHONE }), await browser.newContext({ viewport: PHONE })];
  const phone = await open(steady);
  const before = link.answered;
  await phone.signIn(stack.technician);
  await phone.ready();
  await expect(phone.jobs).toHaveCount(JOBS);
  await steady.close();
  const whole = link.answered - before;
  expect(whole).toBeLessThan(BETWEEN_BREAKS / 4);

  // Far worse: every connection breaks after half of it.
  const other = await open(breaking);
  link.cutAnswersAfter(whole / 2);
  await other.signIn(stack.technician);
  await expect
    .poll(async () => {
      await other.tryNow();
      return other.jobs.count();
    })
    .toBe(JOBS);
  await other.ready();
  await breaking.close();
  link.close();
  await stack.stop();
});
