import { createHash, randomBytes } from 'node:crypto';
import { Upload, type HttpRequest } from 'tus-js-client';
import { dice } from '../dice';
import type { Phone } from '../phone';
import { cameraPhoto } from '../picture';
import { Relay } from '../relay';
import { sha256 } from '../sandbox';
import { expect, test } from '../story';

const CHUNK_BYTES = 64 * 1024;
/** No link is faster: on one without any way to go, a question could be at the server before the bytes sent ahead of it. */
const LATENCY_MS = 50;
/** Before the picture: what kind of envelope it is (docs/PROTOCOL.md). */
const ENVELOPE = Buffer.from('DPE\u0001', 'latin1');

/** One photo to be sent by tus-js-client, the client that most servers are tried with. */
class Parcel {
  readonly photo = randomBytes(16).toString('hex');
  readonly statuses: number[] = [];

  private constructor(
    readonly bytes: Buffer,
    private readonly appointment: string,
    private readonly headers: Record<string, string>,
  ) {}

  static async of(phone: Phone): Promise<Parcel> {
    const [appointment = ''] = await phone.appointments();
    const picture = (await cameraPhoto(phone.page, 1)).buffer;
    const cookies = await phone.page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    return new Parcel(Buffer.concat([ENVELOPE, picture]), appointment, { Cookie: cookie });
  }

  /** Sends it whole, or goes on with an upload that has begun. */
  async send(address: string, before: (request: HttpRequest, bytes: Buffer) => void = () => undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      const upload = new Upload(this.bytes, {
        endpoint: `${address}/api/uploads`,
        chunkSize: CHUNK_BYTES,
        headers: this.headers,
        metadata: { photo: this.photo, appointment: this.appointment, sha256: sha256(this.bytes) },
        retryDelays: Array.from({ length: 200 }, () => LATENCY_MS),
        onShouldRetry: (problem) => (problem.originalResponse?.getStatus() ?? 0) !== 422,
        onBeforeRequest: (request) => {
          before(request, this.bytes);
        },
        onAfterResponse: (_, response) => {
          this.statuses.push(response.getStatus());
        },
        onError: reject,
        onSuccess: () => {
          resolve(upload.url ?? '');
        },
      });
      upload.start();
    });
  }

  /** What the server says of it. */
  async receipt(address: string): Promise<{ uploadedSha256: string }> {
    const answer = await fetch(`${address}/api/photos/${this.photo}/receipt`, { headers: this.headers });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { uploadedSha256: string };
  }

  /** A request that tus-js-client would not make. */
  async patch(url: string, offset: number, bytes: Buffer, checksum?: string): Promise<Response> {
    const headers: Record<string, string> = {
      ...this.headers,
      'Tus-Resumable': '1.0.0',
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
    };
    if (checksum) headers['Upload-Checksum'] = checksum;
    return fetch(url, { method: 'PATCH', headers, body: new Uint8Array(bytes) });
  }

  async offset(url: string): Promise<number> {
    const answer = await fetch(url, { method: 'HEAD', headers: { ...this.headers, 'Tus-Resumable': '1.0.0' } });
    return Number(answer.headers.get('Upload-Offset'));
  }
}

function checksum(bytes: Buffer): string {
  return `sha256 ${createHash('sha256').update(bytes).digest('base64')}`;
}

test('tus-js-client sends a photo with a checksum on every chunk', async ({ stack, phone, desk }) => {
  const parcel = await Parcel.of(phone);
  let checked = 0;
  await parcel.send(stack.address, (request, bytes) => {
    if (request.getMethod() !== 'PATCH') return;
    const offset = Number(request.getHeader('Upload-Offset'));
    request.setHeader('Upload-Checksum', checksum(bytes.subarray(offset, offset + CHUNK_BYTES)));
    checked += 1;
  });
  expect(checked).toBe(Math.ceil(parcel.bytes.length / CHUNK_BYTES));
  expect((await parcel.receipt(stack.address)).uploadedSha256).toBe(sha256(parcel.bytes));
  expect(sha256(await desk.picture(parcel.photo))).toBe(sha256(parcel.bytes.subarray(ENVELOPE.length)));
});

test('tus-js-client gets a photo over a link that breaks all the time, and hardly a byte goes twice', async ({ stack, phone }) => {
  const parcel = await Parcel.of(phone);
  const relay = await Relay.to(stack.address);
  const roll = dice(7);
  let breaks = -1;
  relay.breakAfter(() => {
    breaks += 1;
    return 30_000 + roll() * 120_000;
  });
  await parcel.send(relay.address);
  relay.close();
  expect(breaks).toBeGreaterThan(8);
  expect((await parcel.receipt(stack.address)).uploadedSha256).toBe(sha256(parcel.bytes));
  // The headers of some thirty requests are in it.
  expect(relay.passed / parcel.bytes.length).toBeLessThan(1.05);
});

test('a wrong offset and a wrong checksum are refused, and the upload goes on as if nothing had been', async ({ stack, phone }) => {
  const parcel = await Parcel.of(phone);
  let spoiled = 0;
  await parcel.send(stack.address, (request, bytes) => {
    if (request.getMethod() !== 'PATCH') return;
    const offset = Number(request.getHeader('Upload-Offset'));
    if (offset === CHUNK_BYTES && spoiled === 0) {
      request.setHeader('Upload-Offset', String(offset + 1));
      spoiled += 1;
    } else if (offset === 2 * CHUNK_BYTES && spoiled === 1) {
      request.setHeader('Upload-Checksum', checksum(bytes.subarray(0, 10)));
      spoiled += 1;
    }
  });
  expect(spoiled).toBe(2);
  expect(parcel.statuses).toContain(409);
  expect(parcel.statuses).toContain(460);
  expect((await parcel.receipt(stack.address)).uploadedSha256).toBe(sha256(parcel.bytes));

  // Once whole it stays what it is.
  const url = `${stack.address}/api/uploads/${parcel.photo}`;
  expect((await parcel.patch(url, 0, Buffer.from('other'))).status).toBe(409);
  expect(await parcel.offset(url)).toBe(parcel.bytes.length);
});

test('a slice that is refused does not cross a slow link to its end', async ({ stack, phone }) => {
  const parcel = await Parcel.of(phone);
  let url = '';
  await parcel.send(stack.address, (request) => {
    if (request.getMethod() === 'PATCH') url = request.getURL();
  });
  const relay = await Relay.to(stack.address);
  relay.slow(200_000);
  // The answer may be lost with the connection; that it is refused was told above.
  await parcel.patch(url.replace(stack.address, relay.address), 1, parcel.bytes).catch(() => undefined);
  relay.close();
  expect(relay.passed).toBeLessThan(parcel.bytes.length / 4);
});

test('an upload of tus-js-client survives a server that is killed in the middle of it', async ({ stack, phone }) => {
  const parcel = await Parcel.of(phone);
  let killed = false;
  const address = stack.address;
  const offsets: number[] = [];
  let restarted: Promise<void> | undefined;
  await parcel.send(address, (request) => {
    if (request.getMethod() !== 'PATCH') return;
    offsets.push(Number(request.getHeader('Upload-Offset')));
    if (offsets.length === 5 && !killed) {
      killed = true;
      restarted = stack.server.kill().then(async () => stack.startServer());
    }
  });
  await restarted;
  expect(killed).toBe(true);
  // It went on at or behind where it was: nothing that had been accepted travelled again.
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect((await parcel.receipt(address)).uploadedSha256).toBe(sha256(parcel.bytes));
});
