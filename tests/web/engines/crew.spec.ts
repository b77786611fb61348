import { hasRow } from '../disk';
import { Handset } from '../handset';
import { Office } from '../office';
import { hears, serviceJob } from './amazon';
import { expect, test } from './either';

test.use({ settings: { DOORSTEP_INTAKE_EVERY_MS: '1000' } });

test('two technicians with two phones record steps of their own, and Amazon has both, from the first start to the last finish', async ({
  stack,
  link,
  handset: robin,
  second,
  shots: [after, detail],
}) => {
  const colleague = await stack.addColleague();
  const [appointment = ''] = await robin.appointments();
  const job = await serviceJob(stack, appointment);
  await stack.sandbox.assign(job, ['TECHA1', 'TECHB2']);

  // Each signs in on a phone of their own, and both know of each other.
  const kim = await Handset.open(second.screen, second.link.address);
  await kim.signIn(colleague);
  await kim.ready();
  await hears(kim, () => kim.screen.count(`a[data-appointment="${appointment}"]`), 1);
  await kim.openJob(appointment);
  await robin.openJob(appointment);
  for (const phone of [robin, kim]) await hears(phone, () => phone.screen.count('[data-testid="crew"] input:checked'), 2);
  await expect.poll(() => kim.screen.evaluate(hasRow, `base/${appointment}/`)).toBe(true);

  for (const step of ['on_my_way', 'arrived'] as const) await robin.tap(step);
  const began = [Date.now()];
  await robin.tap('started');
  began.push(Date.now());
  await robin.answerAll();
  await robin.chip('Safe');

  // What a colleague tapped is shown and takes nobody’s own step away.
  await hears(kim, () => kim.screen.count('li[data-stage="started"] [data-testid="of-colleague"]'), 1);
  await kim.shows('li[data-stage="started"] [data-testid="of-colleague"]', /^robin · \d/);
  await kim.has('li[data-stage="started"].done', 0);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await kim.tap(step);
  await kim.take('detail', detail);
  await kim.chip('Safe');
  await hears(robin, () => robin.screen.count('[data-photo]'), 1);
  expect(await robin.photoStates()).toEqual(['elsewhere']);

  // Both are without a network at the end; the first to finish is not the first to be heard.
  link.refuse();
  second.link.refuse();
  await robin.take('after', after);
  // Kim still works, as far as this phone has heard, so it asks whether to finish for both.
  await robin.has('.bottom [data-step="finished"]', 0);
  await robin.shows('.bottom [data-testid="finish-for-all"]', /kim/i);
  await robin.screen.look('phone-finish-for-all');
  await robin.screen.click('.bottom [data-testid="finish-for-all"]');
  await robin.tap('finished');
  await robin.has('[data-ready="true"]');
  const led = Date.now();
  // Amazon is told whole seconds.
  await expect.poll(() => Date.now() - led).toBeGreaterThan(1_000);
  const ended = [Date.now()];
  await kim.screen.click('li[data-stage="finished"] [data-testid="finish-for-all"]');
  await kim.screen.click('li[data-stage="finished"] [data-step="finished"]');
  await kim.done('finished');
  ended.push(Date.now());
  for (const phone of [kim, robin]) {
    await phone.chip(/^Saved on this phone/);
    (phone === kim ? second.link : link).open();
    await phone.tryNow();
    await phone.chip('Safe');
  }

  await expect.poll(async () => (await stack.sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');
  expect((await stack.sandbox.job(job)).completions).toBe(1);
  expect(await stack.sandbox.attached(job)).toHaveLength(2);
  const { body, times } = await stack.sandbox.fulfilment(job);
  expect(times).toBe(1);
  expect(body.appointmentResources).toEqual([{ resourceId: 'RESA1' }, { resourceId: 'RESB2' }]);
  const { startTime = '', endTime = '' } = body.fulfillmentTime ?? {};
  const within = (time: string, [from = 0, to = 0]: number[]): void => {
    expect(Date.parse(time)).toBeGreaterThan(from - 1_000);
    expect(Date.parse(time)).toBeLessThanOrEqual(to);
  };
  within(startTime, began);
  within(endTime, ended);
  expect(await (await Office.of(stack)).visit(appointment)).toMatchObject({ lateChanges: 0, refusedChanges: 0 });
});
