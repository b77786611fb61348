import type { Notes } from '../../../web/src/generated/Notes';
import { Handset } from '../handset';
import { Office } from '../office';
import REASONS from '../reasons.json' with { type: 'json' };
import { SOON } from '../soon';
import { serviceJob } from './amazon';
import { expect, test } from './either';
import { asks, opens, REQUEST, SHEET, WISHES, type Wish } from './wish';

const CANCEL = 'cancelServiceJobByServiceJobId';
const RESCHEDULE = 'rescheduleAppointmentForServiceJobByServiceJobId';
/** Less than what locks a phone. */
const AHEAD_MS = 4 * 60_000;
type Kind = keyof (typeof REASONS)['ATVPDKIKX0DER'];
type Marketplace = keyof typeof REASONS;
const KINDS: Kind[] = ['standard', 'heavybulky', 'recurring'];

/** Until the phone says this of what was asked. */
async function hears(handset: Handset, state: string, words: RegExp): Promise<void> {
  await expect(async () => {
    await handset.tryNow();
    await handset.has(`${REQUEST}[data-state="${state}"]`);
  }).toPass();
  await handset.shows(REQUEST, words);
}

test('a visit where nobody is home is recorded without a network with its evidence, and its job cancelled at Amazon once', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const office = await Office.of(stack);
  const [appointment = ''] = await handset.appointments();
  const job = await serviceJob(stack, appointment);
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived'] as const) await handset.tap(step);
  link.refuse();
  await opens(handset, 'nobody');
  await handset.shows('[data-testid="waited"]', 'Waited 0 of 15 min');
  // Somebody sets the clock: that makes nobody wait longer.
  await screen.click(`${SHEET} [data-sheet="close"]`);
  await screen.evaluate((ahead) => {
    const now = Date.now;
    Date.now = () => now() + ahead;
  }, AHEAD_MS);
  await opens(handset, 'nobody');
  await handset.shows('[data-testid="waited"]', 'Waited 0 of 15 min');
  for (const how of ['rang', 'called']) await screen.click(`${SHEET} [data-how="${how}"]`);
  await handset.shows('[data-testid="attempts"]', 'Reached for the buyer 2 of 2 times');
  await handset.take('door', shots[0]);
  await screen.look('phone-nobody-home');
  await screen.click(`${SHEET} .record`);
  // The reason that fits stands there already.
  const form = `${SHEET} form[data-wish="cancel"]`;
  await handset.has(form);
  expect(await screen.evaluate((css) => document.querySelector<HTMLSelectElement>(css)?.value, `${form} select`)).toBe('S1');
  // No step is offered of a visit that does not take place.
  await handset.shows('.bottom a.primary', /^Wait \d+ more minutes before you leave$/);
  await handset.has('button[data-step], [data-testid="start-without-product"]', 0);
  await screen.look('phone-nobody-was-home');
  await screen.click(`${form} [type="submit"]`);
  await handset.has(`${REQUEST}[data-state="not_heard"]`);
  await screen.look('phone-asked');
  await handset.chip(/^Saved on this phone/);

  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await office.approve(appointment, 'cancel');
  await hears(handset, 'done', /Approved: the job is cancelled/);
  await screen.look('phone-cancelled');
  expect((await stack.sandbox.job(job)).job.serviceJobStatus).toBe('CANCELLED');
  const [sent, ...more] = await stack.sandbox.requests(CANCEL);
  expect([sent?.query, more.length]).toEqual([expect.stringContaining('cancellationReasonCode=S1'), 0]);
  // Of a visit that did not take place Amazon is told nothing else.
  expect(await stack.sandbox.requests('setAppointmentFulfillmentData')).toHaveLength(0);
});

test('a request that is declined says why, and the office moves a visit after which another is needed', async ({ stack, handset, shots }) => {
  const { screen } = handset;
  const office = await Office.of(stack);
  const [declined = '', again = ''] = await handset.appointments();
  await handset.openJob(declined);
  await screen.click(`${SHEET} [data-sheet="choose"]`);
  await handset.has(`${SHEET} [data-sheet="nobody"]`);
  await screen.look('phone-otherwise');
  await screen.click(`${SHEET} [data-sheet="reschedule"]`);
  await handset.has(`${SHEET} form`);
  await screen.look('phone-ask-to-move');
  await asks(handset, 'reschedule', 'RS11');
  await office.decline(declined, 'reschedule', 'call_office');
  await hears(handset, 'declined', /Declined: call the office/);
  await screen.look('phone-declined');
  expect(await stack.sandbox.requests(RESCHEDULE)).toHaveLength(0);

  const job = await serviceJob(stack, again);
  await handset.openJob(again);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await opens(handset, 'second');
  await screen.fill(`${SHEET} textarea`, 'The hinge is the wrong one');
  await screen.look('phone-second-visit');
  await screen.click(`${SHEET} [data-reason="parts_missing"]`);
  await handset.has('[data-testid="outcome"]');
  await handset.answerAll();
  for (const [i, shot] of ['after', 'detail'].entries()) await handset.take(shot, shots[i] ?? shots[0]);
  await handset.tap('finished');
  await handset.chip('Safe');
  // The visit is reported, and the job goes on.
  const reported = async (): Promise<number> => (await stack.sandbox.requests('setAppointmentFulfillmentData')).length;
  await expect.poll(reported, SOON).toBe(1);
  expect((await office.visit(again)).outcome).toMatchObject({ second_visit: { reason: 'parts_missing' } });
  const { notes } = await office.get<Notes>(`/api/visits/${again}/notes`);
  expect(notes.map(({ text, technician }) => [technician, text])).toEqual([['robin', 'The hinge is the wrong one']]);
  const start = await office.lastSlot(again);
  await office.post(`/api/visits/${again}/reschedule`, { code: 'RS6', start });
  const active = async (): Promise<string | undefined> => {
    const { appointments = [] } = (await stack.sandbox.job(job)).job;
    return appointments.find(({ appointmentStatus }) => appointmentStatus === 'ACTIVE')?.appointmentTime?.startTime;
  };
  await expect.poll(async () => Date.parse((await active()) ?? ''), SOON).toBe(start);
  expect(await stack.sandbox.requests(RESCHEDULE)).toHaveLength(1);
  expect((await stack.sandbox.job(job)).completions).toBe(0);
});

