import type { Handset } from '../handset';
import { serviceJob, thereAt } from './amazon';
import { expect, test } from './either';

const MINUTE = 60_000;
const FORM = '[data-testid="correct-form"]';

/** As a phone's own pickers do it: in WebKit the keys that a date takes depend on where the browser was installed. */
async function enter({ screen }: Handset, { day, time }: { day: string; time: string }): Promise<void> {
  await expect.poll(() => screen.count(FORM)).toBe(1);
  const set = ({ form, values }: { form: string; values: Record<string, string> }): void => {
    for (const [type, value] of Object.entries(values)) {
      const field = document.querySelector<HTMLInputElement>(`${form} input[type="${type}"]`);
      if (!field) throw new Error(`no field for the ${type}`);
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  await screen.evaluate(set, { form: FORM, values: { date: day, time } });
}

/** Says when a step was, in the job's time. */
async function correct(handset: Handset, step: string, at: number): Promise<void> {
  await handset.screen.click(`[data-testid="correct-${step}"]`);
  await enter(handset, thereAt(at));
  await handset.screen.click(`${FORM} input[value="phone_was_off"]`);
  await handset.screen.click(`${FORM} .save`);
  await handset.has(FORM, 0);
}

test('times that are corrected keep what was tapped, and Amazon has them with what was expected and who came along', async ({
  stack,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const { sandbox } = stack;
  await stack.addColleague();
  const [appointment = ''] = await handset.appointments();
  const job = await serviceJob(stack, appointment);
  await handset.openJob(appointment);

  // On the way, with what the buyer can expect in one tap; Amazon hears it before anybody is there.
  await handset.tap('on_my_way');
  await screen.click('[data-eta="15"]');
  await handset.shows('[data-testid="eta"]', /^Expected /);
  await expect.poll(async () => (await sandbox.requests('setAppointmentFulfillmentData')).length).toBe(1);
  const expected = (await sandbox.fulfilment(job)).body;
  expect(expected.fulfillmentTime).toBe(undefined);
  const { startTime: earliest = '' } = expected.estimatedArrivalTime ?? {};
  expect(Math.abs(Date.parse(earliest) - Date.now() - 15 * MINUTE)).toBeLessThan(2 * MINUTE);

  await handset.tap('arrived');
  await handset.tap('started');
  const pause = 'li[data-stage="started"] .pause button';
  await screen.click(pause);
  await handset.shows('[data-testid="pausing"]', /^Pause since \d/);
  await screen.click(pause);
  await handset.has('[data-testid="pausing"]', 0);

  // All of it was an hour and more ago: the phone was off.
  const now = Date.now();
  const said = { on_my_way: now - 120 * MINUTE, arrived: now - 90 * MINUTE, started: now - 60 * MINUTE };
  const tapped = ((await screen.text('li[data-stage="started"] .at')) ?? '').split(' ')[0];
  for (const [step, at] of Object.entries(said)) await correct(handset, step, at);
  await handset.has('[data-testid="corrected"]', 3);
  await handset.shows('li[data-stage="started"] [data-testid="corrected"]', new RegExp(`^Corrected; recorded at ${tapped}.* · The phone was off$`));
  expect(await screen.text('li[data-stage="started"] .at')).not.toContain(tapped);

  // Nobody can have started tomorrow, or in the year that is half typed.
  await screen.click('[data-testid="correct-started"]');
  for (const [day, refusal] of [
    ['2099-01-01', 'This time has not come yet.'],
    ['0002-01-01', 'This is more than a week before it was recorded.'],
  ] as const) {
    await enter(handset, { day, time: '10:00' });
    await screen.click(`${FORM} .save`);
    await handset.shows(`${FORM} [role="alert"]`, refusal);
  }
  await screen.click(`${FORM} button[type="button"]`);
  await handset.has(FORM, 0);

  // Somebody who was not assigned came along.
  await handset.tryNow();
  await handset.has('[data-testid="crew"] input', 1);
  await screen.click('[data-testid="crew"] button');
  await screen.click('[data-testid="crew"] label:nth-of-type(2) input');
  await handset.has('[data-testid="crew"] input:checked', 2);

  await handset.answerAll();
  await handset.take('after', shots[0]);
  await handset.take('detail', shots[1]);
  await handset.tap('finished');
  await handset.has('[data-ready="true"]');
  await handset.chip('Safe');
  await expect.poll(async () => (await sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');
  const { body } = await sandbox.fulfilment(job);
  const { startTime = '', endTime = '' } = body.fulfillmentTime ?? {};
  expect(Date.parse(startTime)).toBe(said.started - (said.started % MINUTE));
  expect(Date.parse(endTime)).toBeGreaterThanOrEqual(now - 1_000);
  expect(Date.parse(endTime)).toBeLessThanOrEqual(Date.now());
  expect(body.appointmentResources).toEqual([{ resourceId: 'RESA1' }, { resourceId: 'RESB2' }]);
});
