/** What the driver answers when it cannot do what it was told; `code` is the protocol's word for it. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    command: string,
    message: string,
  ) {
    super(`${command}: ${code}: ${message}`);
  }
}

/** A page that does not answer for so long has stopped. */
const PATIENCE_MS = 30_000;

/** The protocol's name for the key under which an element's id comes. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * One session of the W3C WebDriver protocol, as far as the stories speak it. A session looks at one window at a
 * time, so everything that happens in a window is one turn, and turns do not overlap.
 */
export class Session {
  #window: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly address: string,
    /** Stays open and empty: a session ends with its last window, and only from a window comes another. */
    private readonly first: string,
  ) {}

  static async start(driver: string, capabilities: object): Promise<Session> {
    const { sessionId } = await command<{ sessionId: string }>(driver, 'POST', '/session', { capabilities });
    const address = `${driver}/session/${sessionId}`;
    return new Session(address, await command(address, 'GET', '/window'));
  }

  /** Whether a driver listens there and would take a session. */
  static async isReady(driver: string): Promise<boolean> {
    // Nobody listens yet.
    const status = await command<{ ready: boolean }>(driver, 'GET', '/status').catch(() => null);
    return status?.ready ?? false;
  }

  async newWindow(): Promise<string> {
    return this.in(this.first, (tab) => tab.another());
  }

  /** Does something in one window while nothing is done in another. */
  async in<T>(window: string, work: (tab: Tab) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      if (this.#window !== window) await this.#send('POST', '/window', { handle: window });
      this.#window = window;
      return work(new Tab((method, path, body) => this.#send(method, path, body)));
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #send<T>(method: Method, path: string, body?: object): Promise<T> {
    return command(this.address, method, path, body);
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

/** The window a session looks at. */
export class Tab {
  constructor(private readonly send: <T>(method: Method, path: string, body?: object) => Promise<T>) {}

  async open(url: string): Promise<void> {
    await this.send('POST', '/url', { url });
  }

  async reload(): Promise<void> {
    await this.send('POST', '/refresh', {});
  }

  /** The name of a new window. */
  async another(): Promise<string> {
    return (await this.send<{ handle: string }>('POST', '/window/new', { type: 'window' })).handle;
  }

  /** Without asking the page, as when somebody swipes it away. */
  async close(): Promise<void> {
    await this.send('DELETE', '/window');
  }

  async resize(size: { width: number; height: number }): Promise<void> {
    await this.send('POST', '/window/rect', size);
  }

  /** The id of the first element that the selector finds. */
  async find(css: string): Promise<string> {
    const found = await this.send<Record<string, string>>('POST', '/element', { using: 'css selector', value: css });
    const id = found[ELEMENT];
    if (id === undefined) throw new Error(`the driver named no element for ${css}`);
    return id;
  }

  async click(element: string): Promise<void> {
    await this.send('POST', `/element/${element}/click`, {});
  }

  async clear(element: string): Promise<void> {
    await this.send('POST', `/element/${element}/clear`, {});
  }

  /** Types into a field; for a file's field the text is the path of the file. */
  async type(element: string, text: string): Promise<void> {
    await this.send('POST', `/element/${element}/value`, { text });
  }

  /** Holds the pointer down from the first spot of the window to the last. */
  async drag(path: [x: number, y: number][]): Promise<void> {
    const moves = path.map(([x, y]) => ({ type: 'pointerMove', duration: 20, x, y }));
    const actions = [moves[0], { type: 'pointerDown', button: 0 }, ...moves.slice(1), { type: 'pointerUp', button: 0 }];
    await this.send('POST', '/actions', { actions: [{ type: 'pointer', id: 'finger', parameters: { pointerType: 'mouse' }, actions }] });
  }

  /** The body of a function that is given `given` and, last, what to call with its answer. */
  async script(body: string, given: unknown[]): Promise<unknown> {
    return this.send('POST', '/execute/async', { script: body, args: given });
  }
}

async function command<T>(address: string, method: Method, path: string, body?: object): Promise<T> {
  const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${address}${path}`, { method, signal: AbortSignal.timeout(PATIENCE_MS), ...sent });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Refused(value.error ?? String(response.status), `${method} ${path}`, value.message ?? '');
  return value;
}
