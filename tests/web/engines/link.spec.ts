import { dice } from '../dice';
import { Handset } from '../handset';
import { SHOTS } from '../phone';
import { arrivedOnce, refusedChanges } from './amazon';
import { expect, test } from './either';

/** From the beginning of a navigation to the jobs, however slow the machine. */
const FIRST_PAINT_MS = 2_000;

test('a page opened where no answer comes shows the jobs at once and claims nothing', async ({ link, handset }) => {
  const { screen } = handset;
  const jobs = await handset.appointments();
  for (const fail of [() => link.silence(), () => link.refuse(), () => link.portal()]) {
    fail();
    await screen.reload();
    await expect.poll(() => screen.count('a[data-appointment]')).toBe(jobs.length);
    const at = await screen.evaluate(() => performance.now(), null);
    expect(at).toBeLessThan(FIRST_PAINT_MS);
    expect(await screen.text('body')).not.toContain('Opening');
    await handset.chip('Nothing to send');
    expect(await handset.appointments()).toEqual(jobs);
  }
});

test('a link that loses half of everything delays no page, and what is recorded over it arrives once', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.loseHalf(dice(24));
  await screen.reload();
  await handset.appointments();
  expect(await screen.evaluate(() => performance.now(), null)).toBeLessThan(FIRST_PAINT_MS);
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  await expect
    .poll(
      async () => {
        await handset.tryNow();
        return screen.text('[data-testid="chip"]');
      },
      { timeout: 40_000 },
    )
    .toBe('Safe');
  expect(link.turnedAway).toBeGreaterThan(3);
  await arrivedOnce(stack, handset, appointment, photos);
});

test('an answer that is not the server’s makes nothing safe', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  const said = await handset.listen();
  const answers = [
    () => link.portal(),
    () => link.answer('502 Bad Gateway', 'text/html', '<h1>Bad gateway</h1>'),
    () => link.answer('200 OK', 'application/vnd.doorstep.sync', 'DPX'),
    () => link.answer('200 OK', 'application/json', '{}'),
    () => link.cutAnswersAfter(40),
    () => link.silence(),
  ];
  for (const answer of answers) {
    answer();
    const before = link.turnedAway;
    await expect
      .poll(async () => {
        await handset.tryNow();
        return link.turnedAway;
      })
      .toBeGreaterThan(before);
    await handset.chip(/^Saved on this phone/);
    expect(await handset.photoStates()).not.toContain('safe');
    expect(await handset.screen.text('[role="alert"]')).toBe(null);
  }
  expect(await said()).not.toContain('Safe');
  expect([...(await handset.stored()).keys()].sort()).toEqual([...photos].sort());
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});

test('requests that fail take nothing off any screen', async ({ link, handset }) => {
  const [appointment = ''] = await handset.appointments();
  const parts = [
    ['#/', 'section[aria-label="Next job"]'],
    [`#/job/${appointment}`, '.where'],
    ['#/sync', 'main h1'],
  ] as const;
  const before: (string | null)[] = [];
  for (const [hash, css] of parts) {
    await handset.go(hash);
    await handset.has(css);
    before.push(await handset.screen.text(css));
  }
  for (const fail of [() => link.refuse(), () => link.portal(), () => link.answer('500 Trouble', 'text/plain', 'no')]) {
    fail();
    for (const [i, [hash, css]] of parts.entries()) {
      await handset.go(hash);
      const tried = link.turnedAway;
      await expect
        .poll(async () => {
          await handset.tryNow();
          return link.turnedAway;
        })
        .toBeGreaterThan(tried);
      await handset.shows(css, before[i] ?? '');
      expect(await handset.screen.text('[role="alert"]')).toBe(null);
    }
  }
});

test('a server that keeps failing has the photo in the end, and nobody touched the phone', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.answer('500 Trouble', 'text/plain', 'no');
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  await expect.poll(() => link.turnedAway, { timeout: 30_000 }).toBeGreaterThan(4);
  await handset.chip(/^Saved on this phone/);
  link.open();
  await handset.chip('Safe', 30_000);
  await arrivedOnce(stack, handset, appointment, photos);
});

