// The reason that fits a visit at which nobody was, where Amazon takes it for this job.

import type { Job } from '../../generated/Job';
import type { ReasonCode } from '../../generated/ReasonCode';
import type { Wish } from '../../generated/Wish';
import { validReasons } from '../core';

const NO_SHOW: Record<Wish, ReasonCode> = { cancel: 'S1', reschedule: 'RS11' };

export function proposedFor(job: Job, wish: Wish): ReasonCode | null {
  return validReasons(job, wish).includes(NO_SHOW[wish]) ? NO_SHOW[wish] : null;
}
