// A phone that is unlocked and has lost its session, to a killed browser or to the time, comes to another one without a
// password: it proves that it has the key of its store.

import { get, postJson, Refused } from '../api';
import type { Challenge } from '../generated/Challenge';
import type { Resume } from '../generated/Resume';
import type { SignedIn } from '../generated/SignedIn';
import { proof } from './core';

/** `revoked`: the office has taken the phone off its list. `refused`: it takes the password. */
export type Resumed = 'resumed' | 'revoked' | 'refused';

export async function resume(device: string, storeKey: string): Promise<Resumed> {
  try {
    const { challenge } = await get<Challenge>('/api/session/challenge');
    const body: Resume = { device, challenge, proof: proof.forSession(storeKey, device, challenge) };
    await postJson<SignedIn>('/api/session/resume', body);
    return 'resumed';
  } catch (cause) {
    return cause instanceof Refused && cause.problem.code === 'phone_revoked' ? 'revoked' : 'refused';
  }
}
