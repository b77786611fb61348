// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { findings } from './ja/findings';
import { settings } from './ja/settings';
import { states } from './ja/states';
import { steps } from './ja/steps';
import { times } from './ja/times';

export const ja: Words = {
  findings,
  settings,
  states,
  steps,
  times,
};
