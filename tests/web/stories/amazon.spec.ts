import type { Desk } from '../desk';
import { Phone } from '../phone';
import { smallPhoto, type Shot } from '../picture';
import { sha256 } from '../sandbox';
import type { Stack } from '../stack';
import { expect, test } from '../story';

// Short, so that what waits for a lost answer waits seconds.
test.use({ settings: { DOORSTEP_AMAZON_TIMEOUT_MS: '2000', DOORSTEP_FENCE_MS: '2000' } });

async function twoPhotos(desk: Desk): Promise<Shot[]> {
  return [await smallPhoto(desk.page, 'image/jpeg', 1), await smallPhoto(desk.page, 'image/jpeg', 2)];
}

/** Amazon has the job completed once, each of the pictures attached once, and nothing else. */
async function arrivedOnce(stack: Stack, desk: Desk, phone: Phone, appointment: string, photos: string[]): Promise<void> {
  const serviceJob = await desk.serviceJob(appointment);
  const { job, completions } = await stack.sandbox.job(serviceJob);
  expect(job.serviceJobStatus).toBe('COMPLETED');
  expect(completions).toBe(1);
  const stored = await phone.storedPictures();
  const taken = photos.map((photo) => sha256(stored.get(photo) ?? Buffer.alloc(0))).sort();
  const documents = await stack.sandbox.attached(serviceJob);
  expect(documents.map((document) => document.sha256).sort()).toEqual(taken);
  for (const { attachedTo, flaw } of documents) {
    expect(flaw).toBe(null);
    expect(attachedTo).toHaveLength(1);
  }
  const { body } = await stack.sandbox.fulfilment(serviceJob);
  const ids = documents.map(({ uploadDestinationId }) => uploadDestinationId).sort();
  expect(body.fulfillmentDocuments?.map(({ uploadDestinationId }) => uploadDestinationId).sort()).toEqual(ids);
}

test('answers of Amazon’s that are lost after they took effect cost one completion and no photo', async ({ stack, desk, phone }) => {
  const { sandbox } = stack;
  const lost = [
    'createServiceDocumentUploadDestination',
    'uploadDocument',
    'setAppointmentFulfillmentData',
    'completeServiceJobByServiceJobId',
  ];
  for (const operation of lost) await sandbox.fault(operation, 'loseReply');
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  const photos = await phone.closeOut(await twoPhotos(desk));
  await desk.sent(appointment, 40_000);
  await arrivedOnce(stack, desk, phone, appointment, photos);
  for (const operation of lost) {
    const requests = await sandbox.requests(operation);
    expect(requests.filter(({ tookEffect, answered }) => tookEffect && !answered), operation).toHaveLength(1);
  }
  // The completion was read back, not sent again.
  expect(await sandbox.requests('completeServiceJobByServiceJobId')).toHaveLength(1);
});

test('a server killed in the middle of each kind of call finishes every job once', async ({ stack, desk, phone }) => {
  // A dead worker's claim holds for 30 seconds longer than a request may take.
  test.setTimeout(120_000);
  const { sandbox } = stack;
  const calls = ['uploadDocument', 'setAppointmentFulfillmentData', 'completeServiceJobByServiceJobId'];
  const appointments = (await phone.appointments()).slice(0, calls.length);
  const files = await twoPhotos(desk);
  const photos: string[][] = [];
  for (const [i, appointment] of appointments.entries()) {
    // Held, and let go after the caller is dead: it takes effect late.
    await sandbox.fault(calls[i] ?? '', 'hang');
    await phone.openJob(appointment);
    photos.push(await phone.closeOut(files));
    await expect.poll(() => sandbox.held()).toBeGreaterThan(i);
  }
  await stack.server.kill();
  await stack.startServer();
  expect(await sandbox.release()).toBe(calls.length);
  for (const appointment of appointments) await desk.sent(appointment, 60_000);
  for (const [i, appointment] of appointments.entries()) {
    await arrivedOnce(stack, desk, phone, appointment, photos[i] ?? []);
  }
});
