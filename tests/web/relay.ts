import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a sign-in page of somebody's network says to every request. */
const PORTAL = '<!doctype html><title>Guest network</title><p>Accept the terms to go on.</p>';

/** A slow link brings a message in pieces of this size, not at once at its end. */
const PACKET_BYTES = 1_400;

/**
 * What becomes of a connection: it reaches the server, is closed at once, is never answered, is answered by another,
 * is cut off after so many bytes of the server's answers, or has one of these fates by chance.
 */
type Fate = 'passes' | 'refused' | 'silent' | { answer: string } | { cutAfter: number };
type Manner = Fate | { byChance: () => Fate };

/** How fast one direction of a link is. */
class Pace {
  bytesPerSecond = Number.POSITIVE_INFINITY;
  /** When what was let through so far is over. */
  #freeAt = 0;

  get isLimited(): boolean {
    return Number.isFinite(this.bytesPerSecond);
  }

  /** A message in pieces, each when it is through, behind those before it. */
  async *packets(bytes: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
      const packet = bytes.subarray(at, at + PACKET_BYTES);
      const now = performance.now();
      this.#freeAt = Math.max(now, this.#freeAt) + (packet.length / this.bytesPerSecond) * 1000;
      await setTimeout(this.#freeAt - now);
      yield packet;
    }
  }
}

/** A link between phone and server that can fail as links do, and be held in the middle of a request. */
export class Relay {
  #left = Number.POSITIVE_INFINITY;
  #held: Socket[] = [];
  #breaks: (() => number) | undefined;
  #ends = false;
  #passed = 0;
  #answered = 0;
  /** At how many bytes answered in all the link breaks. */
  #breakAt = Number.POSITIVE_INFINITY;
  /** Towards the server, and back. */
  readonly #up = new Pace();
  readonly #down = new Pace();
  #manner: Manner = 'passes';
  #turnedAway = 0;
  readonly #phones = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async to(address: string): Promise<Relay> {
    const target = new URL(address);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = new Relay(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (phone) => relay.#take(phone, target));
    return relay;
  }

  /** Lets so many more bytes through towards the server, and then nothing. */
  holdAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** After so many more bytes the server hears once that nothing follows; what it says to that still comes back. */
  endAfter(bytes: number): void {
    this.#ends = true;
    this.#left = bytes;
  }

  /** Breaks the connection after so many bytes towards the server, and again after the next so many. */
  breakAfter(next: () => number): void {
    this.#breaks = next;
    this.#left = next();
  }

  /** Lets so many bytes a second through towards the server, over all connections together. */
  slow(bytesPerSecond: number): void {
    this.#up.bytesPerSecond = bytesPerSecond;
  }

