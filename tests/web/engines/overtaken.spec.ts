import { Handset } from '../handset';
import { Office } from '../office';
import type { Stack } from '../stack';
import { arrivedOnce, card, hears, openSheet } from './amazon';
import { expect, test } from './either';

const CANCEL = 'cancelServiceJobByServiceJobId';
const RESCHEDULE = 'rescheduleAppointmentForServiceJobByServiceJobId';
const REPORT = 'setAppointmentFulfillmentData';
const UPLOAD = 'createServiceDocumentUploadDestination';
const REQUEST = '[data-testid="request"]';
const HOUR = 3_600_000;

/** Asks the office from the visit that is open, until the office has it. Answers the request's id. */
async function ask(stack: Stack, handset: Handset, appointment: string, wish: 'cancel' | 'reschedule', code: string): Promise<string> {
  const { screen } = handset;
  await handset.openJob(appointment);
  await openSheet(handset, wish);
  await screen.pick(`form[data-wish="${wish}"] select`, code);
  await screen.click(`form[data-wish="${wish}"] button[type="submit"]`);
  await handset.shows(`${REQUEST} [role="status"]`, 'The office has it.');
  const { requests } = await card(stack, appointment);
  expect(requests).toMatchObject([{ what: wish, open: true }]);
  return requests[0]?.request ?? '';
}

/** What was ever to be said to Amazon of a visit: it is put down with the last piece of a closeout. */
async function queued(stack: Stack, appointment: string): Promise<string[]> {
  return (await card(stack, appointment)).forwarding.calls.map(({ kind }) => kind);
}

test('what the office decides after the buyer was faster is done or said, and Amazon is asked for nothing twice', async ({
  stack,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const { sandbox } = stack;
  const office = await Office.of(stack);
  const [gone = '', moved = '', closed = ''] = await handset.appointments();

  // The buyer cancels, the office does not know yet, and approves: that is what was wanted.
  const cancelled = await ask(stack, handset, gone, 'cancel', 'S1');
  await sandbox.cancel((await card(stack, gone)).serviceJobId);
  await office.post(`/api/visits/${gone}/requests/${cancelled}`, { decision: 'approve', code: null, start: null });
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Approved: the job is cancelled');
  await handset.shows('[data-testid="closed"]', 'Cancelled at Amazon. What you recorded is kept.');
  expect(await sandbox.requests(CANCEL)).toEqual([]);

  // The buyer moves the visit, and the office another way: a person has to look, and says so in the end.
  const other = await ask(stack, handset, moved, 'reschedule', 'RS11');
  const { serviceJobId, job } = await card(stack, moved);
  await sandbox.reschedule(serviceJobId, 120);
  const start = Math.ceil(Date.now() / HOUR) * HOUR + 48 * HOUR;
  await office.post(`/api/visits/${moved}/requests/${other}`, { decision: 'approve', code: null, start });
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Approved. Amazon has not taken it; the office looks at it.');
  await office.readAgain(job);
  await hears(handset, () => screen.count('[data-notice="moved"]'), 1);
  await handset.shows('[data-notice="moved"]', /^This visit was moved at Amazon\. It was .*What you recorded is kept\.$/);
  // Work that is done all the same waits for that answer.
  const photos = await handset.closeOut(shots);
  await handset.chip('Safe');
  expect(await queued(stack, moved)).toEqual(['reschedule']);
  await office.post(`/api/visits/${moved}/requests/${other}`, { decision: 'decline', reason: 'buyer_agreed' });
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Declined: settled with the buyer');
  expect(await sandbox.requests(RESCHEDULE)).toEqual([]);
  await arrivedOnce(stack, handset, moved, photos);

  // The buyer cancels and the server hears it first: there is nothing left to decide.
  const late = await ask(stack, handset, closed, 'cancel', 'S1');
  const { serviceJobId: closedJob, job: known } = await card(stack, closed);
  await sandbox.cancel(closedJob);
  await office.readAgain(known);
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'The job is closed at Amazon; nothing is left to decide.');
  await handset.has(`${REQUEST} button`, 0);
  expect((await card(stack, closed)).requests).toMatchObject([{ request: late, open: false }]);
  expect(await sandbox.requests(CANCEL)).toEqual([]);
});

test('a closeout that comes after the buyer moved or cancelled the visit is kept whole, and waits for a person', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { sandbox } = stack;
  const office = await Office.of(stack);
  const [gone = '', moved = ''] = await handset.appointments();
  link.refuse();
  const photos = new Map<string, string[]>();
  for (const appointment of [gone, moved]) {
    await handset.openJob(appointment);
    photos.set(appointment, await handset.closeOut(shots));
  }
  await handset.chip(/^Saved on this phone/);
  const jobs = [await card(stack, gone), await card(stack, moved)] as const;
  await sandbox.cancel(jobs[0].serviceJobId);
  // To an earlier time, so that the work was done in it.
  await sandbox.reschedule(jobs[1].serviceJobId, -15);
  for (const { job } of jobs) await office.readAgain(job);
  await expect.poll(async () => (await card(stack, gone)).standing.notices.map(({ kind }) => kind)).toEqual(['cancelled']);
  await expect.poll(async () => (await card(stack, moved)).standing.notices.map(({ kind }) => kind)).toEqual(['moved']);

  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  for (const [appointment, taken] of photos) {
    const safe = (await office.photosOf(appointment)).filter((one) => one.safe).map(({ photo }) => photo);
    expect(safe.sort()).toEqual([...taken].sort());
  }
  await handset.openJob(gone);
  await hears(handset, () => handset.screen.count('[data-notice="cancelled"]'), 1);
  await handset.shows('[data-notice="cancelled"]', /What you recorded is kept\.$/);
  await handset.screen.click('li[data-stage="proof"] .row button');
  await handset.has('[data-photo][data-photo-state="safe"]', 2);
  await handset.openJob(moved);
  await hears(handset, () => handset.screen.count('[data-notice="moved"]'), 1);
  await handset.shows('[data-notice="moved"]', /What you recorded is kept\.$/);
  await handset.has('[data-ready="false"] a[data-rule="moved_during_work"]');
  for (const appointment of photos.keys()) expect(await queued(stack, appointment)).toEqual([]);
  for (const operation of [UPLOAD, REPORT]) expect(await sandbox.requests(operation)).toEqual([]);

  // A supervisor says that it counts.
  await office.post(`/api/visits/${moved}/accept`, {});
  await arrivedOnce(stack, handset, moved, photos.get(moved) ?? []);
  expect(await sandbox.requests(REPORT)).toHaveLength(1);
  expect((await sandbox.job(jobs[0].serviceJobId)).completions).toBe(0);
});
