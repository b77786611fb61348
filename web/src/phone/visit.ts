// One visit, as the screens of the phone show it.

import type { Address } from '../generated/Address';
import type { Job } from '../generated/Job';
import type { Step } from '../generated/Step';
import type { Visit } from '../generated/Visit';
import { arrivalWords } from '../standing';
import { clock, shownInstant } from '../when';
import { OPEN_STATUS } from '../naming';
import { isApples } from './install';
import { words } from './tongue.svelte';

export type Stage = Step | 'proof';
export const STAGES = ['on_my_way', 'arrived', 'started', 'proof', 'finished'] as const satisfies Stage[];

/** Nobody was home, so nothing is done and nothing of it is wanted. */
export function isNoShow({ closeout: { outcome } }: Visit): boolean {
  return typeof outcome === 'object' && outcome !== null && 'no_show' in outcome;
}

export function isClosed(job: Job): boolean {
  return job.status !== OPEN_STATUS;
}

/** Something of the visit is on record. */
export function isBegun({ closeout: { steps }, photos }: Visit): boolean {
  return photos.length > 0 || STAGES.some((stage) => stage !== 'proof' && steps[stage] !== undefined);
}

export function recordedAt(visit: Visit, step: Step): string | null {
  const at = visit.closeout.corrections[step]?.at ?? tappedAt(visit, step);
  return at === null ? null : clock(at, visit.job.timeZone);
}

/** Under which a correction of it is kept while it is typed. */
export function correctionField(step: Step): string {
  return `correct-${step}`;
}

/** When it was tapped, whatever was said of it later. */
export function tappedAt(visit: Visit, step: Step): number | null {
  const moment = visit.closeout.steps[step];
  return moment ? shownInstant(moment) : null;
}

export function stopping(visit: Visit): Visit['findings'] {
  return visit.findings.filter((finding) => finding.severity === 'stop');
}

/** Where the closeout stands, in a few words for the list. */
export function progress(visit: Visit): string {
  const last = STAGES.findLast((stage) => stage !== 'proof' && visit.closeout.steps[stage] !== undefined);
  const { states, steps } = words();
  if (visit.ready) return states.ready;
  if (last === undefined || last === 'proof') return steps.notStarted;
  if (last === 'finished') return states.missing(stopping(visit).length);
  return `${steps.step[last]} ${recordedAt(visit, last) ?? ''}`.trim();
}

/** Whether what is to be installed is at the buyer's; `null` where Amazon does not say. */
export function product(job: Job): string | null {
  return arrivalWords(words(), job.standing.arrival, job.timeZone);
}

export function street(job: Job): string {
  const { buyerExpired, reassigned } = job.standing;
  const { today } = words();
  const without = buyerExpired ? today.addressAtAmazon : reassigned ? today.somebodyElses : today.addressGone;
  return job.address?.lines[0] ?? without;
}

/** The lines of an address after the street. */
export function rest(address: Address): string[] {
  const region = [address.stateOrRegion, address.postalCode].filter((part) => part).join(' ');
  return [...address.lines.slice(1), [address.city, region].filter((part) => part).join(', ')].filter((line) => line);
}

function wanted(address: Address): string {
  const whole = [...address.lines, address.city, address.stateOrRegion, address.postalCode, address.countryCode];
  return encodeURIComponent(whole.filter((part) => part).join(', '));
}

/** An address for the phone's own map: an app takes these links, so the address enters no browser's history. */
export function mapLink(address: Address): string {
  const text = wanted(address);
  // iPhones have an address scheme of their own and do not know `geo:`.
  return isApples() ? `maps:?q=${text}` : `geo:0,0?q=${text}`;
}

/** Of a phone without such an app. The address is told to others, so whoever follows it is asked first. */
export function webMapLink(address: Address): string {
  return `https://www.openstreetmap.org/search?query=${wanted(address)}`;
}

export function callLink(phone: string): string {
  return `tel:${phone.replace(/[^\d+*#,;]/g, '')}`;
}

/** The visit to go to next: the first one open and not finished. */
export function nextVisit(visits: Visit[]): Visit | null {
  return visits.find((visit) => !isClosed(visit.job) && visit.closeout.steps.finished === undefined) ?? null;
}
