import { keysInTheClear, outbox } from '../disk';
import { arrivedOnce, serviceJob } from './amazon';
import { expect, test } from './either';

test('signing out without a network locks the day away at once', async ({ link, handset }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  const lines = ((await screen.text('.where')) ?? '').split('\n').filter((line) => /\w{4}/.test(line));
  expect(lines.length).toBeGreaterThan(2);
  link.refuse();
  await handset.signOut();
  await screen.reload();
  await handset.has('input[name="name"]');
  const shown = (await screen.text('body')) ?? '';
  for (const line of lines) expect(shown).not.toContain(line);
  const keys = await screen.evaluate(keysInTheClear, null);
  expect(keys).toEqual([null]);
});

test('what was not sent when somebody signed out is counted, kept and sent after the next sign-in', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  await handset.chip(/^Saved on this phone/);
  await handset.go('#/sync');
  await screen.click('section:last-child .plain');
  await handset.shows('section:last-child p', /Not sent yet: .*2 photos/);
  await screen.look('phone-sign-out');
  await screen.click('section:last-child .choices button');
  await handset.has('input[name="name"]');

  link.open();
  await screen.reload();
  await handset.signIn(stack.technician);
  await handset.chip('Safe');
  await handset.openJob(appointment);
  await arrivedOnce(stack, handset, appointment, photos);
});

test('what waits is counted and sent while nobody is signed in, and nobody could read it', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  await handset.chip(/^Saved on this phone/);
  // How a photo looks is a change of its own, so two photos are four.
  // The server is not told: the session lives on, the key of the store does not.
  await handset.signOut();
  await handset.shows('[data-testid="waiting"]', /^2 photos and 12 answers wait on this phone/);
  await screen.reload();
  await handset.shows('[data-testid="waiting"]', /^2 photos and 12 answers wait on this phone/);

  link.open();
  await handset.tryNow();
  await handset.has('[data-testid="waiting"]', 0);
  const job = await serviceJob(stack, appointment);
  await expect.poll(async () => (await stack.sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');

  // Signed in again, the phone hears of it and lets go; nothing is there twice.
  await handset.signIn(stack.technician);
  await handset.chip('Safe');
  await expect.poll(() => screen.evaluate(outbox, null)).toEqual([]);
  await arrivedOnce(stack, handset, appointment, photos);
});

test('a session that the server ended keeps nobody from recording, and signing in sends it all', async ({ stack, link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  // The page does not know of it.
  await screen.evaluate(async () => void (await fetch('/api/sign-out', { method: 'POST' })), null);
  link.refuse();
  await screen.reload();
  await handset.has('.where');
  const photos = await handset.closeOut(shots);
  await handset.chip(/^Saved on this phone/);

  link.open();
  await handset.tryNow();
  await handset.chip(/^Signed out/);
  expect(await handset.photos()).toHaveLength(2);
  await handset.go('#/sync');
  await screen.fill('input[name="name"]', stack.technician.name);
  await screen.fill('input[name="password"]', stack.technician.password);
  await screen.click('button[type="submit"]');
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});
