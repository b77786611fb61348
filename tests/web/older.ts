import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A phone's health, its way back without a password, the delivery of a bundle: addresses that came later. */
const NEWER = /^\/api\/(device\/health|session|rescue)/;
/** Headers that a server of the version before has never heard of. */
const UNKNOWN = ['doorstep-proves', 'doorstep-unlocked', 'doorstep-reads-facts', 'doorstep-holds'];

/**
 * A server as it was a version ago, until it is updated: it hears nothing of what a phone says about itself, answers the
 * day as one object, and says nothing of leases, of signed policies or of what happens to a closeout. What came with a
 * version of its own, an address, is refused as unknown.
 */
export class Older {
  #isUpdated = false;
  readonly #refused = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async before(address: string): Promise<Older> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const older = new Older(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (asked, answer) => {
      const path = asked.url ?? '';
      if (!older.#isUpdated && NEWER.test(path)) {
        older.#refused.add(path.replace(/\?.*/, ''));
        asked.resume();
        answer.writeHead(404, { 'content-type': 'application/problem+json' });
        answer.end(JSON.stringify({ code: 'no_such_route', title: 'There is no such address', detail: '', status: 404 }));
        return;
      }
      const headers = older.#isUpdated ? asked.headers : older.#heard(asked.headers);
      const passed = request(new URL(path, address), { method: asked.method, headers }, (given) => {
        void older.#answer(path, given).then((body) => {
          const { 'content-length': _, 'transfer-encoding': __, ...kept } = given.headers;
          answer.writeHead(given.statusCode ?? 502, kept);
          answer.end(body);
        });
      });
      passed.on('error', () => answer.destroy());
      asked.pipe(passed);
    });
    return older;
  }

  /** From now on everything passes as it is. */
  update(): void {
    this.#isUpdated = true;
  }

  /** Addresses that were asked for and that it did not have. */
  get refused(): string[] {
    return [...this.#refused].sort();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  #heard(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const heard: IncomingHttpHeaders = { ...headers, 'accept-encoding': 'identity' };
    for (const name of UNKNOWN) delete heard[name];
    if (heard.accept?.includes('ndjson')) heard.accept = 'application/json';
    return heard;
  }

  async #answer(path: string, given: IncomingMessage): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of given as AsyncIterable<Buffer>) pieces.push(piece);
    const body = Buffer.concat(pieces);
    if (this.#isUpdated || given.statusCode !== 200) return body;
    if (path === '/api/day') return without(body, ['closing', 'lease', 'policies', 'begun']);
    if (path === '/api/sign-in') return within(body, 'device', ['policyKey']);
    return body;
  }
}

function without(body: Buffer, names: string[]): Buffer {
  const told = JSON.parse(body.toString()) as Record<string, unknown>;
  for (const name of names) delete told[name];
  return Buffer.from(JSON.stringify(told));
}

function within(body: Buffer, part: string, names: string[]): Buffer {
  const told = JSON.parse(body.toString()) as Record<string, Record<string, unknown> | null>;
  for (const name of names) delete told[part]?.[name];
  return Buffer.from(JSON.stringify(told));
}
