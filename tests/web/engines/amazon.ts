import { expect } from '@playwright/test';
import type { Handset } from '../handset';
import { Office } from '../office';
import { sha256 } from '../sandbox';
import type { Stack } from '../stack';

/** Signs the supervisor in, and answers with what a browser would keep. */
export async function supervisorCookie(stack: Stack): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: stack.address };
  const signedIn = await fetch(`${stack.address}/api/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...stack.supervisor, device: null }),
  });
  expect(signedIn.status).toBe(200);
  return signedIn.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
}

/** Until the supervisors' stream, from its beginning, has told of something that reads like this. */
export async function told(stack: Stack, what: string): Promise<void> {
  const cookie = await supervisorCookie(stack);
  const stream = await fetch(`${stack.address}/api/events?after=0`, { headers: { cookie }, signal: AbortSignal.timeout(10_000) });
  let text = '';
  for await (const bytes of stream.body ?? []) {
    text += Buffer.from(bytes).toString();
    if (text.includes(what)) return;
  }
  throw new Error(`the stream ended without ${what}`);
}

/** Has the phone ask until something there is as it should be. */
export async function hears<T>(handset: Handset, what: () => Promise<T>, wanted: T): Promise<void> {
  const asking = async (): Promise<T> => {
    await handset.tryNow();
    return what();
  };
  await expect.poll(asking, { intervals: [100, 250, 500] }).toEqual(wanted);
}

export async function serviceJob(stack: Stack, appointment: string): Promise<string> {
  return (await (await Office.of(stack)).visit(appointment)).serviceJobId;
}

/** Day and time as clocks show them where the sandbox's jobs are: `2026-09-21` and `14:03`. */
export function thereAt(at: number): { day: string; time: string } {
  const there = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'America/New_York' });
  const [day = '', time = ''] = there.format(at).split(' ');
  return { day, time };
}

export async function refusedChanges(stack: Stack, appointment: string): Promise<number> {
  return (await (await Office.of(stack)).visit(appointment)).refusedChanges;
}

/** Amazon has the job completed once, with the very pictures that lie on the phone, each once. */
export async function arrivedOnce(stack: Stack, handset: Handset, appointment: string, photos: string[]): Promise<void> {
  const job = await serviceJob(stack, appointment);
  await expect.poll(async () => (await stack.sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');
  expect((await stack.sandbox.job(job)).completions).toBe(1);
  const stored = await handset.stored();
  const taken = photos.map((photo) => sha256(stored.get(photo)?.bytes ?? Buffer.alloc(0))).sort();
  const documents = await stack.sandbox.attached(job);
  expect(documents.map((document) => document.sha256).sort()).toEqual(taken);
  for (const { attachedTo, flaw } of documents) {
    expect(flaw).toBe(null);
    expect(attachedTo).toHaveLength(1);
  }
}
