import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installed } from '../chromium';
import { Desk, DESK } from '../desk';
import { dice } from '../dice';
import { ANSWERS, PHONE, Phone, SHOTS, type Step } from '../phone';
import { smallPhoto } from '../picture';
import { sha256 } from '../sandbox';
import { SOON } from '../soon';
import { Stack } from '../stack';
import { expect, test } from '../story';

const JOBS = 20;
const SHOTS_TAKEN = [...SHOTS, SHOTS[0]];
const KILLS = process.env.DOORSTEP_LONG ? 50 : 5;
const SEED = Number(process.env.DOORSTEP_SEED ?? 1);
/** Within this time of a tap the browser is killed: before, during and after what the tap leads to. */
const KILL_WITHIN_MS = 250;

/** A phone whose browser can be killed at any time and opened again where it was, without a network. */
class Pocket {
  private constructor(
    private readonly profile: string,
    private browser: Installed,
    public phone: Phone,
  ) {}

  static async filled(stack: Stack): Promise<Pocket> {
    const profile = await mkdtemp(join(tmpdir(), 'doorstep-day-'));
    const first = await Installed.start(profile);
    const phone = await Phone.open(first.context, stack.address);
    await phone.signIn(stack.technician);
    await phone.ready();
    // Of every job the document has to be here before the network goes.
    await expect(phone.jobs).toHaveCount(JOBS);
    for (const appointment of await phone.appointments()) await phone.holds(appointment);
    await first.close();
    const browser = await Installed.start(profile);
    const pocket = new Pocket(profile, browser, await opened(browser, stack.address));
    return pocket;
  }

  async killed(): Promise<void> {
    const { address } = this.phone;
    await this.browser.kill();
    this.browser = await Installed.start(this.profile);
    this.phone = await opened(this.browser, address);
  }

  async reconnect(): Promise<void> {
    await this.browser.context.setOffline(false);
    await this.phone.tryNow();
  }

  async empty(): Promise<void> {
    await this.browser.kill();
    await rm(this.profile, { recursive: true });
  }
}

async function opened(browser: Installed, address: string): Promise<Phone> {
  await browser.context.setOffline(true);
  const phone = await Phone.open(browser.context, address);
  await phone.page.setViewportSize(PHONE);
  await expect(phone.jobs).toHaveCount(JOBS);
  return phone;
}

/** Proof that is complete is folded away when its job is opened anew. */
async function unfold(phone: Phone): Promise<void> {
  for (const show of await phone.page.getByRole('button', { name: 'Show', exact: true }).all()) await show.click();
}

/** One thing the technician does: how to do it, and whether it has been done. */
interface Act {
  appointment: string;
  act: (phone: Phone) => Promise<void>;
  isDone: (phone: Phone) => Promise<boolean>;
}

function acts(appointment: string, picture: (n: number) => ReturnType<typeof smallPhoto>): Act[] {
  const step = (step: Step): Act => ({
    appointment,
    act: (phone) => phone.press(step),
    isDone: async (phone) => /\bdone\b/.test((await phone.recorded(step).getAttribute('class')) ?? ''),
  });
  const answers = Object.entries(ANSWERS).map(
    ([question, answer]): Act => ({
      appointment,
      act: (phone) => phone.answerButton(question, answer).click(),
      isDone: async (phone) => (await phone.answerButton(question, answer).getAttribute('aria-pressed')) === 'true',
    }),
  );
  const photos = SHOTS_TAKEN.map(
    (shot, n): Act => ({
      appointment,
      act: async (phone) => phone.shotInput(shot).setInputFiles(await picture(n)),
      isDone: async (phone) => (await phone.photos.count()) > n,
    }),
  );
  return [step('on_my_way'), step('arrived'), step('started'), ...answers, ...photos, step('finished')];
}

test(`a day of ${JOBS} jobs without a signal, its browser killed ${KILLS} times, reaches the server whole and once`, async ({
  browser: office,
}) => {
  test.setTimeout(120_000 + KILLS * 15_000 + JOBS * 20_000);
  const roll = dice(SEED);
  const stack = await Stack.start({}, { jobs: JOBS });
  const pocket = await Pocket.filled(stack);
  const desk = await Desk.open(await office.newContext({ viewport: DESK }), stack.address, stack.supervisor);
  try {
    let seed = 0;
    const day = (await pocket.phone.appointments()).flatMap((appointment) =>
      acts(appointment, async () => smallPhoto(pocket.phone.page, 'image/jpeg', ++seed)),
    );
    const fatal = new Set<number>();
    while (fatal.size < KILLS) fatal.add(Math.floor(roll() * day.length));

    for (const [n, { appointment, act, isDone }] of day.entries()) {
      if (!pocket.phone.page.url().endsWith(appointment)) await pocket.phone.openJob(appointment);
      if (fatal.has(n)) {
        const moment = roll() * KILL_WITHIN_MS;
        // Whatever the kill interrupts answers nobody any more.
        const interrupted = act(pocket.phone).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, moment));
        await pocket.killed();
        await interrupted;
        await pocket.phone.openJob(appointment);
        await unfold(pocket.phone);
        // All that came before was called saved, and is there.
        for (const before of day.slice(0, n).filter((one) => one.appointment === appointment)) {
          expect(await before.isDone(pocket.phone), `before act ${n} of seed ${SEED}`).toBe(true);
        }
        if (await isDone(pocket.phone)) continue;
      }
      await act(pocket.phone);
      await expect.poll(() => isDone(pocket.phone), SOON).toBe(true);
      await expect(pocket.phone.chip).toContainText('Saved on this phone');
    }

    const taken = await pocket.phone.storedPictures();
    expect(taken.size).toBe(JOBS * SHOTS_TAKEN.length);
    const onPhone = new Set([...taken.values()].map(sha256));
    expect(onPhone.size).toBe(taken.size);

    await pocket.reconnect();
    for (const { appointment, serviceJobId } of (await desk.board()).cards.filter(({ appointment }) =>
      day.some((one) => one.appointment === appointment),
    )) {
      await desk.sent(appointment, 60_000);
      expect((await stack.sandbox.job(serviceJobId)).completions).toBe(1);
      const attached = await stack.sandbox.attached(serviceJobId);
      expect(attached.map(({ flaw }) => flaw)).toEqual(SHOTS_TAKEN.map(() => null));
      for (const { sha256: digest } of attached) expect(onPhone.delete(digest ?? '')).toBe(true);
      await expect(desk.row(appointment)).toContainText('4 of 4');
    }
    // Every photo of the phone was found at Amazon, and each in one place.
    expect(onPhone.size).toBe(0);
    await expect(pocket.phone.chip).toHaveText('Safe');
  } finally {
    await pocket.empty();
    await stack.stop();
  }
});
