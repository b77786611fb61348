// What the sync panel says of a lane: what is safe since when, what waits for how long, and what comes next.

import type { LaneState } from '../generated/LaneState';
import type { SyncState } from '../generated/SyncState';
import type { View } from '../generated/View';
import { age, clock, day, wait } from '../when';
import { refusalLine } from './explain';
import { words } from './tongue.svelte';

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
  const { sync } = words();
  const parts = [];
  if (lane.oldestUnsent !== null) parts.push(sync.oldestWaits(age(lane.oldestUnsent, now)));
  if (lane.activity === 'under_way') parts.push(sync.sendingNow);
  else if (lane.nextTryInMs !== null) parts.push(sync.nextTry(wait(Math.max(0, lane.nextTryInMs - sinceViewMs))));
  return parts;
}

function safeWords(lane: LaneState, now: number): string {
  const { sync } = words();
  return lane.lastSuccess === null ? sync.allSafe : sync.allSafeSince(at(lane.lastSuccess, now));
}

function unsafeWords(lane: LaneState, parts: string[], beat: Beat): string {
  const all = [...parts, ...waits(lane, beat)];
  if (lane.lastSuccess !== null) all.push(words().sync.lastSent(at(lane.lastSuccess, beat.now)));
  return all.join(' · ');
}

export function dataLane({ sync, visits }: View, beat: Beat): string {
  const { data } = sync;
  const { states, sync: said } = words();
  if (data.safe) {
    return visits.some((visit) => visit.state !== 'untouched') ? safeWords(data, beat.now) : states.nothingRecorded;
  }
  const parts = sync.changesToSend > 0 ? [said.toSend(states.changes(sync.changesToSend))] : [said.notAllSafe];
  return unsafeWords(data, parts, beat);
}

export function photoLane({ sync }: View, beat: Beat): string {
  const { photos, photosSafe } = sync;
  const { sync: said } = words();
  const all = photosSafe + sync.photosToSend;
  if (photos.safe) return photosSafe === 0 ? said.noneToSend : safeWords(photos, beat.now);
  // Refused ones are neither safe nor sent again; each is shown with its job.
  const parts = all > 0 ? [said.someSafe(photosSafe, all)] : [said.notAllSafe];
  return unsafeWords(photos, parts, beat);
}

/** Why a lane stands still, where it does. */
export function laneFailure(lane: LaneState): string | null {
  const { lastFailure: failure, safe } = lane;
  if (safe || failure === null) return null;
  const { sync } = words();
  if (failure === 'unreachable') return sync.unreachable;
  return failure === 'signed_out' ? sync.signInAgain : refusalLine(failure.refused);
}

/**
 * What sends only as long as the page is open. Nothing where no request gets through: waiting for a signal with an
 * open page helps nobody.
 */
export function keepOpen(sync: SyncState): string | null {
  const isStuck = sync.signedOut || sync.data.lastFailure !== null || sync.photos.lastFailure !== null;
  if (sync.photosToSend === 0 || isStuck) return null;
  const { states, today } = words();
  const photos = states.photos(sync.photosToSend);
  return sync.photosTakeMs === null ? today.keepOpen(photos) : today.keepOpenAbout(photos, wait(sync.photosTakeMs));
}
