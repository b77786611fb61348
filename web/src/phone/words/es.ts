// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { acceptance } from './es/acceptance';
import { entry } from './es/entry';
import { findings } from './es/findings';
import { job } from './es/job';
import { lock } from './es/lock';
import { passkey } from './es/passkey';
import { photos } from './es/photos';
import { place } from './es/place';
import { problems } from './es/problems';
import { report } from './es/report';
import { serials } from './es/serials';
import { settings } from './es/settings';
import { shell } from './es/shell';
import { standing } from './es/standing';
import { states } from './es/states';
import { steps } from './es/steps';
import { storage } from './es/storage';
import { sync } from './es/sync';
import { times } from './es/times';
import { today } from './es/today';
import { tour } from './es/tour';
import { unsent } from './es/unsent';
import { visit } from './es/visit';

export const es: Words = {
  language: 'es',
  acceptance,
  entry,
  findings,
  job,
  lock,
  passkey,
  photos,
  place,
  problems,
  report,
  serials,
  settings,
  shell,
  standing,
  states,
  steps,
  storage,
  sync,
  times,
  today,
  tour,
  unsent,
  visit,
};
