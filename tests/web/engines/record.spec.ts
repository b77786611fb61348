import { smallPhoto } from '../picture';
import { arrivedOnce } from './amazon';
import { expect, test } from './either';

/** A tap without a network is on the screen within this time. */
const AT_ONCE_MS = 300;
/** What one edit may put into the store, however many photos there are. */
const EDIT_BYTES = 50_000;

test('finishing without a network is a matter of the phone alone and takes no time', async ({ link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.silence();
  await handset.underWay(appointment);
  await handset.answerAll();
  await handset.take('after', shots[0]);
  await handset.take('detail', shots[1]);
  const took = await handset.screen.evaluate(async () => {
    const shown = new Promise<number>((resolve) => {
      new MutationObserver(() => {
        if (document.querySelector('[data-ready="true"]')) resolve(performance.now());
      }).observe(document, { childList: true, subtree: true, attributes: true });
    });
    const start = performance.now();
    document.querySelector<HTMLElement>('.bottom [data-step="finished"]')?.click();
    return (await shown) - start;
  }, null);
  expect(took).toBeLessThan(AT_ONCE_MS);
  await handset.chip(/^Saved on this phone/);
});

test('twenty taps where nothing answers are one closeout', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  await handset.underWay(appointment);
  await handset.answerAll();
  const photos = [await handset.take('after', shots[0]), await handset.take('detail', shots[1])];
  link.silence();
  await handset.screen.evaluate(() => {
    const button = document.querySelector<HTMLElement>('.bottom [data-step="finished"]');
    for (let tap = 0; tap < 20; tap++) button?.click();
  }, null);
  await handset.has('[data-ready="true"]');
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});

test('a photo taken beside another and removed again leaves the first as it was', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  const first = await handset.take('after', shots[0]);
  const before = (await handset.stored()).get(first)?.bytes;
  const second = await handset.take('after', shots[1]);
  await handset.screen.click(`[data-photo="${second}"] button`);
  await handset.has('[data-photo]', 1);
  await handset.screen.reload();
  await handset.has('[data-photo]', 1);
  expect((await handset.stored()).get(first)?.bytes.equals(before ?? Buffer.alloc(0))).toBe(true);

  await handset.answerAll();
  const detail = await handset.take('detail', await smallPhoto(handset.screen, 'image/jpeg', 3));
  await handset.tap('finished');
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, [first, detail]);
});

test('an edit beside twenty photos writes little and no photo again', async ({ link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  for (let photo = 0; photo < 20; photo++) await handset.take(photo % 2 ? 'after' : 'detail', shots[photo % 2 ? 0 : 1]);
  await handset.chip(/^Saved on this phone/);
  await handset.screen.evaluate(() => {
    const puts: { store: string; place: string; bytes: number }[] = [];
    Object.assign(globalThis, { puts });
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value: ArrayBuffer | { sealed: ArrayBuffer }, key) {
      const [, place = ''] = key as [string, string];
      puts.push({ store: this.name, place, bytes: 'sealed' in value ? value.sealed.byteLength : value.byteLength });
      return put.call(this, value, key);
    };
  }, null);
  await handset.answerAll();
  await handset.screen.fill('textarea[name="note"]', 'The shelf in the hall is level.');
  await handset.tap('finished');
  await handset.chip(/^Saved on this phone/);
  const puts = await handset.screen.evaluate(
    () => (globalThis as unknown as { puts: { store: string; place: string; bytes: number }[] }).puts,
    null,
  );
  expect(puts.length).toBeGreaterThanOrEqual(6);
  // What is being typed lies there as well.
  expect(puts.filter(({ store, place }) => store === 'photos' && !place.startsWith('draft/'))).toEqual([]);
  for (const { bytes } of puts) expect(bytes).toBeLessThan(EDIT_BYTES);
});

test('a full store is said in words, and what did not fit is written when there is room', async ({ link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  await handset.chip(/^Saved on this phone/);
  const full = (is: boolean): Promise<void> =>
    screen.evaluate((is) => {
      const { put } = IDBObjectStore.prototype;
      const real = (globalThis as unknown as { realPut?: typeof put }).realPut ?? put;
      Object.assign(globalThis, { realPut: real });
      IDBObjectStore.prototype.put = is
        ? () => {
            throw new DOMException('no room', 'QuotaExceededError');
          }
        : real;
    }, is);
  await full(true);
  await handset.answer('tested', 'yes');
  await handset.chip(/^Not saved/);
  await handset.choose('after', shots[0]);
  await handset.shows('li.refused p', /storage is full/);
  expect(await handset.photos()).toEqual([]);
  expect((await handset.stored()).size).toBe(0);

  await full(false);
  await screen.click('li.refused button');
  const photo = await handset.take('after', shots[0]);
  await handset.tryNow();
  await handset.chip(/^Saved on this phone/);
  await screen.reload();
  await handset.has('[data-question="tested"] [data-answer="yes"][aria-pressed="true"]');
  expect(await handset.photos()).toEqual([photo]);
});

test('whatever brings a page back sends what waits', async ({ link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  const triggers = {
    on_my_way: () => screen.evaluate(() => void dispatchEvent(new Event('online')), null),
    arrived: () => screen.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')), null),
    started: () => screen.reload(),
  };
  for (const [step, trigger] of Object.entries(triggers) as [keyof typeof triggers, () => Promise<void>][]) {
    // Nothing comes by itself: without timers there is no next try.
    await screen.evaluate(() => {
      const real = globalThis.setTimeout;
      const short = (work: () => void, ms = 0): unknown => (ms < 500 ? real(work, ms) : 0);
      Object.assign(globalThis, { setTimeout: short });
    }, null);
    link.refuse();
    await handset.tap(step);
    await handset.chip(/^Saved on this phone/);
    // While a request is still failing, nothing starts another.
    await handset.rests();
    link.open();
    await trigger();
    await handset.chip('Safe');
  }
  // A photo goes when it is taken.
  await handset.take('after', shots[0]);
  await expect.poll(() => handset.photoStates()).toEqual(['safe']);
});

test('a note and a caption that are being written are kept when somebody goes back with the field still open', async ({ handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.take('after', shots[0]);
  const [note, caption] = ['textarea[name="note"]', 'input[name="caption"]'];
  await screen.fill(note, 'The key hangs behind the door.');
  await screen.evaluate(() => history.back(), null);
  await handset.appointments();
  await handset.openJob(appointment);
  await expect.poll(() => screen.text('main')).toContain('The key hangs behind the door.');
  await screen.fill(caption, 'The shelf, from the left');
  await screen.evaluate(() => history.back(), null);
  await handset.appointments();
  await handset.openJob(appointment);
  const written = (css: string): string | undefined => document.querySelector<HTMLInputElement>(css)?.value;
  await expect.poll(() => screen.evaluate(written, caption)).toBe('The shelf, from the left');
  await handset.has('.bar[role="alert"]', 0);
});
