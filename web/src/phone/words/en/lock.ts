import { counting } from '../counting';

const many = counting('en');

/** The phone's own lock. */
export const lock = {
  choose: 'Choose a PIN',
  again: 'Enter it again',
  chooseWhy:
    '8 digits or more. It opens today’s jobs on this phone, without a network. Nobody else knows it, not even the office.',
  againWhy: 'The same digits once more, so that a slip does not lock you out.',
  pin: 'PIN',
  account: (name: string) => `${name} · PIN`,
  next: 'Next',
  use: 'Use this PIN',
  locking: 'Locking the jobs in',
  differ: 'These two differ. Choose the PIN again.',
  chooseFailed: 'The phone did not finish. Choose the PIN again.',
  locked: 'Locked',
  lockedWhy: (name: string) => `${name}, your PIN opens today’s jobs. It takes no network.`,
  unlock: 'Unlock',
  unlocking: 'Unlocking',
  forgot: 'Forgot the PIN? Sign in with your password',
  unlockFailed: 'The phone did not finish. Try again; nothing is lost.',
  digits: 'Digits',
  delete: 'Delete',
  notDigits: 'A PIN has digits only.',
  tooShort: 'Take 8 digits or more. With fewer, somebody who copied this phone’s storage could try them all.',
  tooLong: 'Take 16 digits or fewer.',
  repeats: 'Digits that repeat are tried first. Choose others.',
  run: 'Digits in a row are tried first. Choose others.',
  another: 'Choose another PIN.',
  wrong: (left: string) => `Wrong PIN. ${left}`,
  wrongWait: (wait: string, left: string) => `Wrong PIN. Wait ${wait}. ${left}`,
  triesLeft: (n: number) =>
    `${many(n, { one: '# try', other: '# tries' })} left. After that the jobs leave this phone; what you recorded stays.`,
  wait: (wait: string) => `Wait ${wait}, then try again.`,
  broken: 'This phone lost part of its lock. Sign in with your password; what you recorded is kept.',
  clockBack: (much: string) =>
    `This phone’s clock was set back by ${much}. Go where there is a network and unlock again: the server tells the time. What you recorded is kept.`,
  leaseEnded: 'The jobs of this phone have expired. Sign in with a network',
  wrongPins: 'Ten wrong PINs: the jobs have left this phone. Sign in with a network',
  revoked: 'The office has taken the jobs off this phone. Ask the office',
  endedKept: (why: string, unsent: string) => `${why}; what you recorded is kept: ${unsent}.`,
  endedSafe: (why: string) => `${why}. Everything you recorded is with the server.`,
};
