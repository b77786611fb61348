import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A link between phone and server that can be held in the middle of a request. */
export class Relay {
  #left = Number.POSITIVE_INFINITY;
  #held: Socket[] = [];
  #breaks: (() => number) | undefined;
  #passed = 0;

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
    server.on('connection', (up) => relay.#join(up, connect(Number(target.port), target.hostname)));
    return relay;
  }

  /** Lets so many more bytes through towards the server, and then nothing. */
  holdAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** Breaks the connection after so many bytes towards the server, and again after the next so many. */
  breakAfter(next: () => number): void {
    this.#breaks = next;
    this.#left = next();
  }

  /** Bytes that went towards the server in all. */
  get passed(): number {
    return this.#passed;
  }

  get isHeld(): boolean {
    return this.#held.length > 0;
  }

  /** Everything passes again, on new connections: those that were held are broken. */
  open(): void {
    this.#breaks = undefined;
    this.#left = Number.POSITIVE_INFINITY;
    for (const socket of this.#held.splice(0)) socket.destroy();
  }

  close(): void {
    this.open();
    this.server.close();
  }

  #join(phone: Socket, server: Socket): void {
    const end = (): void => {
      phone.destroy();
      server.destroy();
    };
    for (const socket of [phone, server]) socket.on('error', end).on('close', end);
    server.on('data', (bytes) => phone.write(bytes));
    phone.on('data', (bytes) => {
      const passing = bytes.subarray(0, Math.max(0, this.#left));
      this.#left -= passing.length;
      this.#passed += passing.length;
      if (passing.length > 0) server.write(passing);
      if (passing.length === bytes.length) return;
      if (this.#breaks) {
        this.#left = this.#breaks();
        // What was passed on has to arrive before the end does.
        server.end();
        phone.resetAndDestroy();
        return;
      }
      phone.pause();
      this.#held.push(phone);
    });
  }
}
