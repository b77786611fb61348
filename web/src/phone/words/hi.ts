// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { acceptance } from './hi/acceptance';
import { entry } from './hi/entry';
import { findings } from './hi/findings';
import { job } from './hi/job';
import { lock } from './hi/lock';
import { passkey } from './hi/passkey';
import { photos } from './hi/photos';
import { place } from './hi/place';
import { problems } from './hi/problems';
import { report } from './hi/report';
import { serials } from './hi/serials';
import { settings } from './hi/settings';
import { shell } from './hi/shell';
import { standing } from './hi/standing';
import { states } from './hi/states';
import { steps } from './hi/steps';
import { storage } from './hi/storage';
import { sync } from './hi/sync';
import { times } from './hi/times';
import { today } from './hi/today';
import { tour } from './hi/tour';
import { unsent } from './hi/unsent';
import { visit } from './hi/visit';

export const hi: Words = {
  language: 'hi',
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