  /** Lets so many bytes a second of the server's answers through, over all connections together. */
  slowAnswers(bytesPerSecond: number): void {
    this.#down.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes that went towards the server in all. */
  get passed(): number {
    return this.#passed;
  }

  /** Bytes that the server answered, whether they arrived or not. */
  get answered(): number {
    return this.#answered;
  }

  get isHeld(): boolean {
    return this.#held.length > 0;
  }

  /** No network: connections break, new ones are closed at once. */
  refuse(): void {
    this.#change('refused');
  }

  /** A network that swallows everything: connections stand, and nothing ever comes back. */
  silence(): void {
    this.#change('silent');
  }

  /** Somebody's sign-in page answers for the server, with status 200. */
  portal(): void {
    this.answer('200 OK', 'text/html', PORTAL);
  }

  /** Whoever stands before the server answers every request by itself. */
  answer(status: string, type: string, body: string): void {
    const head = `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n`;
    this.#change({ answer: `${head}\r\n${body}` });
  }

  /** Every connection breaks after so many bytes of what the server answers. */
  cutAnswersAfter(bytes: number): void {
    this.#change({ cutAfter: bytes });
  }

  /** Breaks all connections once, after so many more bytes of what the server answers. */
  breakOnce(bytes: number): void {
    this.#breakAt = this.#answered + bytes;
  }

  /** Half of all connections come to nothing, before the request or within its answer; the others do not live long. */
  loseHalf(chance: () => number): void {
    this.#change({
      byChance: () => {
        if (chance() < 0.5) return { cutAfter: 4_000 };
        return chance() < 0.5 ? 'refused' : { cutAfter: 40 };
      },
    });
  }

  /** How many connections did not get through to the server. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** Everything passes again, on new connections: those that were held or not answered are broken. */
  open(): void {
    this.#breaks = undefined;
    this.#ends = false;
    this.#left = Number.POSITIVE_INFINITY;
    for (const socket of this.#held.splice(0)) socket.destroy();
    if (this.#manner !== 'passes') this.#change('passes');
  }

  close(): void {
    this.open();
    this.server.close();
  }

  #change(manner: Manner): void {
    this.#manner = manner;
    for (const phone of this.#phones) phone.destroy();
  }

  #take(phone: Socket, target: URL): void {
    this.#phones.add(phone);
    phone.on('close', () => this.#phones.delete(phone)).on('error', () => phone.destroy());
    const fate = typeof this.#manner === 'object' && 'byChance' in this.#manner ? this.#manner.byChance() : this.#manner;
    const server = (): Socket => connect(Number(target.port), target.hostname);
    if (fate === 'passes') return this.#join(phone, server(), Number.POSITIVE_INFINITY);
    this.#turnedAway += 1;
    if (fate === 'refused') phone.destroy();
    else if (fate === 'silent') phone.resume();
    else if ('answer' in fate) phone.once('data', () => phone.end(fate.answer));
    else this.#join(phone, server(), fate.cutAfter);
  }

  #join(phone: Socket, server: Socket, answered: number): void {
    const end = (): void => {
      phone.destroy();
      server.destroy();
    };
    for (const socket of [phone, server]) socket.on('error', end).on('close', end);
    let left = answered;
    const give = (bytes: Buffer): void => {
      this.#answered += bytes.length;
      if (this.#answered >= this.#breakAt) {
        left = Math.min(left, bytes.length - (this.#answered - this.#breakAt) - 1);
        this.#breakAt = Number.POSITIVE_INFINITY;
        for (const other of this.#phones) if (other !== phone) other.destroy();
      }
      phone.write(bytes.subarray(0, left));
      left -= bytes.length;
      // What was passed on has to arrive before the end does.
      if (left < 0) phone.end(end);
    };
    const giveSlowly = async (bytes: Buffer): Promise<void> => {
      server.pause();
      for await (const packet of this.#down.packets(bytes)) {
        if (phone.destroyed) return;
        give(packet);
      }
      server.resume();
    };
    server.on('data', (bytes) => {
      if (this.#down.isLimited) void giveSlowly(bytes);
      else give(bytes);
    });
    /** False when the link was held or broke. */
    const pass = (bytes: Buffer): boolean => {
      if (server.writableEnded) return true;
      const passing = bytes.subarray(0, Math.max(0, this.#left));
      this.#left -= passing.length;
      this.#passed += passing.length;
      if (passing.length > 0) server.write(passing);
      if (passing.length === bytes.length) return true;
      if (this.#ends) {
        this.#ends = false;
        this.#left = Number.POSITIVE_INFINITY;
        server.end();
        return true;
      }
      if (this.#breaks) {
        this.#left = this.#breaks();
        // What was passed on has to arrive before the end does.
        server.end();
        phone.resetAndDestroy();
        return false;
      }
      phone.pause();
      this.#held.push(phone);
      return false;
    };
    const passSlowly = async (bytes: Buffer): Promise<void> => {
      phone.pause();
      for await (const packet of this.#up.packets(bytes)) if (phone.destroyed || !pass(packet)) return;
      phone.resume();
    };
    phone.on('data', (bytes) => {
      if (this.#up.isLimited) void passSlowly(bytes);
      else pass(bytes);
    });
  }
}
