import { expect, test } from './either';

const DATA = '[data-testid="lane-data"]';
const PHOTOS = '[data-testid="lane-photos"]';
const OFFLINE = '[data-testid="offline"]';
const OPEN = '[data-testid="keep-open"]';

test('the sync panel says of each lane what is safe since when, what waits for how long and why', async ({ link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  await handset.go('#/sync');
  await handset.shows(DATA, /^\s*Nothing recorded yet/);
  await handset.shows(PHOTOS, /^\s*None to send/);

  link.refuse();
  await handset.openJob(appointment);
  await handset.closeOut(shots);
  await handset.go('#/sync');
  await handset.shows(DATA, /\d+ changes to send · oldest waits [^·]+ · (next try in \d+ s|sending now)/);
  await handset.shows(DATA, /No answer from the server/);
  await handset.shows(PHOTOS, /0 of 2 safe · oldest waits/);
  // With nothing that answers, an open page helps nobody.
  expect(await handset.screen.count(OPEN)).toBe(0);

  link.open();
  await handset.tryNow();
  for (const lane of [DATA, PHOTOS]) await handset.shows(lane, /^\s*All safe since \d/);
  await handset.chip('Safe');
});

test('while photos go up, the phone asks to be kept open, and no longer', async ({ link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  link.holdAfter(0);
  await handset.closeOut(shots);
  for (const hash of ['#/sync', '#/']) {
    await handset.go(hash);
    await handset.shows(OPEN, /^Keep this open: 2 photos/);
  }
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await expect.poll(() => handset.screen.count(OPEN)).toBe(0);
});

test('the phone says that the day is ready for offline, and it is', async ({ link, handset }) => {
  const jobs = await handset.appointments();
  await handset.shows(OFFLINE, `All ${jobs.length} jobs are ready for offline.`);
  link.refuse();
  await handset.screen.reload();
  await handset.shows(OFFLINE, `All ${jobs.length} jobs are ready for offline.`);
  for (const job of jobs) {
    await handset.openJob(job);
    await expect.poll(() => handset.screen.count('[data-ready]')).toBe(1);
    expect(await handset.screen.count(OFFLINE)).toBe(0);
  }
});