test('answers that are lost after they took effect leave everything on the phone until one arrives', async ({
  stack,
  handset,
  shots,
}) => {
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  // The server has done what it was asked; what it says of it does not arrive, once for each kind of request.
  await handset.screen.evaluate(() => {
    const real = globalThis.fetch;
    const lost: string[] = [];
    Object.assign(globalThis, { lost });
    globalThis.fetch = async (input, init) => {
      const answer = await real(input, init);
      const path = new URL(answer.url).pathname.replaceAll(/[0-9a-f]{32}/g, '*');
      const kind = `${init?.method ?? 'GET'} ${path}`;
      const carriesWork = path !== '/api/day' && path !== '/api/device/health';
      if (!carriesWork || lost.includes(kind)) return answer;
      lost.push(kind);
      throw new TypeError('the answer was lost');
    };
  }, null);
  const photos = await handset.closeOut(shots);
  const kinds = ['GET /api/photos/*/receipt', 'HEAD /api/uploads/*', 'PATCH /api/uploads/*', 'POST /api/sync', 'POST /api/uploads'];
  const lost = (): Promise<string[]> => handset.screen.evaluate(() => (globalThis as unknown as { lost: string[] }).lost, null);
  await expect
    .poll(async () => {
      await handset.tryNow();
      if ((await lost()).length < kinds.length) expect(await handset.photoStates()).not.toEqual(['safe', 'safe']);
      return (await lost()).toSorted();
    }, { timeout: 30_000 })
    .toEqual(kinds);
  await expect
    .poll(async () => {
      await handset.tryNow();
      return handset.photoStates();
    })
    .toEqual(['safe', 'safe']);
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});

test('what is recorded while a request hangs half sent arrives after it, each in its order', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  link.holdAfter(600);
  await handset.tap('on_my_way');
  await expect.poll(() => link.isHeld).toBe(true);
  await handset.tap('arrived');
  await handset.tap('started');
  await handset.answerAll();
  await handset.answer('tested', 'no');
  await handset.answer('tested', 'yes');
  const photos = [];
  for (const [i, shot] of SHOTS.entries()) photos.push(await handset.take(shot, shots[i] ?? shots[0]));
  await handset.tap('finished');
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  await arrivedOnce(stack, handset, appointment, photos);
});

test('a first day that is cut off anywhere shows what came, denies nothing and becomes whole', async ({ browsing, link, stack }) => {
  const { screen } = browsing;
  const handset = await Handset.open(screen, link.address);
  // From here on the app itself needs no network.
  await screen.evaluate(async () => void (await navigator.serviceWorker.ready), null);
  await screen.reload();
  await screen.fill('input[name="name"]', stack.technician.name);
  await screen.fill('input[name="password"]', stack.technician.password);
  const cut = async (bytes: number, again: () => Promise<void>): Promise<void> => {
    link.cutAnswersAfter(bytes);
    const before = link.turnedAway;
    await expect
      .poll(async () => {
        await again();
        return link.turnedAway;
      })
      .toBeGreaterThan(before);
    expect(await screen.text('body')).not.toMatch(/denied|stopped/i);
  };

  const submit = (): Promise<void> =>
    screen.evaluate(() => document.querySelector<HTMLElement>('button[type="submit"]')?.click(), null);
  // Less than any answer, so that no sign-in comes whole.
  for (const bytes of [0, 100, 200]) await cut(bytes, submit);
  await handset.shows('button[type="submit"]', 'Sign in');
  link.open();
  await submit();
  await handset.shows('h1', 'Choose a PIN');
  link.refuse();
  await handset.choosePin();
  await handset.shows('h1', /^Today/);

  for (const bytes of [0, 200, 600, 1_500, 4_000, 8_000]) {
    await cut(bytes, () => handset.tryNow());
    await handset.shows('h1', /^Today/);
  }
  link.open();
  await expect
    .poll(async () => {
      await handset.tryNow();
      return screen.count('a[data-appointment]');
    })
    .toBe(8);
});

test('fifty copies of an exchange at once are taken once and answered alike', async ({ stack, link, handset, shots }) => {
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  const photos = await handset.closeOut(shots);
  await handset.screen.evaluate(() => {
    const real = globalThis.fetch;
    const statuses: number[] = [];
    Object.assign(globalThis, { statuses });
    globalThis.fetch = async (input, init) => {
      if (input !== '/api/sync') return real(input, init);
      const answers = await Promise.all(Array.from({ length: 50 }, () => real(input, init)));
      statuses.push(...answers.map(({ status }) => status));
      const [first] = answers;
      if (!first) throw new TypeError('nothing was sent');
      return first;
    };
  }, null);
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
  const statuses = await handset.screen.evaluate(() => (globalThis as unknown as { statuses: number[] }).statuses, null);
  expect(statuses.length).toBeGreaterThanOrEqual(50);
  expect(new Set(statuses)).toEqual(new Set([200]));
  await arrivedOnce(stack, handset, appointment, photos);
  expect(await refusedChanges(stack, appointment)).toBe(0);
});
