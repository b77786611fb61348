// What visits are held to, held against the server's signature: whatever stands between may not change it unseen.

import type { Day } from '../generated/Day';
import type { Policy } from '../generated/Policy';
import type { PolicyStatement } from '../generated/PolicyStatement';
import type { SignedPolicy } from '../generated/SignedPolicy';
import { fromHex } from '../hex';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** The visits whose policy did not verify when the day was last told. */
export const doubted = $state<{ visits: readonly string[] }>({ visits: [] });

/**
 * The day with the policies that the server has signed. A visit without one keeps the policy it had, and is in
 * `doubted`; one that had none takes what it was told. `publicKey` is missing on a phone that signed in before there was
 * one: it believes what it is told, as it did.
 */
export async function verified(
  day: Day,
  publicKey: string | undefined,
  known: (appointment: string) => Policy | undefined,
): Promise<Day> {
  if (publicKey === undefined) return day;
  const statements = await Promise.all((day.policies ?? []).map((signed) => read(signed, publicKey)));
  const held = new Map(statements.flatMap((one) => (one ? one.visits.map((visit) => [visit, one.policy] as const) : [])));
  doubted.visits = day.jobs.map(({ appointment }) => appointment).filter((visit) => !held.has(visit));
  const jobs = day.jobs.map((job) => ({
    ...job,
    policy: held.get(job.appointment) ?? known(job.appointment) ?? job.policy,
  }));
  return { ...day, jobs };
}

async function read({ text, signature }: SignedPolicy, publicKey: string): Promise<PolicyStatement | null> {
  const key = await crypto.subtle.importKey('raw', fromHex(publicKey), CURVE, false, ['verify']);
  const is = await crypto.subtle.verify(SIGNATURE, key, fromHex(signature), new TextEncoder().encode(text));
  return is ? (JSON.parse(text) as PolicyStatement) : null;
}
