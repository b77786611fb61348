import { hasLater } from '../disk';
import { PHONE, Phone } from '../phone';
import { Relay } from '../relay';
import { Stack } from '../stack';
import { expect, test } from '../story';

const JOBS = 20;
/** 50 kbit/s. */
const BYTES_PER_SECOND = 6_250;
/** What such a link brings between two breaks, where it breaks every 20 seconds, and what of it may come twice. */
const BETWEEN_BREAKS = 20 * BYTES_PER_SECOND;
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
      const cut = request.failure()?.errorText === 'net::ERR_INCOMPLETE_CHUNKED_ENCODING';
      if (cut && new URL(request.url()).pathname === '/api/day') broken += 1;
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
  expect(whole).toBeLessThan(BETWEEN_BREAKS / 8);
  for (const part of [0.4, 0.6, 0.8]) {
    const again = (await firstDay(Math.round(whole * part))) - whole;
    expect(again, 'bytes of the day, once more').toBeLessThan(TWICE * BETWEEN_BREAKS);
    expect(again, 'not all of it').toBeLessThan(whole / 2);
  }
  // In which order answers come is nobody’s promise.
  expect(broken, 'what broke was the day').toBeGreaterThanOrEqual(2);
  link.close();
  await stack.stop();
});
