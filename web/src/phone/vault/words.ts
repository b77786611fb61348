// What the lock says.

import type { Wipe } from '../../generated/Wipe';
import { unsentWords } from '../../naming';
import { lasting, wait } from '../../when';
import type { Waiting } from '../carry';
import type { Watching } from '../courier';
import type { Mark } from '../mark';
import { words } from '../tongue.svelte';
import type { Tried } from './vault';

/** Why a PIN is not taken, by the core's code. */
export function flaw(code: string): string {
  const { lock } = words();
  const of: Partial<Record<string, string>> = {
    not_digits: lock.notDigits,
    too_short: lock.tooShort,
    too_long: lock.tooLong,
    repeats: lock.repeats,
    run: lock.run,
  };
  return of[code] ?? lock.another;
}

export function triedWords(tried: Exclude<Tried, { kind: 'open' | 'gone' }>): string {
  const { lock } = words();
  switch (tried.kind) {
    case 'wrong': {
      const left = lock.triesLeft(tried.look.triesLeft);
      return tried.look.waitMs > 0 ? lock.wrongWait(wait(tried.look.waitMs), left) : lock.wrong(left);
    }
    case 'wait':
      return lock.wait(wait(tried.look.waitMs));
    case 'broken':
      return lock.broken;
  }
}

export function clockBackWords(byMs: number): string {
  return words().lock.clockBack(lasting(Math.round(byMs / 60_000)));
}

/** What was here when it was last seen is said with it. */
export function partedWords(why: Wipe, mark: Mark | null): string | null {
  if (why === 'signed_out') return null;
  const { lock } = words();
  const of: Record<typeof why, string> = {
    lease_ended: lock.leaseEnded,
    wrong_pins: lock.wrongPins,
    revoked: lock.revoked,
  };
  const [changes, photos] = [mark?.changesToSend ?? 0, mark?.photosToSend ?? 0];
  return changes + photos > 0
    ? lock.endedKept(of[why], unsentWords(words(), changes, photos))
    : lock.endedSafe(of[why]);
}

/** As in the core, which has the open phone warn of photos. */
const LONG_MS = 2 * 86_400_000;

/** Whether some of what waits does so since the day before yesterday. The mark is from when the phone was last open. */
export function hasWaitedLong({ photos, answers }: Waiting, mark: Mark | null, now: number): boolean {
  if (mark?.oldest == null || now - mark.oldest < LONG_MS) return false;
  // Where some of it was sent since, nobody can tell whether the oldest still is among the rest.
  return photos + answers >= mark.photosToSend + mark.changesToSend;
}

/** Of a phone that is locked or signed out. */
export function waitingWords({ photos, answers, signedOut }: Watching): string {
  const { unsent } = words();
  return signedOut ? unsent.waitsSignedOut(photos, answers) : unsent.waits(photos, answers);
}
