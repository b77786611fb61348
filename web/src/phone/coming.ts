import { dayAndTime, instantOf } from '../when';

const HALF_A_DAY = 12 * 3_600_000;

/** The instant of a time of day that somebody says now of what comes: shortly before midnight `00:20` is tomorrow. */
export function comingAt(time: string, zone: string, now: number): number | null {
  const on = (day: number): number | null => instantOf(dayAndTime(day, zone).day, time, zone, now);
  const today = on(now);
  return today !== null && today < now - HALF_A_DAY ? on(now + 2 * HALF_A_DAY) : today;
}
