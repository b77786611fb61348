import { expect, test } from '@playwright/test';
import { comingAt } from '../../../web/src/phone/coming';
import { dayAndTime, instantOf } from '../../../web/src/when';

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;
const DAY = 48 * HALF_HOUR;

/** Zones by how their clocks change: by an hour, by half of one, at midnight, in the other half of the year, never. */
const ZONES = [
  'America/New_York',
  'America/St_Johns',
  'Europe/Berlin',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Pacific/Chatham',
  'UTC',
];

/** What clocks there show, less what they show in UTC. */
function offset(at: number, zone: string): number {
  const { day, time } = dayAndTime(at, zone);
  return Date.parse(`${day}T${time}:00Z`) - at;
}

/** The days of a year in which clocks change, as the instants at which they begin in UTC. */
function nights(zone: string): number[] {
  const from = Date.parse('2026-01-01T00:00:00Z');
  const changing = (begin: number, length: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => begin + i * length).filter((at) => offset(at, zone) !== offset(at + length, zone));
  return changing(from, 7 * DAY, 52).flatMap((week) => changing(week, DAY, 7));
}

test('a time that is looked at again stays what it was, in every night in which clocks change', () => {
  for (const zone of ZONES) {
    const found = nights(zone);
    expect(found, zone).toHaveLength(['Asia/Kolkata', 'Asia/Tokyo', 'UTC'].includes(zone) ? 0 : 2);
    for (const night of found) {
      for (let at = night; at < night + DAY; at += HALF_HOUR) {
        const { day, time } = dayAndTime(at, zone);
        expect(instantOf(day, time, zone, at), `${zone} ${new Date(at).toISOString()}`).toBe(at);
      }
    }
  }
});

test('an hour that comes twice is the one closer to what was recorded, and what is no time is none', () => {
  const zone = 'America/New_York';
  const [first, second] = [Date.parse('2026-11-01T05:30:00Z'), Date.parse('2026-11-01T06:30:00Z')];
  expect(dayAndTime(first, zone)).toEqual(dayAndTime(second, zone));
  expect(instantOf('2026-11-01', '01:30', zone, first + MINUTE)).toBe(first);
  expect(instantOf('2026-11-01', '01:30', zone, second + MINUTE)).toBe(second);
  expect(instantOf('2026-11-01', '', zone, second)).toBe(null);
  expect(instantOf('0002-01-01', '10:00', zone, second)).toBeLessThan(0);
});

test('what is expected shortly after midnight is said before it, of the day that comes', () => {
  const zone = 'America/New_York';
  const late = Date.parse('2026-11-23T04:50:00Z');
  expect(dayAndTime(late, zone)).toEqual({ day: '2026-11-22', time: '23:50' });
  expect(comingAt('23:55', zone, late)).toBe(late + 5 * MINUTE);
  expect(comingAt('00:20', zone, late)).toBe(late + 30 * MINUTE);
  // A time that has just passed is not one of tomorrow.
  expect(comingAt('23:40', zone, late)).toBe(late - 10 * MINUTE);
});
