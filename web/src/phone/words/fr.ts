// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { acceptance } from './fr/acceptance';
import { entry } from './fr/entry';
import { findings } from './fr/findings';
import { job } from './fr/job';
import { lock } from './fr/lock';
import { passkey } from './fr/passkey';
import { photos } from './fr/photos';
import { place } from './fr/place';
import { problems } from './fr/problems';
import { report } from './fr/report';
import { serials } from './fr/serials';
import { settings } from './fr/settings';
import { shell } from './fr/shell';
import { standing } from './fr/standing';
import { states } from './fr/states';
import { steps } from './fr/steps';
import { storage } from './fr/storage';
import { sync } from './fr/sync';
import { times } from './fr/times';
import { today } from './fr/today';
import { tour } from './fr/tour';
import { unsent } from './fr/unsent';
import { visit } from './fr/visit';

export const fr: Words = {
  language: 'fr',
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
