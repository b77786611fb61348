// Times for people: in the job's zone, with the zone's name where the reader is elsewhere.

import type { Moment } from './generated/Moment';
import type { Window } from './generated/Window';
import { times } from './phone/words/en/times';

/** Whose words and formats these are; the browser's formats where nobody says. */
interface Speaker {
  locale: string | undefined;
  times: typeof times;
}

let speaker: () => Speaker = () => ({ locale: undefined, times });

/** The phone speaks the language that was chosen there. Asked anew each time, so that a screen follows a change. */
export function speak(now: () => Speaker): void {
  speaker = now;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { locale } = speaker();
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zoneHere(zone) });
  formats.set(key, made);
  return made;
}

/** A zone this browser does not know is shown in UTC, which the zone's name then says. */
function zoneHere(zone: string): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const TIME: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };

function elsewhere(at: number, zone: string): boolean {
  const full: Intl.DateTimeFormatOptions = { dateStyle: 'short', timeStyle: 'short' };
  return format(zone, full).format(at) !== format(own, full).format(at);
}

function zoneName(at: number, zone: string): string {
  const parts = format(zone, { timeZoneName: 'short' }).formatToParts(at);
  // No line ends between `GMT-` and its hours.
  return parts.find((part) => part.type === 'timeZoneName')?.value.replace('-', '-\u2060') ?? zone;
}

function withZone(text: string, at: number, zone: string): string {
  return elsewhere(at, zone) ? `${text} ${zoneName(at, zone)}` : text;
}

/** `14:03`, in the job's zone. */
export function clock(at: number, zone: string = own): string {
  return withZone(format(zone, TIME).format(at), at, zone);
}

/** `14:03`, in the job's zone, where a span beside it names the zone. */
export function clockBeside(at: number, zone: string): string {
  return format(zone, TIME).format(at);
}

/** `09:00 – 11:00`, in the job's zone. */
export function span(window: Window, zone: string): string {
  const times = format(zone, TIME);
  // Over midnight a range would bring both dates along.
  const sameDay = day(window.start, zone) === day(window.end, zone);
  const text = sameDay
    ? times.formatRange(window.start, window.end)
    : `${times.format(window.start)} – ${times.format(window.end)}`;
  return withZone(text, window.start, zone);
}

/** `Tue, 9 June`, in the job's zone. */
export function day(at: number, zone: string = own): string {
  return format(zone, { weekday: 'short', day: 'numeric', month: 'long' }).format(at);
}

/** Everything, for hover and long press. */
export function exact(at: number, zone: string = own): string {
  return format(zone, { dateStyle: 'medium', timeStyle: 'long' }).format(at);
}

/** `4 min ago`. */
export function ago(at: number, now: number): string {
  const { times } = speaker();
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return times.justNow;
  if (minutes < 60) return times.minutesAgo(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? times.hoursAgo(hours) : times.daysAgo(Math.floor(hours / 24));
}

/** `12 min`: how long something has waited. */
export function age(at: number, now: number): string {
  const { times } = speaker();
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return times.lessThanAMinute;
  if (minutes < 60) return times.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? times.hours(hours) : times.days(Math.floor(hours / 24));
}

/** `12 min`, `3 h` or `2 days`: how far a clock is off. */
export function lasting(minutes: number): string {
  const { times } = speaker();
  if (minutes < 120) return times.minutes(minutes);
  return minutes < 2880 ? times.hours(Math.round(minutes / 60)) : times.days(Math.round(minutes / 1440));
}

/** `20 s` or `3 min`, never less than a second. */
export function wait(ms: number): string {
  const { times } = speaker();
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds < 90 ? times.seconds(seconds) : times.minutes(Math.round(seconds / 60));
}

/** The phone's clock, set right by the error it had at the last contact: for display only. */
export function shownInstant(moment: Moment): number {
  return moment.seen ? moment.wall - (moment.seen.wall - moment.seen.server) : moment.wall;
}

/** Day and time as the fields of a form take them, in a zone: `2026-09-21` and `14:03`. */
export function dayAndTime(at: number, zone: string): { day: string; time: string } {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
  const made = new Intl.DateTimeFormat('en', { ...options, hourCycle: 'h23', timeZone: zoneHere(zone) }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): string => made.find((part) => part.type === type)?.value ?? '';
  // A year that is half typed is one of the first hundreds.
  return { day: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
function ahead(at: number, zone: string): number {
  const shown = dayAndTime(at, zone);
  return Date.parse(`${shown.day}T${shown.time}:00Z`) - Math.floor(at / 60_000) * 60_000;
}

/**
 * The instant at which clocks in a zone show this day and time, `null` where they never do. In the night in which they
 * show an hour twice, the instant nearer to `near`: what is opened and saved again stays what it was.
 */
export function instantOf(day: string, time: string, zone: string, near: number): number | null {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wanted)) return null;
  // Clocks change once in two days at most, so they went by one of these.
  const [at] = [wanted - DAY_MS, wanted + DAY_MS]
    .map((around) => wanted - ahead(around, zone))
    .filter((at) => at + ahead(at, zone) === wanted)
    .sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  return at ?? null;
}
