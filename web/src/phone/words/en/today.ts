import { counting } from '../counting';

const many = counting('en');

/** The day's list, its cards, and what is said above it. */
export const today = {
  today: 'Today',
  nextJob: 'Next job',
  pageNotKept: 'This browser does not keep the page. Leave it open, or open Doorstep outside a private window.',
  someOffline: (ready: number, all: number) =>
    `${many(ready, { other: '#' })} of ${many(all, { one: '# job is', other: '# jobs are' })} ready for offline. Stay where there is a signal until all are.`,
  allOffline: (all: number) => many(all, { one: 'The job is ready for offline.', other: 'All # jobs are ready for offline.' }),
  keepOpen: (photos: string) => `Keep this open: ${photos}.`,
  keepOpenAbout: (photos: string, takes: string) => `Keep this open: ${photos}, about ${takes}.`,
  overdue: (photos: number) =>
    `${many(photos, { one: '# photo has', other: '# photos have' })} waited on this phone since the day before yesterday or longer. Go where there is a network and keep this page open, or tell the office.`,
  noAnswerYet: 'Your jobs appear here once the server has answered. That needs a signal one time.',
  noJobs: 'No jobs for you today. When the office gives you one, it appears here.',
  notOffline: 'Not ready for offline yet',
  moved: 'Moved or cancelled at Amazon',
  addressAtAmazon: 'Address in Amazon’s own app',
  somebodyElses: 'Somebody else’s visit',
  addressGone: 'Address no longer on this phone',
  keptNothingSent: 'Kept here. Nothing is sent to Amazon yet',
  closeAtAmazon: 'Close this job in Amazon’s app',
  keptCloseAtAmazon: 'Kept here. Close this job in Amazon’s app',
};
