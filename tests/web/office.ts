import { expect } from '@playwright/test';
import type { Policy } from '../../web/src/generated/Policy';
import type { Person, Stack } from './stack';

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

  async revoke(device: string, reason: string): Promise<void> {
    await this.post(`/api/devices/${device}/revoke`, { reason });
  }

  /** What is held. */
  async held(): Promise<{ item: string; kind: 'photo' | 'change' | 'record' }[]> {
    return this.get('/api/quarantine');
  }

  /** The photos of a visit, and whether each counts. */
  async photosOf(appointment: string): Promise<{ photo: string; safe: boolean; held: boolean }[]> {
    type Board = { cards: { appointment: string; photos: { photo: string; safe: boolean; held: boolean }[] }[] };
    const { cards } = await this.get<Board>('/api/board');
    return cards.find((card) => card.appointment === appointment)?.photos ?? [];
  }

  async phones(): Promise<KnownPhone[]> {
    return (await this.get<{ phones: KnownPhone[] }>('/api/devices')).phones;
  }
}
