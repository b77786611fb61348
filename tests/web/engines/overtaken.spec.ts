import type { Handset } from '../handset';
import { Office } from '../office';
import { arrivedOnce, hears } from './amazon';
import { expect, test } from './either';
import { asks, opens, REQUEST, type Wish } from './wish';

const CANCEL = 'cancelServiceJobByServiceJobId';
const RESCHEDULE = 'rescheduleAppointmentForServiceJobByServiceJobId';
const REPORT = 'setAppointmentFulfillmentData';
const UPLOAD = 'createServiceDocumentUploadDestination';

/** Asks from a visit, until the office has it. */
async function ask(handset: Handset, appointment: string, wish: Wish, code: string): Promise<void> {
  await handset.openJob(appointment);
  await opens(handset, wish);
  await asks(handset, wish, code);
  await handset.shows(`${REQUEST} [role="status"]`, 'The office has it.');
}

/** What was ever to be said to Amazon of a visit: it is put down with the last piece of a closeout. */
async function queued(office: Office, appointment: string): Promise<string[]> {
  return (await office.visit(appointment)).forwarding.calls.map(({ kind }) => kind);
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
  await ask(handset, gone, 'cancel', 'S1');
  await sandbox.cancel((await office.visit(gone)).serviceJobId);
  await office.approve(gone, 'cancel');
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Approved: the job is cancelled');
  await handset.shows('[data-testid="closed"]', 'Cancelled at Amazon. What you recorded is kept.');
  expect(await sandbox.requests(CANCEL)).toEqual([]);

  // The buyer moves the visit, and the office another way: a person has to look, and says so in the end.
  await ask(handset, moved, 'reschedule', 'RS11');
  const { serviceJobId, job } = await office.visit(moved);
  await sandbox.reschedule(serviceJobId, 120);
  await office.approve(moved, 'reschedule');
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Approved. Amazon has not taken it; the office looks at it.');
  await office.readAgain(job);
  await hears(handset, () => screen.count('[data-notice="moved"]'), 1);
  await handset.shows('[data-notice="moved"]', /^This visit was moved at Amazon\. It was .*What you recorded is kept\.$/);
  // Work that is done all the same waits for that answer.
  const photos = await handset.closeOut(shots);
  await handset.chip('Safe');
  expect(await queued(office, moved)).toEqual(['reschedule']);
  await office.decline(moved, 'reschedule', 'buyer_agreed');
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'Declined: settled with the buyer');
  expect(await sandbox.requests(RESCHEDULE)).toEqual([]);
  await arrivedOnce(stack, handset, moved, photos);

  // The buyer cancels and the server hears it first: there is nothing left to decide.
  await ask(handset, closed, 'cancel', 'S1');
  const { serviceJobId: closedJob, job: known } = await office.visit(closed);
  await sandbox.cancel(closedJob);
  await office.readAgain(known);
  await hears(handset, () => screen.text(`${REQUEST} [role="status"]`), 'The job is closed at Amazon; nothing is left to decide.');
  await handset.has(`${REQUEST} button`, 0);
  expect((await office.visit(closed)).requests).toMatchObject([{ open: false }]);
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
  const jobs = [await office.visit(gone), await office.visit(moved)] as const;
  await sandbox.cancel(jobs[0].serviceJobId);
  // To an earlier time, so that the work was done in it.
  await sandbox.reschedule(jobs[1].serviceJobId, -15);
  for (const { job } of jobs) await office.readAgain(job);
  await expect.poll(async () => (await office.visit(gone)).standing.notices.map(({ kind }) => kind)).toEqual(['cancelled']);
  await expect.poll(async () => (await office.visit(moved)).standing.notices.map(({ kind }) => kind)).toEqual(['moved']);

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
  for (const appointment of photos.keys()) expect(await queued(office, appointment)).toEqual([]);
  for (const operation of [UPLOAD, REPORT]) expect(await sandbox.requests(operation)).toEqual([]);

  // A supervisor says that it counts.
  await office.post(`/api/visits/${moved}/accept`, {});
  await arrivedOnce(stack, handset, moved, photos.get(moved) ?? []);
  expect(await sandbox.requests(REPORT)).toHaveLength(1);
  expect((await sandbox.job(jobs[0].serviceJobId)).completions).toBe(0);
});
