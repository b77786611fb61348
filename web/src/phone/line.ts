// The line of steps for whoever holds the phone: what is recorded, and what comes next.

import type { Closeout } from '../generated/Closeout';
import type { Moment } from '../generated/Moment';
import type { Step } from '../generated/Step';
import type { UserId } from '../generated/UserId';
import type { Visit } from '../generated/Visit';
import { split } from '../naming';
import { isAwaited } from '../standing';
import { clock, shownInstant } from '../when';
import { isNoShow, STAGES, type Stage, stopping } from './visit';

export interface Line {
  /** The stage that is open now, `null` when all is recorded. */
  current: Stage | null;
  /** Steps that may be recorded besides the current one: the one after it, and those to mend. */
  offered: Step[];
}

/** Who else is there, with the steps that they recorded themselves. */
function colleagues({ closeout, job, present }: Visit): [UserId, Partial<Record<Step, Moment>>][] {
  if (job.me === null || !present.includes(job.me)) return [];
  return Object.entries(closeout.crewSteps).flatMap(([user, steps]) => (user === job.me || !steps ? [] : [[user, steps]]));
}

/**
 * The steps that need no tap on this phone. Of a crew everybody records their own, so a colleague’s count for nobody
 * else, until one of them has finished the visit for all.
 */
export function ownSteps(visit: Visit): Closeout['steps'] {
  const { steps, crewSteps } = visit.closeout;
  const others = colleagues(visit);
  if (steps.finished !== undefined || others.length === 0) return steps;
  const own: Closeout['steps'] = { ...(visit.job.me === null ? {} : crewSteps[visit.job.me]) };
  for (const stage of STAGES) {
    if (stage === 'proof' || own[stage] !== undefined || steps[stage] === undefined) continue;
    const shown = JSON.stringify(steps[stage]);
    // Recorded before anybody else was there.
    if (!others.some(([, theirs]) => JSON.stringify(theirs[stage]) === shown)) own[stage] = steps[stage];
  }
  return own;
}

/** Starting without the product is asked about once, of whoever starts first. */
export function asksForProduct({ closeout, job }: Visit): boolean {
  return closeout.steps.started === undefined && isAwaited(job);
}

/** Colleagues who have started and not finished, by name: whoever finishes now does it for them as well, and is asked once. */
export function stillWorking(visit: Visit): string[] {
  if (visit.closeout.steps.finished !== undefined) return [];
  const working = colleagues(visit).filter(([user, steps]) => visit.present.includes(user) && steps.started && !steps.finished);
  return working.map(([user]) => nameOf(visit, user));
}

function nameOf({ job }: Visit, user: UserId): string {
  return job.crew.find((member) => member.user === user)?.name ?? '';
}

/** `Kim · 14:03` for each colleague who recorded a step of their own. */
export function ofColleagues(visit: Visit, step: Step): string[] {
  const { timeZone } = visit.job;
  return colleagues(visit).flatMap(([user, steps]) => {
    const moment = steps[step];
    return moment ? [`${nameOf(visit, user)} · ${clock(shownInstant(moment), timeZone)}`] : [];
  });
}

/** The first thing still to do for the proof, as the field it stands at. */
export function nextProof(visit: Visit): string | null {
  const kinds = ['answers', 'photos', 'serials', 'acceptance'];
  return stopping(visit).find((finding) => kinds.includes(split(finding.field)[0]))?.field ?? null;
}

export function lineOf(visit: Visit): Line {
  if (isNoShow(visit)) return { current: null, offered: [] };
  const steps = ownSteps(visit);
  const last = STAGES.findLastIndex((stage) => stage !== 'proof' && steps[stage] !== undefined);
  const proofDone = nextProof(visit) === null;
  const open = STAGES.filter((stage, i) => {
    if (stage === 'proof') return !proofDone;
    return i > last && steps[stage] === undefined;
  });
  const current = open[0] ?? null;
  const outOfOrder = visit.findings.filter((finding) => finding.rule === 'step_out_of_order');
  const offered = STAGES.filter((stage, i): stage is Step => {
    if (stage === 'proof' || stage === current) return false;
    if (outOfOrder.some((finding) => finding.field === `steps.${stage}`)) return true;
    if (steps[stage] !== undefined) return false;
    const skipped = i < last && visit.findings.some((finding) => finding.field === `steps.${stage}`);
    return skipped || (current !== null && i === STAGES.indexOf(current) + 1);
  });
  return { current, offered };
}
