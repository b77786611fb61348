// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { acceptance } from './de/acceptance';
import { entry } from './de/entry';
import { findings } from './de/findings';
import { job } from './de/job';
import { lock } from './de/lock';
import { passkey } from './de/passkey';
import { photos } from './de/photos';
import { place } from './de/place';
import { problems } from './de/problems';
import { report } from './de/report';
import { serials } from './de/serials';
import { settings } from './de/settings';
import { shell } from './de/shell';
import { standing } from './de/standing';
import { states } from './de/states';
import { steps } from './de/steps';
import { storage } from './de/storage';
import { sync } from './de/sync';
import { times } from './de/times';
import { today } from './de/today';
import { tour } from './de/tour';
import { unsent } from './de/unsent';
import { visit } from './de/visit';

export const de: Words = {
  language: 'de',
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
