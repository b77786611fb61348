import type { Handset } from '../handset';
import { arrivedOnce, supervisorCookie, told } from './amazon';
import { expect, test } from './either';

const REFUSED = { status: 422, code: 'photo_damaged', title: 'The photo is damaged', detail: 'Take it again.' };

const PARKED = '[data-parked="photo"]';
const REASONS = { recorded_again: 1, brought_otherwise: 2 };

async function giveUp({ screen }: Handset, reason: keyof typeof REASONS): Promise<void> {
  await screen.click(`${PARKED} [data-testid="give-up"]`);
  await screen.click(`${PARKED} .choices button:nth-of-type(${REASONS[reason]})`);
}

test('a photo that is refused holds up nothing else, says why, and can be taken out and given up', async ({ stack, link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.underWay(appointment);
  await handset.chip('Safe');
  link.answer('422 Unprocessable Content', 'application/problem+json', JSON.stringify(REFUSED));
  const refused = await handset.take('after', shots[0]);
  await expect.poll(() => handset.photoStates()).toEqual(['refused']);
  link.open();
  await handset.tryNow();
  const detail = await handset.take('detail', shots[1]);
  await expect.poll(async () => (await handset.photoStates()).sort()).toEqual(['refused', 'safe']);
  await handset.answerAll();

  await handset.go('#/sync');
  await handset.has('[data-parked="photo"]');
  await handset.shows('[data-testid="parked"]', /Because the picture is damaged/);
  await screen.look('phone-parked');
  await handset.shows('[data-testid="lane-data"]', /^All safe/);
  await screen.evaluate(() => {
    const share = async ({ files }: ShareData): Promise<void> => {
      const bytes = new Uint8Array((await files?.[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
      let text = '';
      for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      Object.assign(globalThis, { shared: btoa(text) });
    };
    Object.defineProperties(navigator, { share: { value: share }, canShare: { value: () => true } });
  }, null);
  await screen.click('[data-parked="photo"] button');
  await handset.shows('[data-parked="photo"] [role="status"]', /^Saved/);
  const shared = await screen.evaluate(() => (globalThis as unknown as { shared: string }).shared, null);

  // Nothing is in it but this photo, and whoever brings it brings it once.
  const headers = { origin: stack.address, cookie: await supervisorCookie(stack) };
  for (const outcome of ['taken', 'already']) {
    const answer = await fetch(`${stack.address}/api/rescue`, { method: 'POST', headers, body: Buffer.from(shared, 'base64') });
    expect(await answer.json()).toMatchObject({ whole: true, items: [{ place: `evidence/${refused}`, outcome, code: null }] });
  }

  // Now that it is there it is proof like any other, and nothing takes it out of the closeout.
  await giveUp(handset, 'brought_otherwise');
  await handset.has('[data-parked]', 0);
  await told(stack, `"kind":"given_up","technician":"${stack.technician.name}","item":"photo","reason":"brought_otherwise"`);
  await handset.openJob(appointment);
  await handset.tap('finished');
  await handset.has('[data-ready="true"]');
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, [refused, detail]);
});

test('what was recorded again leaves the phone and the closeout, and what nobody has brought yet does not', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.underWay(appointment);
  await handset.take('after', shots[0]);
  await handset.chip('Safe');
  link.answer('422 Unprocessable Content', 'application/problem+json', JSON.stringify(REFUSED));
  const refused = await handset.take('detail', shots[1]);
  await expect.poll(async () => (await handset.photoStates()).sort()).toEqual(['refused', 'safe']);
  link.open();
  await handset.go('#/sync');
  await giveUp(handset, 'brought_otherwise');
  await handset.shows(`${PARKED} [role="status"]`, /^The server does not have this photo yet\. .* Nothing was given up\.$/);
  expect([...(await handset.stored()).keys()]).toContain(refused);
  await screen.click(`${PARKED} .choices button:last-of-type`);

  // Given up: the office knows before it leaves, and it does not come back.
  await screen.evaluate(() => void Object.assign(globalThis, { asBefore: true }), null);
  await giveUp(handset, 'recorded_again');
  // The page loads itself anew; while it does, nothing can be asked of it.
  const anew = (): Promise<boolean> =>
    screen.evaluate(() => !('asBefore' in globalThis) && document.querySelector('[data-testid="lane-data"]') !== null, null);
  await expect.poll(() => anew().catch(() => false)).toBe(true);
  await handset.has('[data-parked]', 0);
  await told(stack, `"kind":"given_up","technician":"${stack.technician.name}","item":"photo","reason":"recorded_again"`);
  await handset.openJob(appointment);
  await expect.poll(() => handset.photoStates()).toEqual(['safe']);
  await handset.chip('Safe');
  expect([...(await handset.stored()).keys()]).not.toContain(refused);
});
