import { hasLater } from '../disk';
import { PHONE, Phone } from '../phone';
import { Relay } from '../relay';
import { Stack } from '../stack';
import { expect, test } from '../story';

const JOBS = 20;
/** 50 kbit/s. */
const BYTES_PER_SECOND = 6_250;
/** What may come twice of a first day. */
const TWICE = 0.1;

test('a first day of twenty jobs comes over a link that breaks in the middle of it, and little of it comes twice', async ({ browser }) => {
  const stack = await Stack.start({}, { jobs: JOBS });
  const link = await Relay.to(stack.address);
  let broken = 0;
  /** Signs in on a phone that has the app already; the bytes it takes until all of the day is there. */
  const firstDay = async (breakAfter = Number.POSITIVE_INFINITY): Promise<number> => {
    const context = await browser.newContext({ viewport: PHONE });
    const phone = await Phone.open(context, link.address);
    await phone.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await expect.poll(() => phone.page.evaluate(hasLater)).toBe(true);
    phone.page.on('requestfailed', (request) => {
      if (new URL(request.url()).pathname === '/api/day') broken += 1;
    });
    const before = link.answered;
    link.slowAnswers(BYTES_PER_SECOND);
    link.breakOnce(breakAfter);
    await phone.signIn(stack.technician);
    await expect(phone.jobs).toHaveCount(JOBS, { timeout: 60_000 });
    await phone.ready();
    link.slowAnswers(Number.POSITIVE_INFINITY);
    await context.close();
    return link.answered - before;
  };
  const whole = await firstDay();
  for (const part of [0.4, 0.5, 0.6]) {
    const took = await firstDay(Math.round(whole * part));
    console.log(whole, part, took, broken);
    expect(took, `${took} bytes instead of ${whole}`).toBeLessThan(whole * (1 + TWICE));
  }
  expect(broken, 'what broke was the day').toBe(3);
  link.close();
  await stack.stop();
});
