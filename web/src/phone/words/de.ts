// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { findings } from './de/findings';
import { settings } from './de/settings';
import { states } from './de/states';
import { steps } from './de/steps';
import { times } from './de/times';

export const de: Words = {
  findings,
  settings,
  states,
  steps,
  times,
};
