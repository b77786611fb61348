import { counting, listing } from '../counting';

const many = counting('en');
const list = listing('en');

const changes = (n: number) => many(n, { one: '# change', other: '# changes' });
const photos = (n: number) => many(n, { one: '# photo', other: '# photos' });

/** Where something is: the words that must be the same everywhere. */
export const states = {
  nothingRecorded: 'Nothing recorded yet',
  saving: 'Saving',
  notSaved: 'Not saved',
  onPhone: 'Saved on this phone',
  safe: 'Safe',
  signedOut: 'Signed out',
  photoRefused: 'Photo refused',
  nothingToSend: 'Nothing to send',
  toSend: (n: number) => many(n, { other: '# to send' }),
  elsewhere: 'On another phone',
  sending: (percent: number) => `Sending ${percent} %`,
  refused: (why: string) => `Refused: ${why}`,
  ready: 'Ready to leave',
  missing: (n: number) => many(n, { one: '# thing missing', other: '# things missing' }),
  changes,
  photos,
  nothing: 'Nothing',
  /** `2 changes and 3 photos`. */
  together: (parts: string[]) => list(parts),
  /** Amazon’s statuses of a job. */
  cancelled: 'Cancelled at Amazon',
  completed: 'Completed at Amazon',
  pendingSchedule: 'Waiting for a time at Amazon',
  notFulfillable: 'Amazon cannot fulfil this job',
  hold: 'On hold at Amazon',
  paymentDeclined: 'Payment declined at Amazon',
  amazonSays: (status: string) => `Amazon says: ${status}`,
};
