// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { findings } from './es/findings';
import { settings } from './es/settings';
import { states } from './es/states';
import { steps } from './es/steps';
import { times } from './es/times';

export const es: Words = {
  findings,
  settings,
  states,
  steps,
  times,
};
