// What the lock says.

import type { Wipe } from '../../generated/Wipe';
import { count, unsentWords } from '../../words';
import type { Mark } from '../mark';
import type { Tried } from './vault';

/** Why a PIN is not taken, by the core's code. */
const flawWords: Partial<Record<string, string>> = {
  not_digits: 'A PIN has digits only.',
  too_short: 'Take 8 digits or more. With fewer, somebody who copied this phone’s storage could try them all.',
  too_long: 'Take 16 digits or fewer.',
  repeats: 'Digits that repeat are tried first. Choose others.',
  run: 'Digits in a row are tried first. Choose others.',
};

export function flaw(code: string): string {
  return flawWords[code] ?? 'Choose another PIN.';
}

function waitWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

export function triedWords(tried: Exclude<Tried, { kind: 'open' | 'gone' }>): string {
  switch (tried.kind) {
    case 'wrong': {
      const left = `${count(tried.look.triesLeft, 'try', 'tries')} left. After that the jobs leave this phone; what you recorded stays.`;
      return tried.look.waitMs > 0 ? `Wrong PIN. Wait ${waitWords(tried.look.waitMs)}. ${left}` : `Wrong PIN. ${left}`;
    }
    case 'wait':
      return `Wait ${waitWords(tried.look.waitMs)}, then try again.`;
    case 'broken':
      return 'This phone lost part of its lock. Sign in with your password; what you recorded is kept.';
  }
}

export function clockBackWords(byMs: number): string {
  const minutes = Math.round(byMs / 60_000);
  const much = minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  return `This phone’s clock was set back by ${much}. Go where there is a network and unlock again: the server tells the time. What you recorded is kept.`;
}

const endWords: Record<Exclude<Wipe, 'signed_out'>, string> = {
  lease_ended: 'The jobs of this phone have expired. Sign in with a network',
  wrong_pins: 'Ten wrong PINs: the jobs have left this phone. Sign in with a network',
  revoked: 'The office has taken the jobs off this phone. Ask the office',
};

/** What was here when it was last seen is said with it. */
export function partedWords(why: Wipe, mark: Mark | null): string | null {
  if (why === 'signed_out') return null;
  const [changes, photos] = [mark?.changesToSend ?? 0, mark?.photosToSend ?? 0];
  return changes + photos > 0
    ? `${endWords[why]}; what you recorded is kept: ${unsentWords(changes, photos)}.`
    : `${endWords[why]}. Everything you recorded is with the server.`;
}
