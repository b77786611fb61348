// What the sync panel says of a lane: what is safe since when, what waits for how long, and what comes next.

import type { LaneState } from '../generated/LaneState';
import type { SyncState } from '../generated/SyncState';
import type { View } from '../generated/View';
import { age, clock, day, wait } from '../when';
import { count, failureWords, keepOpenWords } from '../words';

/** How long ago the view was taken, and the time now by the phone's clock. */
export interface Beat {
  sinceViewMs: number;
  now: number;
}

/** `14:02`, with the day where it was another one. */
function at(moment: number, now: number): string {
  return day(moment) === day(now) ? clock(moment) : `${day(moment)}, ${clock(moment)}`;
}

function waits(lane: LaneState, { sinceViewMs, now }: Beat): string[] {
  const parts = [];
  if (lane.oldestUnsent !== null) parts.push(`oldest waits ${age(lane.oldestUnsent, now)}`);
  if (lane.activity === 'under_way') parts.push('sending now');
  else if (lane.nextTryInMs !== null) parts.push(`next try in ${wait(Math.max(0, lane.nextTryInMs - sinceViewMs))}`);
  return parts;
}

function safeWords(lane: LaneState, now: number): string {
  return lane.lastSuccess === null ? 'All safe' : `All safe since ${at(lane.lastSuccess, now)}`;
}

function unsafeWords(lane: LaneState, parts: string[], beat: Beat): string {
  const all = [...parts, ...waits(lane, beat)];
  if (lane.lastSuccess !== null) all.push(`last sent ${at(lane.lastSuccess, beat.now)}`);
  return all.join(' · ');
}

export function dataLane({ sync, visits }: View, beat: Beat): string {
  const { data } = sync;
  if (data.safe) {
    return visits.some((visit) => visit.state !== 'untouched') ? safeWords(data, beat.now) : 'Nothing recorded yet';
  }
  const parts = sync.changesToSend > 0 ? [`${count(sync.changesToSend, 'change', 'changes')} to send`] : ['Not all safe'];
  return unsafeWords(data, parts, beat);
}

export function photoLane({ sync }: View, beat: Beat): string {
  const { photos, photosSafe } = sync;
  const all = photosSafe + sync.photosToSend;
  if (photos.safe) return photosSafe === 0 ? 'None to send' : safeWords(photos, beat.now);
  // Refused ones are neither safe nor sent again; each is shown with its job.
  const parts = all > 0 ? [`${photosSafe} of ${all} safe`] : ['Not all safe'];
  return unsafeWords(photos, parts, beat);
}

/** Why a lane stands still, where it does. */
export function laneFailure(lane: LaneState): string | null {
  return lane.safe || lane.lastFailure === null ? null : `${failureWords(lane.lastFailure)}.`;
}

/**
 * What sends only as long as the page is open. Nothing where no request gets through: waiting for a signal with an
 * open page helps nobody.
 */
export function keepOpen(sync: SyncState): string | null {
  const isStuck = sync.signedOut || sync.data.lastFailure !== null || sync.photos.lastFailure !== null;
  if (sync.photosToSend === 0 || isStuck) return null;
  return keepOpenWords(sync.photosToSend, sync.photosTakeMs === null ? null : wait(sync.photosTakeMs));
}
