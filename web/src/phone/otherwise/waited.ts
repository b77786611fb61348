// How long somebody has waited since they arrived, as the core counts it when it is recorded.

import type { EpochId } from '../../generated/EpochId';
import type { Moment } from '../../generated/Moment';
import { shownInstant } from '../../when';

/** What the phone's clocks say. */
export interface Clocks {
  /** Of the page, while it is unlocked: in another one its clock says nothing. */
  epoch: EpochId | undefined;
  monotonic: number;
  wall: number;
  /** How far the wall clock is ahead, where that is worth saying. */
  offMs: number;
}

/**
 * In milliseconds; `said` is when the technician says that it was, in place of the tap. Across page starts there are only
 * clocks that somebody may have set: the least that they say.
 */
export function waitedSince(arrived: Moment, said: number | undefined, { epoch, monotonic, wall, offMs }: Clocks): number {
  const right = wall - offMs;
  if (said !== undefined) return Math.max(0, right - said);
  if (arrived.epoch === epoch) return monotonic - arrived.monotonicMs;
  return Math.max(0, Math.min(wall - arrived.wall, right - shownInstant(arrived)));
}
