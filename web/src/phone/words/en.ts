// The words of the phone in English. They are the type of every other language's: a key that one lacks does not build.

import { acceptance } from './en/acceptance';
import { entry } from './en/entry';
import { findings } from './en/findings';
import { job } from './en/job';
import { lock } from './en/lock';
import { passkey } from './en/passkey';
import { photos } from './en/photos';
import { place } from './en/place';
import { problems } from './en/problems';
import { report } from './en/report';
import { serials } from './en/serials';
import { settings } from './en/settings';
import { shell } from './en/shell';
import { standing } from './en/standing';
import { states } from './en/states';
import { steps } from './en/steps';
import { storage } from './en/storage';
import { sync } from './en/sync';
import { times } from './en/times';
import { today } from './en/today';
import { tour } from './en/tour';
import { unsent } from './en/unsent';
import { visit } from './en/visit';

export const en = {
  language: 'en',
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

export type Words = typeof en;
