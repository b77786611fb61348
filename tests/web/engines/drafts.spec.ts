import type { Policy } from '../../../web/src/generated/Policy';
import { placesOf } from '../disk';
import { Handset } from '../handset';
import { Office } from '../office';
import { smallPhoto } from '../picture';
import { SOON } from '../soon';
import { expect, test } from './either';

const NOTE = 'textarea[name="note"]';
const CAPTION = 'input[name="caption"]';
const SERIAL = 'input[name="serial"]';
const PAD = '[data-testid="pad"]';
const CORRECT = '[data-testid="correct-form"]';

/** One photo, a serial number and a signature. */
const POLICY: Partial<Policy> = {
  version: 0,
  questions: [],
  shots: [{ id: 'after', text: 'The finished work', texts: {}, minimum: 1, sample: null, longEdge: null, quality: null, pair: null, shownIf: null }],
  minimumPhotos: 1,
  signature: 'required',
  serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
};

test('a page that is ended in the middle of everything opens in the middle of everything, and keeps none of it for longer', async ({
  browsing,
  link,
  stack,
}) => {
  await stack.addAdministrator();
  await (await Office.of(stack, stack.administrator)).publish(POLICY);
  let handset = await Handset.open(browsing.screen, link.address);
  await handset.signIn(stack.technician);
  await handset.ready();
  const [appointment = '', other = ''] = await handset.appointments();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.take('after', await smallPhoto(handset.screen, 'image/jpeg', 1));
  link.refuse();

  let { screen } = handset;
  const value = (css: string): Promise<string | undefined> =>
    screen.evaluate((css) => document.querySelector<HTMLInputElement>(css)?.value, css);
  const end = async (): Promise<void> => {
    await screen.kill();
    handset = await handset.another(`#/job/${appointment}`);
    screen = handset.screen;
    // Whose service worker ended with the page has to unlock the phone.
    await expect.poll(() => screen.count('.where, input[name="pin"]'), SOON).toBe(1);
    if ((await screen.count('input[name="pin"]')) > 0) await handset.unlock();
    await handset.done('started');
  };
  const onDisk = async (): Promise<string[]> => {
    const places = await screen.evaluate(placesOf, 'draft/');
    return places.map((place) => place.replace(`draft/${appointment}/`, '').replace(/-[0-9a-f]{32}$/, '')).sort();
  };

  await screen.click('[data-testid="correct-arrived"]');
  await screen.fill(`${CORRECT} input[type="time"]`, '06:30');
  await screen.click(`${CORRECT} input[value="wrong_clock"]`);
  await screen.click('[data-serial="unit"] .ways button:last-child');
  await screen.fill(SERIAL, 'SN-20');
  await screen.click('[data-testid="acceptance"] .main');
  await screen.draw(PAD, [
    [10, 60],
    [50, 20],
  ]);
  await screen.fill('input[name="signer"]', 'Sam Sa');
  await screen.click('input[name="relation"][value="household"]');
  // A note and a caption are recorded when their field is left, so one of them is under way.
  await screen.fill(CAPTION, 'The shelf, from the left');
  await screen.fill(NOTE, 'The key hangs behind');
  await expect.poll(onDisk).toEqual(['correct-arrived', 'note', 'serial', 'signature']);
  const line = await screen.attributes(`${PAD} path`, 'd');
  await end();

  await handset.has(CORRECT);
  expect(await value(`${CORRECT} input[type="time"]`)).toBe('06:30');
  await handset.has(`${CORRECT} input[value="wrong_clock"]:checked`);
  expect(await value(NOTE)).toBe('The key hangs behind');
  expect(await value(CAPTION)).toBe('The shelf, from the left');
  expect(await value(SERIAL)).toBe('SN-20');
  await handset.has(`${PAD} path`);
  expect(await screen.attributes(`${PAD} path`, 'd')).toEqual(line);
  expect(await value('input[name="signer"]')).toBe('Sam Sa');
  await handset.has('input[name="relation"][value="household"]:checked');
  // Of the visit it was begun in, and of no other.
  await handset.openJob(other);
  await handset.has(NOTE);
  expect(await value(NOTE)).toBe('');

  await handset.openJob(appointment);
  await screen.fill(CAPTION, 'The shelf, from the right');
  await expect.poll(onDisk).toEqual(['caption', 'correct-arrived', 'serial', 'signature']);
  await end();
  expect(await value(CAPTION)).toBe('The shelf, from the right');

  // Everything is done; what was begun is recorded, and nothing stays begun.
  await screen.click(`${CORRECT} button[type="button"]`);
  await screen.fill(SERIAL, 'SN-2044');
  await screen.click('[data-serial="unit"] button[type="submit"]');
  await handset.shows('[data-serial="unit"] .number', /^SN-2044/);
  await screen.draw(PAD, [
    [60, 60],
    [90, 20],
  ]);
  await screen.click('[data-testid="acceptance"] .main');
  await handset.has('[data-testid="signed"]');
  await handset.go('#/');
  await handset.appointments();
  await expect.poll(onDisk).toEqual([]);
  await end();
  await expect.poll(() => screen.text('main')).toContain('The key hangs behind');
  // What is complete comes back folded away.
  await screen.click('li[data-stage="proof"] .row button');
  await handset.has(CAPTION);
  expect(await value(CAPTION)).toBe('The shelf, from the right');
  for (const closed of [CORRECT, SERIAL, PAD]) await handset.has(closed, 0);
});
