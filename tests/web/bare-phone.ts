import { createHash } from 'node:crypto';
import { expect } from '@playwright/test';
import type { Person } from './stack';

const TUS = { 'tus-resumable': '1.0.0' };

/** A phone without a screen: a session, and what is sent with it. */
export class BarePhone {
  private constructor(
    private readonly address: string,
    private readonly cookie: string,
    readonly device: string,
  ) {}

  static async signIn(address: string, person: Person): Promise<BarePhone> {
    const headers = { 'content-type': 'application/json', origin: address };
    const body = JSON.stringify({ ...person, device: null });
    const answer = await fetch(`${address}/api/sign-in`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const { device } = (await answer.json()) as { device: { id: string } };
    return new BarePhone(address, cookie, device.id);
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: this.cookie, origin: this.address, ...init.headers };
    return fetch(this.address + path, { ...init, headers });
  }

  /** Tells of itself, as a phone that is well but for what is given. */
  async tell(figures: Record<string, unknown> = {}): Promise<void> {
    const health = {
      model: 'iPhone',
      version: 'before',
      usedBytes: 48_000_000,
      quotaBytes: 1_000_000_000,
      kept: true,
      changesUnsent: 0,
      photosUnsent: 0,
      oldestUnsentMs: null,
      locked: false,
      clock: Date.now(),
      lost: null,
      ...figures,
    };
    const headers = { 'content-type': 'application/json' };
    const answer = await this.send('/api/device/health', { method: 'POST', headers, body: JSON.stringify(health) });
    expect(answer.status).toBe(204);
  }

  /** One photo in a plain envelope, to its receipt. */
  async upload(appointment: string, photo: string, picture: Buffer): Promise<void> {
    const envelope = Buffer.concat([Buffer.from('44504501', 'hex'), picture]);
    const sha256 = createHash('sha256').update(envelope).digest('hex');
    const metadata = Object.entries({ photo, appointment, sha256 }).map(([key, value]) => `${key} ${btoa(value)}`);
    const announced = { ...TUS, 'upload-length': String(envelope.length), 'upload-metadata': metadata.join() };
    expect((await this.send('/api/uploads', { method: 'POST', headers: announced })).status).toBe(201);
    const bytes = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    const sent = await this.send(`/api/uploads/${photo}`, { method: 'PATCH', headers: bytes, body: new Uint8Array(envelope) });
    expect(sent.status).toBe(204);
    expect((await this.send(`/api/photos/${photo}/receipt`)).status).toBe(200);
  }
}
