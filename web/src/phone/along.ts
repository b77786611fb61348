// What is brought to the phone while there is a signal, for the jobs that will want it where there is none.

import type { View } from '../generated/View';
import { bring } from './samples/samples';

let hasReader = false;
let samples = '';

export function bringAlong({ visits }: View): void {
  const policies = visits.map(({ job }) => job.policy);
  // What reads labels, for jobs that want a number.
  if (!hasReader && policies.some(({ serials }) => serials.length > 0)) {
    hasReader = true;
    void import('./scanner/scan').then(({ prepare }) => prepare()).catch(() => (hasReader = false));
  }
  const named = new Set(policies.flatMap(({ shots }) => shots.flatMap(({ sample }) => sample ?? [])));
  const all = [...named].sort();
  if (all.join() === samples) return;
  samples = all.join();
  bring(all);
}
