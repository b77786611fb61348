// Times for people: in the job's zone, with the zone's name where the reader is elsewhere.

import type { Moment } from './generated/Moment';
import type { Window } from './generated/Window';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, { ...options, timeZone: zoneHere(zone) });
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
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
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
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** `12 min`: how long something has waited. */
export function age(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** `20 s` or `3 min`, never less than a second. */
export function wait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** The phone's clock, set right by the error it had at the last contact: for display only. */
export function shownInstant(moment: Moment): number {
  return moment.seen ? moment.wall - (moment.seen.wall - moment.seen.server) : moment.wall;
}
