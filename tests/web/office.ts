import { expect } from '@playwright/test';
import type { Card } from '../../web/src/generated/Card';
import type { CardRequest } from '../../web/src/generated/CardRequest';
import type { Policy } from '../../web/src/generated/Policy';
import type { Slots } from '../../web/src/generated/Slots';
import type { Wish } from '../../web/src/generated/Wish';
import type { Person, Stack } from './stack';

const TWO_DAYS_MS = 48 * 3_600_000;

/** What the office knows of a phone, as far as stories ask. */
export interface KnownPhone {
  device: string;
  name: string;
  technician: string;
  told: { changesUnsent: number; photosUnsent: number; locked: boolean } | null;
  lost: { changesUnsent: number; photosUnsent: number } | null;
  revoked: { reason: string; heardAt: number | null } | null;
  worries: string[];
}

/** Somebody in the office, without a screen. */
export class Office {
  private constructor(
    private readonly address: string,
    private readonly cookie: string,
  ) {}

  static async of(stack: Stack, person: Person = stack.supervisor): Promise<Office> {
    const headers = { 'content-type': 'application/json', origin: stack.address };
    const body = JSON.stringify({ ...person, device: null });
    const answer = await fetch(`${stack.address}/api/sign-in`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    return new Office(stack.address, cookie);
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.address + path, { headers: { cookie: this.cookie } });
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as T;
  }

  async post(path: string, body: unknown, status = 204): Promise<void> {
    const headers = { 'content-type': 'application/json', origin: this.address, cookie: this.cookie };
    const answer = await fetch(this.address + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, path).toBe(status);
  }

  /** Has Amazon asked how a job stands. */
  async readAgain(job: string): Promise<void> {
    await this.post(`/api/jobs/${job}/read-again`, {}, 202);
  }

  /** What every visit that is not begun is held to from now on. */
  async publish(policy: Partial<Policy>): Promise<void> {
    const headers = { 'content-type': 'application/json', origin: this.address, cookie: this.cookie };
    const body = JSON.stringify({ appliesFrom: 0, after: 0, policy });
    const answer = await fetch(`${this.address}/api/policies`, { method: 'POST', headers, body });
    expect(answer.status, await answer.text()).toBe(200);
  }

  /** What a visit is held to where nothing is published. */
  async standard(): Promise<Policy> {
    const { standards } = await this.get<{ standards: { name: string; policy: Policy }[] }>('/api/policies');
    const found = standards.find(({ name }) => name === 'any');
    if (!found) throw new Error('no policy ships for any visit');
    return found.policy;
  }

  /** A picture of how a shot should look. Answers its name. */
  async keepSample(picture: Buffer): Promise<string> {
    const headers = { 'content-type': 'application/octet-stream', origin: this.address, cookie: this.cookie };
    const answer = await fetch(`${this.address}/api/samples`, { method: 'PUT', headers, body: new Uint8Array(picture) });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { sha256: string }).sha256;
  }

  async revoke(device: string, reason: string): Promise<void> {
    await this.post(`/api/devices/${device}/revoke`, { reason });
  }

  /** What is held. */
  async held(): Promise<{ item: string; kind: 'photo' | 'change' | 'record' }[]> {
    return this.get('/api/quarantine');
  }

  /** The photos of a visit, and whether each counts. */
  async photosOf(appointment: string): Promise<Card['photos']> {
    return (await this.visits()).find((visit) => visit.appointment === appointment)?.photos ?? [];
  }

  async phones(): Promise<KnownPhone[]> {
    return (await this.get<{ phones: KnownPhone[] }>('/api/devices')).phones;
  }

  async visits(): Promise<Card[]> {
    return (await this.get<{ cards: Card[] }>('/api/board')).cards;
  }

  /** A visit as the board has it. */
  async visit(appointment: string): Promise<Card> {
    const found = (await this.visits()).find((visit) => visit.appointment === appointment);
    if (!found) throw new Error(`no visit ${appointment} on the board`);
    return found;
  }

  /** What a technician asks of a visit, once the office has it. */
  async asked(appointment: string, what: Wish): Promise<CardRequest> {
    let found: CardRequest | undefined;
    await expect(async () => {
      found = (await this.visit(appointment)).requests.find((request) => request.what === what && request.open);
      expect(found, `${what} of ${appointment}`).toBeDefined();
    }).toPass();
    if (!found) throw new Error('nothing is asked');
    return found;
  }

  /** The last time that Amazon names for a visit. */
  async lastSlot(appointment: string): Promise<number> {
    const read = (): Promise<Slots> => this.get(`/api/visits/${appointment}/slots`);
    await expect.poll(async () => (await read()).reading, { message: 'asking Amazon for free times' }).toBe(false);
    const last = (await read()).slots.at(-1);
    if (!last) throw new Error('Amazon names no time');
    return last.start;
  }

  /** Says yes to what was asked; a visit is moved to the same time in two days. */
  async approve(appointment: string, what: Wish): Promise<void> {
    const { request, code } = await this.asked(appointment, what);
    const start = what === 'reschedule' ? (await this.visit(appointment)).window.start + TWO_DAYS_MS : null;
    await this.post(`/api/visits/${appointment}/requests/${request}`, { decision: 'approve', code, start });
  }

  async decline(appointment: string, what: Wish, reason: string): Promise<void> {
    const { request } = await this.asked(appointment, what);
    await this.post(`/api/visits/${appointment}/requests/${request}`, { decision: 'decline', reason });
  }
}
