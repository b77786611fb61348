import type { Policy } from '../../../web/src/generated/Policy';
import { Handset } from '../handset';
import { Office } from '../office';
import { serviceJob } from './amazon';
import { expect, test } from './either';

const SERIAL = 'SN-2044-0817';
/** A wave across the pad, in hundredths of it. */
const WAVE: [number, number][] = [
  [10, 60],
  [30, 20],
  [50, 70],
  [70, 25],
  [90, 60],
];
const PAD = '[data-testid="pad"]';

/** Every visit wants a signature and a serial number from now on, and nothing else. */
async function wanted(office: Office): Promise<void> {
  const policy: Partial<Policy> = {
    version: 0,
    questions: [],
    shots: [],
    minimumPhotos: 0,
    signature: 'required',
    serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
  };
  await office.publish(policy);
}

test('a signature stays as it was drawn however the phone is turned and locked, and reaches Amazon with the closeout', async ({
  browsing,
  link,
  stack,
}) => {
  const { screen } = browsing;
  await stack.addAdministrator();
  await wanted(await Office.of(stack, stack.administrator));
  const handset = await Handset.open(screen, link.address);
  await handset.signIn(stack.technician);
  await handset.ready();
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);

  // A number can always be typed.
  await screen.click('[data-serial="unit"] .ways button:last-child');
  await screen.fill('input[name="serial"]', `  ${SERIAL} `);
  await screen.click('[data-serial="unit"] button[type="submit"]');
  await handset.shows('[data-serial="unit"] .number', new RegExp(`^${SERIAL}`));

  await screen.click('[data-testid="acceptance"] .main');
  await handset.has(PAD);
  const save = '[data-testid="acceptance"] .main';
  const isOffered = (): Promise<boolean> =>
    screen.evaluate((css) => !document.querySelector<HTMLButtonElement>(css)?.disabled, save);
  expect(await isOffered(), 'nothing is drawn').toBe(false);
  await screen.draw(PAD, [[50, 50]]);
  await handset.has(`${PAD} path`);
  expect(await isOffered(), 'a dot is no signature').toBe(false);
  await screen.draw(PAD, WAVE);
  await handset.has(`${PAD} path`, 2);
  const lines = (): Promise<string[]> => screen.attributes(`${PAD} path`, 'd');
  const drawn = await lines();
  for (const way of ['aside', 'upright', 'aside', 'upright', 'aside'] as const) {
    await screen.turn(way);
    expect(await lines()).toEqual(drawn);
  }
  await screen.turn('upright');
  // Another screen, and the lock.
  await handset.go('#/');
  await handset.openJob(appointment);
  await handset.has(`${PAD} path`, 2);
  expect(await lines()).toEqual(drawn);
  await handset.lockNow();
  await handset.unlock();
  await handset.openJob(appointment);
  await handset.has(`${PAD} path`, 2);
  expect(await lines()).toEqual(drawn);

  await screen.fill('input[name="signer"]', 'Sam Sample');
  await screen.look('phone-signing');
  await screen.click(save);
  await handset.shows('[data-testid="signed"]', /^Sam Sample/);
  await screen.look('phone-signed');
  await handset.tap('finished');
  await handset.has('[data-ready="true"]');

  await handset.go(`#/report/${appointment}`);
  await handset.shows('[data-testid="report"]', new RegExp(SERIAL));
  await handset.shows('[data-testid="report"]', /Sam Sample/);
  await handset.has('[data-testid="address"]', 0);
  await screen.click('[data-testid="report"] input[type="checkbox"]');
  await handset.has('[data-testid="address"]');
  await screen.look('phone-report');

  await handset.chip('Safe');
  const job = await serviceJob(stack, appointment);
  await expect.poll(async () => (await stack.sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');
  const documents = await stack.sandbox.attached(job);
  expect(documents.map(({ flaw, attachedTo }) => ({ flaw, times: attachedTo.length }))).toEqual([{ flaw: null, times: 1 }]);
});
