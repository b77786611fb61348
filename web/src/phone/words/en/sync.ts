import { counting } from '../counting';

const many = counting('en');

/** The panel behind the chip: what is safe since when, what waits, and what comes next. */
export const sync = {
  sync: 'Sync',
  notSaved: (why: string) => `Not saved: ${why}`,
  signedOut: 'The server has signed you out. Everything recorded is on this phone. Sign in to send it.',
  lastContact: 'Last contact',
  noneYet: 'None yet',
  waiting: 'Waiting',
  toSend: (what: string) => `${what} to send`,
  stepsAndAnswers: 'Steps and answers',
  photos: 'Photos',
  refused: 'Refused',
  refusedTimes: (n: number) =>
    `${many(n, { one: '# time', other: '# times' })} the server did not take something. Nothing is lost: it is kept there or on this phone.`,
  clock: 'Clock',
  storage: 'Storage',
  used: (used: string, all: string) => `${used} of ${all} used.`,
  nearlyFull: 'There is little room left for photos: delete something you do not need on this phone.',
  noReserve: 'Nothing could be set aside for the next photos.',
  mayBeCleared: 'The browser may clear it when the phone runs short of space.',
  withoutNetwork: 'Without a network',
  askToKeep: 'Ask the browser to keep it',
  install: 'Install Doorstep on this phone',
  tryNow: 'Try now',
  place: 'Place',
  placeWhy:
    'Steps and photos are recorded without a place. If you allow it, the place is kept sealed with the visit, for the office, and deleted with the visit’s data.',
  placeToo: 'Record the place too',
  lockNow: 'Lock now',
  signedInAs: (name: string) => `Signed in as ${name}`,
  leaving: (unsent: string) =>
    `Not sent yet: ${unsent}. That stays on this phone, locked, and is sent after you sign in here again. Do not delete the application before then.`,
  leavingSafe: 'Everything you recorded is with the server. Today’s jobs are locked on this phone until you sign in again.',
  signOut: 'Sign out',
  signOutAsk: 'Sign out …',
  stay: 'Stay',
  leftUntold: 'This phone is signed out. The server was not told; its session ends by itself.',
  // Lanes.
  oldestWaits: (age: string) => `oldest waits ${age}`,
  sendingNow: 'sending now',
  nextTry: (wait: string) => `next try in ${wait}`,
  allSafe: 'All safe',
  allSafeSince: (time: string) => `All safe since ${time}`,
  lastSent: (time: string) => `last sent ${time}`,
  notAllSafe: 'Not all safe',
  noneToSend: 'None to send',
  someSafe: (safe: number, all: number) => `${many(safe, { other: '#' })} of ${many(all, { other: '#' })} safe`,
  unreachable: 'No answer from the server; there may be no signal.',
  signInAgain: 'The server wants you to sign in again.',
};