/** One server reaches one region of Amazon's. */
const REGIONS: Record<string, Marketplace[]> = {
  'the United States': ['ATVPDKIKX0DER'],
  'India, Great Britain, Germany and the Emirates': ['A21TJRUUN4KGV', 'A1F83G8C2ARO7P', 'A1PA6795UKMFR9', 'A2VIGQ35RCS4UG'],
  Japan: ['A1VC38T7YXB528'],
};

for (const [region, marketplaces] of Object.entries(REGIONS)) {
  test.describe(region, () => {
    const cases = marketplaces.flatMap((marketplace) => KINDS.map((kind) => ({ marketplace, kind })));
    test.use({
      start: { jobs: cases.length },
      settings: { DOORSTEP_MARKETPLACE_ID: marketplaces.join(), DOORSTEP_INTAKE_EVERY_MS: '200' },
    });

    test('each kind of service has the reasons that Amazon takes there, and what the office approves reaches Amazon', async ({
      browsing,
      link,
      stack,
    }) => {
      const { sandbox } = stack;
      const office = await Office.of(stack);
      const jobs = await sandbox.jobsOf('TECHA1');
      expect(jobs).toHaveLength(cases.length);
      for (const [i, { marketplace, kind }] of cases.entries()) await sandbox.relist(jobs[i] ?? '', marketplace, kind);
      const taken = async (): Promise<number> => (await office.visits()).filter(({ serviceJobId }) => jobs.includes(serviceJobId)).length;
      await expect.poll(taken).toBe(jobs.length);
      const visits = new Map((await office.visits()).map((visit) => [visit.serviceJobId, visit.appointment]));

      const handset = await Handset.open(browsing.screen, link.address);
      await handset.signIn(stack.technician);
      await handset.ready();
      const asked: { appointment: string; job: string; wish: Wish; code: string }[] = [];
      for (const [i, { marketplace, kind }] of cases.entries()) {
        const job = jobs[i] ?? '';
        const appointment = visits.get(job) ?? '';
        await handset.openJob(appointment);
        for (const wish of WISHES) {
          const codes = REASONS[marketplace][kind][wish].split(' ').filter(Boolean);
          const form = `${SHEET} form[data-wish="${wish}"]`;
          await opens(handset, wish);
          await handset.has(form);
          expect(await handset.screen.attributes(`${form} option:not([value=""])`, 'value'), `${wish} ${kind} ${marketplace}`).toEqual(codes);
          const code = codes.at(-1);
          if (code === undefined) await handset.shows(`${form} p:last-child`, 'Amazon takes no reason for this here. Call the office.');
          // One of each marketplace, since a job is cancelled only once.
          if (code === undefined || kind !== (wish === 'cancel' ? 'heavybulky' : 'standard')) {
            await handset.screen.click(`${SHEET} [data-sheet="close"]`);
            continue;
          }
          await asks(handset, wish, code);
          asked.push({ appointment, job, wish, code });
        }
      }
      await handset.chip('Safe');
      for (const { appointment, wish } of asked) await office.approve(appointment, wish);
      const done = async (): Promise<number> =>
        (await office.visits()).flatMap(({ decisions }) => decisions).filter(({ state }) => state === 'done').length;
      await expect.poll(done).toBe(asked.length);
      const of = (wish: Wish): typeof asked => asked.filter((one) => one.wish === wish);
      const cancelled = (await sandbox.requests(CANCEL)).map(({ path, query }) => `${path}?${query}`);
      expect(cancelled).toHaveLength(of('cancel').length);
      for (const { job, code } of of('cancel')) {
        expect(cancelled.filter((line) => line.includes(job) && line.includes(`cancellationReasonCode=${code}`)), job).toHaveLength(1);
      }
      const moved = (await sandbox.requests(RESCHEDULE)).map(({ path, status }) => ({ path, status }));
      expect(moved).toHaveLength(of('reschedule').length);
      for (const { job } of of('reschedule')) expect(moved.find(({ path }) => path.includes(job))?.status, job).toBe(200);
    });
  });
}
