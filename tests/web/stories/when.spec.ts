import { dayAndTime, instantOf } from '../../../web/src/when';
import { DESK, Desk } from '../desk';
import { dice } from '../dice';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Where the clocks change, and the instant at which they do: forward, then back. One of them by half an hour. */
const NIGHTS: [zone: string, forward: string, back: string][] = [
  ['Europe/Berlin', '2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-04-04T15:00Z'],
];

for (const [zone, ...changes] of NIGHTS) {
  test(`a time that is opened and saved ten times stays what it was on both nights when the clocks change in ${zone}`, () => {
    for (const change of changes) {
      const at = Date.parse(change);
      let twice = 0;
      for (let truth = at - 3 * HOUR; truth < at + 3 * HOUR; truth += 7 * MINUTE) {
        let kept = truth;
        for (let edit = 0; edit < 10; edit++) {
          const { day, time } = dayAndTime(kept, zone);
          kept = instantOf(day, time, zone, kept) ?? Number.NaN;
        }
        expect(kept, new Date(truth).toISOString()).toBe(truth);
        const { day, time } = dayAndTime(truth, zone);
        // Which of two it is takes more than what the fields show.
        if (instantOf(day, time, zone, truth - 2 * HOUR) !== instantOf(day, time, zone, truth + 2 * HOUR)) twice += 1;
      }
      expect(twice > 0, `an hour comes twice on ${change}`).toBe(change === changes[1]);
    }
  });
}

test('a time that the clocks leave out is none', () => {
  for (const time of ['02:00', '02:30', '02:59']) expect(instantOf('2026-03-29', time, 'Europe/Berlin', 0), time).toBeNull();
  expect(instantOf('2026-03-29', '03:00', 'Europe/Berlin', 0)).toBe(Date.parse('2026-03-29T01:00Z'));
  expect(instantOf('2026-02-30', '', 'Europe/Berlin', 0)).toBeNull();
  // What a field for a day says while somebody types is a time all the same.
  expect(instantOf('0002-01-01', '10:00', 'America/New_York', 0)).toBeLessThan(0);
});

test('a day and a time say the same instant in every zone', () => {
  const roll = dice(41);
  const [from, to] = [Date.parse('2020-01-01T00:00Z'), Date.parse('2035-01-01T00:00Z')];
  const zones = Intl.supportedValuesOf('timeZone');
  expect(zones.length).toBeGreaterThan(300);
  for (const zone of zones) {
    for (let i = 0; i < 4; i++) {
      const at = Math.floor((from + roll() * (to - from)) / MINUTE) * MINUTE;
      const { day, time } = dayAndTime(at, zone);
      expect(instantOf(day, time, zone, at), `${zone} ${new Date(at).toISOString()}`).toBe(at);
    }
  }
});

test('a technician and a supervisor in other zones than the job see its time, and its zone', async ({ browser, stack }) => {
  const far = await browser.newContext({ viewport: PHONE, hasTouch: true, timezoneId: 'Asia/Kolkata' });
  const farther = await browser.newContext({ viewport: DESK, timezoneId: 'Pacific/Auckland' });
  const phone = await Phone.open(far, stack.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const desk = await Desk.open(farther, stack.address, stack.supervisor);
  const { cards } = await desk.board();
  expect(cards.length).toBeGreaterThan(0);
  for (const appointment of await phone.appointments()) {
    const card = cards.find((one) => one.appointment === appointment);
    if (!card) throw new Error(`no visit ${appointment} on the board`);
    const { window, timeZone } = card;
    const times = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' });
    const zone = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(window.start);
    const name = zone.find(({ type }) => type === 'timeZoneName')?.value;
    const said = `${times.formatRange(window.start, window.end)} ${name}`;
    await expect(phone.page.locator(`a[data-appointment="${appointment}"] .time`)).toHaveText(said);
    await expect(desk.row(appointment).locator('td').first()).toHaveText(said);
  }
  await far.close();
  await farther.close();
});
