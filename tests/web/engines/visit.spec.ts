import { cameraPhoto, QUARTERS, seen, smallPhoto } from '../picture';
import { arrivedOnce, serviceJob } from './amazon';
import { expect, test } from './either';

test('a visit closed out without a network reaches Amazon once, picture for picture', async ({ stack, link, handset }) => {
  const { screen } = handset;
  const jobs = await handset.appointments();
  expect(jobs).toHaveLength(8);
  const [appointment = ''] = jobs;
  const files = [await cameraPhoto(screen, 1), await cameraPhoto(screen, 2)];
  for (const { buffer } of files) expect(buffer.length).toBeGreaterThan(1_000_000);

  link.refuse();
  await screen.reload();
  expect(await handset.appointments()).toEqual(jobs);
  await handset.openJob(appointment);
  const photos = await handset.closeOut(files);
  await handset.shows('[data-ready="true"] .verdict', 'Ready to leave');
  await handset.chip(/^Saved on this phone/);
  expect(await handset.photoStates()).toEqual(['on_phone', 'on_phone']);
  expect(photos.sort()).toEqual([...(await handset.stored()).keys()].sort());

  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  expect(await handset.photoStates()).toEqual(['safe', 'safe']);
  await arrivedOnce(stack, handset, appointment, photos);
  for (const document of await stack.sandbox.attached(await serviceJob(stack, appointment))) {
    const bytes = await stack.sandbox.bytes(document);
    for (const trace of ['Exif', 'Made-up camera']) expect(bytes.includes(trace), trace).toBe(false);
    expect(await seen(screen, bytes)).toEqual({ width: 1536, height: 2048, quarters: [...QUARTERS] });
  }
});

test('a page swept away without a network comes back with every answer and the same bytes of each photo', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.answerAll();
  const photos = [await handset.take('after', shots[0]), await handset.take('detail', shots[1])];
  await handset.chip(/^Saved on this phone/);
  const before = await handset.stored();
  expect([...before.keys()].sort()).toEqual([...photos].sort());
  for (const { kept } of before.values()) expect(kept).toBe('ArrayBuffer');

  await handset.screen.close();
  const again = await handset.another(`#/job/${appointment}`);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await again.done(step);
  // What is complete comes back folded away.
  await again.screen.click('li[data-stage="proof"] .row button');
  await again.has('[data-question] [aria-pressed="true"]', 4);
  await again.has('[data-photo] img', 2);
  const after = await again.stored();
  for (const [photo, { bytes }] of before) expect(after.get(photo)?.bytes.equals(bytes), photo).toBe(true);

  await again.tap('finished');
  link.open();
  await again.tryNow();
  await again.chip('Safe');
  await arrivedOnce(stack, again, appointment, photos);
});

test('two pages of one phone record at once, and nothing is lost or sent twice', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  const other = await handset.another(`#/job/${appointment}`);
  await handset.openJob(appointment);
  link.refuse();
  await handset.tap('on_my_way');
  await other.done('on_my_way');
  await other.tap('arrived');
  await handset.tap('started');
  await Promise.all([
    handset.answer('work_done', 'yes').then(() => handset.answer('tested', 'yes')),
    other.answer('site_clean', 'yes').then(() => other.answer('damage', 'no')),
  ]);
  await Promise.all([handset.choose('after', shots[0]), other.choose('detail', shots[1])]);
  for (const page of [handset, other]) await page.has('[data-photo]', 2);
  await other.tap('finished');
  for (const page of [handset, other]) {
    await page.has('[data-ready="true"]');
    await page.chip(/^Saved on this phone/);
  }
  const photos = await handset.photos();

  link.open();
  for (const page of [handset, other]) await page.tryNow();
  for (const page of [handset, other]) await page.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});

test('signing in asks for a name and a password, and a wrong one is said in words', async ({ browsing, link, stack }) => {
  const { screen } = browsing;
  await screen.open(link.address);
  await screen.fill('input[name="name"]', stack.technician.name);
  await screen.fill('input[name="password"]', 'not the password');
  await screen.click('button[type="submit"]');
  await expect.poll(() => screen.text('[role="alert"]')).toMatch(/\S/);
  await expect.poll(() => screen.count('a[data-appointment]')).toBe(0);
});

test('the same picture in two places is two photos of the closeout', async ({ stack, handset }) => {
  const [appointment = ''] = await handset.appointments();
  const file = await smallPhoto(handset.screen, 'image/jpeg', 5);
  await handset.openJob(appointment);
  const photos = await handset.closeOut([file, file]);
  await handset.chip('Safe');
  const stored = [...(await handset.stored()).values()].map(({ bytes }) => bytes);
  expect(stored[0]?.equals(stored[1] ?? Buffer.alloc(0))).toBe(true);
  await arrivedOnce(stack, handset, appointment, photos);
});
