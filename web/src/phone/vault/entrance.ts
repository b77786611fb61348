// The first screen that is right for what lies on the phone.

import type { LeaseTerms } from '../../generated/LeaseTerms';
import type { Wipe } from '../../generated/Wipe';
import type { Keeper, Store } from '../store';
import type { Lock } from './lock';
import type { Opened } from './orders';

export type Entrance =
  /** `why` the jobs are no longer here, where they were taken away. */
  | { to: 'sign_in'; why: Wipe | null }
  /** A phone of the version before: its key lies in the clear, and goes into the vault now. */
  | { to: 'choose_pin'; storeKey: string }
  | { to: 'locked' }
  | { to: 'open'; opened: Opened }
  /** Something ended while the phone was off, or half way: it is brought to its end. */
  | { to: 'end'; why: Wipe; wiped: boolean };

/** Who has signed in and has no PIN on this phone yet. */
export interface Newcomer {
  storeKey: string;
  terms: LeaseTerms;
  serverTime: number;
}

/** Of a server that has not said yet. */
export const DEFAULT_TERMS: LeaseTerms = { lengthMs: 24 * 3_600_000, idleMs: 15 * 60_000 };

/** The key file of anybody but `device` is destroyed, and what tells of their buyers goes: nobody would look at its lease. */
export async function clearOthers(lock: Lock, store: Store, device: string | null): Promise<void> {
  const look = await lock.look();
  if (!look || look.wiped || look.device === device) return;
  await lock.wipe('signed_out');
  await store.forget(look.device);
}

export async function entrance(lock: Lock, store: Store, keeper: Keeper | null): Promise<Entrance> {
  await clearOthers(lock, store, keeper?.device ?? null);
  const look = await lock.look();
  if (!keeper) return { to: 'sign_in', why: look?.wiped ?? null };
  if (keeper.storeKey !== null) return { to: 'choose_pin', storeKey: keeper.storeKey };
  // Signed in, and the page was gone before a PIN was chosen.
  if (look?.device !== keeper.device) return { to: 'end', why: 'signed_out', wiped: true };
  if (look.wiped) return { to: 'end', why: look.wiped, wiped: true };
  if (look.verdict?.kind === 'ended') return { to: 'end', why: 'lease_ended', wiped: false };
  const opened = look.verdict?.kind === 'open' ? await lock.recall(keeper.device) : null;
  return opened ? { to: 'open', opened } : { to: 'locked' };
}
