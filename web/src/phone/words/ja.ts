// The words of the phone; each topic has a file of its own beside the English one.

import type { Words } from './en';
import { acceptance } from './ja/acceptance';
import { entry } from './ja/entry';
import { findings } from './ja/findings';
import { job } from './ja/job';
import { lock } from './ja/lock';
import { passkey } from './ja/passkey';
import { photos } from './ja/photos';
import { place } from './ja/place';
import { problems } from './ja/problems';
import { report } from './ja/report';
import { serials } from './ja/serials';
import { settings } from './ja/settings';
import { shell } from './ja/shell';
import { standing } from './ja/standing';
import { states } from './ja/states';
import { steps } from './ja/steps';
import { storage } from './ja/storage';
import { sync } from './ja/sync';
import { times } from './ja/times';
import { today } from './ja/today';
import { tour } from './ja/tour';
import { unsent } from './ja/unsent';
import { visit } from './ja/visit';

export const ja: Words = {
  language: 'ja',
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
