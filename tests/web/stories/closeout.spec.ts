import { Phone, SHOTS } from '../phone';
import { cameraPhoto, QUARTERS, seen } from '../picture';
import { sha256 } from '../sandbox';
import { expect, test } from '../story';

/** A supervisor sees what happened within this time of the server knowing it. */
const SOON_MS = 2_000;

test('one job closed out without a signal reaches Amazon and the supervisor’s screen', async ({ stack, desk, phone }) => {
  const context = phone.page.context();
  const jobs = await phone.appointments();
  expect(jobs).toHaveLength(8);
  await expect(phone.page.getByText('1 Example Street')).toBeVisible();
  const next = phone.page.locator('section[aria-label="Next job"] a');
  const appointment = (await next.getAttribute('data-appointment')) ?? '';
  const serviceJob = await desk.serviceJob(appointment);
  await desk.openDrawer(appointment);
  const files = [await cameraPhoto(desk.page, 1), await cameraPhoto(desk.page, 2)];
  for (const { buffer } of files) expect(buffer.length).toBeGreaterThan(1_000_000);

  // The network goes away; the page is closed and opened again cold.
  await context.setOffline(true);
  await phone.page.close();
  const cold = await Phone.open(context, stack.address);
  expect(await cold.appointments()).toEqual(jobs);

  await cold.page.locator('section[aria-label="Next job"] a').click();
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await cold.tap(step);
  await expect(cold.verdict).toHaveAttribute('data-ready', 'false');
  await cold.answerAll();
  const photos: string[] = [];
  for (const [i, file] of files.entries()) photos.push(await cold.take(SHOTS[i] ?? 'after', file));
  await cold.tap('finished');
  await expect(cold.verdict).toHaveAttribute('data-ready', 'true');
  await expect(cold.verdict).toContainText('Ready to leave');
  await expect(cold.chip).toContainText('Saved on this phone');
  for (const photo of photos) {
    await expect(cold.page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'on_phone');
  }
  const taken = await cold.storedPictures();
  expect([...taken.keys()].sort()).toEqual([...photos].sort());
  await expect(desk.row(appointment).locator('[data-cell="photos"]')).toHaveText('0 of 0');

  // The network returns.
  await context.setOffline(false);
  for (const photo of photos) {
    await expect(cold.page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'safe');
  }
  await desk.sent(appointment);
  await expect(cold.chip).toHaveText('Safe');

  // The console showed every step as it happened, thumbnails included, without reloading.
  // Beside the drawer the row leaves two of the steps to the drawer.
  for (const step of ['arrived', 'finished']) {
    await expect(desk.row(appointment).locator(`[data-step="${step}"] time`)).toBeVisible();
  }
  await expect(desk.drawer.locator('dt')).toHaveText(['On my way', 'Arrived', 'Started', 'Finished']);
  for (const photo of photos) {
    const image = desk.drawer.locator(`li[data-photo="${photo}"][data-safe="true"] img`);
    await expect.poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBeGreaterThan(0);
  }
  await expect.poll(async () => (await desk.shown()).map(({ what }) => what)).toContain('completed');
  const shown = await desk.shown();
  const kinds = shown.map(({ what }) => what);
  expect(kinds.filter((what) => what === 'step_recorded')).toHaveLength(4);
  const once = ['ready_to_send', 'fulfilment_sent', 'completed'];
  for (const what of once) expect(kinds.filter((kind) => kind === what), what).toHaveLength(1);
  for (const what of ['photo_safe', 'document_sent']) expect(kinds.filter((kind) => kind === what), what).toHaveLength(2);
  for (const { what, at, shownAt } of shown) expect(shownAt - at, what).toBeLessThanOrEqual(SOON_MS);
  const pictures = await desk.picturesShown();
  const safeAt = shown.filter(({ what }) => what === 'photo_safe').map(({ at }) => at);
  for (const photo of photos) {
    expect(pictures[`/api/photos/${photo}/thumbnail`]).toBeLessThanOrEqual(Math.max(...safeAt) + SOON_MS);
  }

  // Amazon has the job completed once, and the very pictures that were taken.
  const { job, completions } = await stack.sandbox.job(serviceJob);
  expect(job.serviceJobStatus).toBe('COMPLETED');
  expect(completions).toBe(1);
  const documents = await stack.sandbox.attached(serviceJob);
  expect(documents).toHaveLength(2);
  expect(documents.map((document) => document.flaw)).toEqual([null, null]);
  const takenHashes = [...taken.values()].map(sha256).sort();
  expect(documents.map((document) => document.sha256).sort()).toEqual(takenHashes);
  for (const photo of photos) expect(sha256(await desk.picture(photo))).toBe(sha256(taken.get(photo) ?? Buffer.alloc(0)));
  for (const document of documents) {
    const bytes = await stack.sandbox.bytes(document);
    expect(sha256(bytes)).toBe(document.sha256);
    for (const trace of ['Exif', 'Made-up camera']) expect(bytes.includes(trace), trace).toBe(false);
    expect(await seen(desk.page, bytes)).toEqual({ width: 1536, height: 2048, quarters: [...QUARTERS] });
  }
  const { body } = await stack.sandbox.fulfilment(serviceJob);
  expect(body.appointmentResources).toEqual([{ resourceId: 'RESA1' }]);
});
