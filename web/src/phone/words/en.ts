// The words of the phone in English. They are the type of every other language's: a key that one lacks does not build.

import { findings } from './en/findings';
import { settings } from './en/settings';
import { states } from './en/states';
import { steps } from './en/steps';
import { times } from './en/times';

export const en = {
  findings,
  settings,
  states,
  steps,
  times,
};

export type Words = typeof en;
