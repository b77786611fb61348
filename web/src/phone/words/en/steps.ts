import type { Answer } from '../../../generated/Answer';
import type { Step } from '../../../generated/Step';

const step: Record<Step, string> = {
  on_my_way: 'On my way',
  arrived: 'Arrived',
  started: 'Started',
  finished: 'Finished',
};

const answer: Record<Answer, string> = {
  yes: 'Yes',
  no: 'No',
  not_applicable: 'Does not apply',
};

/** The line of steps, and the one button below it. */
export const steps = {
  step,
  answer,
  steps: 'Steps',
  proof: 'Proof',
  done: 'Done',
  show: 'Show',
  recordAgain: (step: string) => `${step}: record again`,
  now: (step: string) => `${step} now`,
  backToToday: 'Back to today',
  startWithoutProduct: 'Product not delivered: start all the same',
  finishForAll: (names: string) => `Still working: ${names}. Finish for all`,
  takePhotoOf: (shot: string) => `Take photo: ${shot}`,
  next: (place: string) => `Next: ${place}`,
  seeWhatChanged: 'See what Amazon changed',
  notStarted: 'Not started',
  keepsOpen: 'This answer keeps the job open. Mend it, or write a note and call the office.',
};
