// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { findings } from './fr/findings';
import { settings } from './fr/settings';
import { states } from './fr/states';
import { steps } from './fr/steps';
import { times } from './fr/times';

export const fr: Words = {
  findings,
  settings,
  states,
  steps,
  times,
};
