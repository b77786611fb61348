// Requests that both applications make.

import type { Cancel } from './generated/Cancel';
import type { Choice } from './generated/Choice';
import type { Decision } from './generated/Decision';
import type { Enrol } from './generated/Enrol';
import type { EnrolmentCode } from './generated/EnrolmentCode';
import type { NewCode } from './generated/NewCode';
import type { Delivery } from './generated/Delivery';
import type { GiveUp } from './generated/GiveUp';
import type { Problem } from './generated/Problem';
import type { RequestAnswer } from './generated/RequestAnswer';
import type { Reschedule } from './generated/Reschedule';
import type { SignedIn } from './generated/SignedIn';
import type { SignIn } from './generated/SignIn';

export const REQUEST_LIMIT_MS = 30_000;

/** No answer of the server's arrived: no network, a portal's page, a time-out, a server that is down. */
export class Unreachable extends Error {}

/** The server refused. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** One request with a time limit that follows no redirect: a redirect is a captive portal, not us. */
export async function request(path: string, init: RequestInit = {}, limitMs = REQUEST_LIMIT_MS): Promise<Response> {
  try {
    return await fetch(path, { cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(limitMs), ...init });
  } catch (cause) {
    throw new Unreachable('no answer', { cause });
  }
}

export function isOf(response: Response, type: string): boolean {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === type;
}

/** The problem in a refusal; `null` when it is not one of ours or may pass by itself. */
export async function problemOf(response: Response): Promise<Problem | null> {
  const passing = response.status >= 500 || [408, 423, 425, 429].includes(response.status);
  if (passing || !isOf(response, 'application/problem+json')) return null;
  try {
    return (await response.json()) as Problem;
  } catch {
    return null;
  }
}

export async function answer<T>(response: Response): Promise<T> {
  if (response.ok && isOf(response, 'application/json')) {
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new Unreachable('the answer broke off', { cause });
    }
  }
  // Signing in shows every problem the server states, passing or not.
  if (!response.ok && isOf(response, 'application/problem+json')) {
    throw new Refused((await response.json()) as Problem);
  }
  throw new Unreachable(`answered ${response.status}`);
}

export async function get<T>(path: string): Promise<T> {
  return answer<T>(await request(path));
}

/** This page proves each time that it is unlocked. The console never is a phone, and says so all the same. */
const PROVES = { 'doorstep-proves': '1' };

export async function signIn(body: SignIn): Promise<SignedIn> {
  return postJson<SignedIn>('/api/sign-in', body, PROVES);
}

/** A code from the office, in exchange for what signing in gives. */
export async function enrol(body: Enrol): Promise<SignedIn> {
  return postJson<SignedIn>('/api/enrol', body, PROVES);
}

export async function makeCode(body: NewCode): Promise<EnrolmentCode> {
  return postJson<EnrolmentCode>('/api/devices/codes', body);
}

export async function revokePhone(device: string, reason: string): Promise<void> {
  await postJson(`/api/devices/${device}/revoke`, { reason });
}

/** What becomes of evidence that is held. */
export async function decide(item: string, decision: Decision, reason: string): Promise<void> {
  await postJson(`/api/quarantine/${item}`, { decision, reason });
}

export async function setAccount(user: string, enabled: boolean): Promise<void> {
  await put(`/api/technicians/${user}/account`, { enabled });
}

export async function postJson<T>(path: string, body: unknown, beside: Record<string, string> = {}): Promise<T> {
  const headers = { 'content-type': 'application/json', ...beside };
  const response = await request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.status === 204 ? (undefined as T) : answer<T>(response);
}

export async function signOut(): Promise<void> {
  const response = await request('/api/sign-out', { method: 'POST' });
  if (!response.ok && response.status !== 401) throw new Unreachable(`answered ${response.status}`);
}

/** The largest bundle over a link that just about works. */
const BRING_LIMIT_MS = 30 * 60_000;

/** Brings a bundle of unsent work. */
export async function bring(file: Blob, limitMs = BRING_LIMIT_MS): Promise<Delivery> {
  const headers = { 'content-type': 'application/vnd.doorstep.rescue' };
  return answer<Delivery>(await request('/api/rescue', { method: 'POST', headers, body: file }, limitMs));
}

/** Sends JSON in place of what is there; answers what the server says of it, if anything. */
export async function put<T>(path: string, body: unknown): Promise<T | null> {
  const headers = { 'content-type': 'application/json' };
  const response = await request(path, { method: 'PUT', headers, body: JSON.stringify(body) });
  return response.status === 204 ? null : answer<T>(response);
}

/** Has a parked call tried again; its card changes with the stream. */
export async function retryCall(call: string): Promise<void> {
  const response = await request(`/api/calls/${call}/retry`, { method: 'POST' });
  if (response.ok) return;
  const problem = await problemOf(response);
  throw problem ? new Refused(problem) : new Unreachable(`answered ${response.status}`);
}

async function post(path: string): Promise<void> {
  const response = await request(path, { method: 'POST' });
  if (response.ok) return;
  const problem = await problemOf(response);
  throw problem ? new Refused(problem) : new Unreachable(`answered ${response.status}`);
}

/** Has a job read from Amazon again; what comes of it comes with the stream. */
export function readAgain(job: string): Promise<void> {
  return post(`/api/jobs/${job}/read-again`);
}

/** Says that what was recorded of a visit counts, whatever Amazon did to it. */
export function accept(appointment: string): Promise<void> {
  return post(`/api/visits/${appointment}/accept`);
}

/** Moves a visit at Amazon, or cancels its job. What comes of it comes with the stream. */
export async function reschedule(appointment: string, wish: Reschedule): Promise<void> {
  await postJson(`/api/visits/${appointment}/reschedule`, wish);
}

/** Answers what a technician asked. */
export async function answerRequest(appointment: string, request: string, answer: RequestAnswer): Promise<void> {
  await postJson(`/api/visits/${appointment}/requests/${request}`, answer);
}

export async function cancelJob(job: string, wish: Cancel): Promise<void> {
  await postJson(`/api/jobs/${job}/cancel`, wish);
}

/** Says which of several recorded values counts. */
export async function choose(appointment: string, choice: Choice): Promise<void> {
  await postJson(`/api/visits/${appointment}/versions`, choice);
}

/** Tells the office what leaves the phone, and why. */
export async function giveUp(wish: GiveUp): Promise<void> {
  await postJson('/api/given-up', wish);
}

/** Title and next step for anything that kept a request from working. */
export function explain(cause: unknown): { title: string; detail: string } {
  if (cause instanceof Refused) return cause.problem;
  if (cause instanceof Unreachable) {
    return { title: 'No connection', detail: 'The server did not answer. Try again when there is a signal.' };
  }
  return { title: 'That did not work', detail: cause instanceof Error ? cause.message : String(cause) };
}
