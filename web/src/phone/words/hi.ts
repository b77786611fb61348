// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { findings } from './hi/findings';
import { settings } from './hi/settings';
import { states } from './hi/states';
import { steps } from './hi/steps';
import { times } from './hi/times';

export const hi: Words = {
  findings,
  settings,
  states,
  steps,
  times,
};
