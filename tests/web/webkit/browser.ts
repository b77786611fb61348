import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from '@playwright/test';
import { PHONE } from '../phone';
import type { Shot } from '../picture';
import { Screen, spots, type Engine } from '../screen';
import { SOON } from '../soon';
import { Refused, Session, type Tab } from './webdriver';

const DRIVER = process.env.DOORSTEP_WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
const XVFB = process.env.DOORSTEP_XVFB ?? '/usr/bin/Xvfb';

/** What passes by itself while a page is still being drawn. */
const NOT_YET = ['no such element', 'stale element reference', 'element not interactable', 'element click intercepted'];

/** What WebKit's browser says when a process that draws a page has ended by a mistake of its own. */
const CRASHED = 'WebProcess CRASHED';

/** WebKitGTK's own browser, steered by its WebDriver, on a display that nobody sees. It forgets all when it ends. */
export class WebKit implements Engine {
  readonly name = 'webkit';

  private constructor(
    private readonly home: string,
    private readonly processes: ChildProcess[],
    private readonly said: () => string,
    readonly screen: Screen,
  ) {}

  hasCrashed(): boolean {
    return this.said().includes(CRASHED);
  }

  static async start(): Promise<WebKit> {
    const home = await mkdtemp(join(tmpdir(), 'doorstep-webkit-'));
    const processes: ChildProcess[] = [];
    try {
      const display = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        detached: true,
      });
      processes.push(display);
      const number = await firstLine(display, display.stdio[3] as Readable);
      const port = await freePort();
      // A process group of its own: the browser is the driver's child.
      const driver = spawn(DRIVER, [`--port=${port}`], {
        env: { ...process.env, DISPLAY: `:${number}`, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home },
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
      });
      processes.push(driver);
      let said = '';
      driver.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
      const address = `http://127.0.0.1:${port}`;
      await Promise.race([fails(driver), expect.poll(() => Session.isReady(address), SOON).toBe(true)]);
      const session = await Session.start(address, { alwaysMatch: { browserName: 'MiniBrowser' } });
      const screen = await WebKitScreen.open(session, home);
      return new WebKit(home, processes, () => said, screen);
    } catch (problem) {
      await end(processes, home);
      throw problem;
    }
  }

  async stop(): Promise<void> {
    await end(this.processes, this.home);
  }
}

class WebKitScreen extends Screen {
  private constructor(
    private readonly session: Session,
    private readonly window: string,
    private readonly home: string,
  ) {
    super();
  }

  static async open(session: Session, home: string): Promise<WebKitScreen> {
    const window = await session.newWindow();
    await session.in(window, (tab) => tab.resize(PHONE));
    return new WebKitScreen(session, window, home);
  }

  async open(address: string): Promise<void> {
    await this.session.in(this.window, (tab) => tab.open(address));
  }

  async reload(): Promise<void> {
    await this.session.in(this.window, (tab) => tab.reload());
  }

  async another(): Promise<Screen> {
    return WebKitScreen.open(this.session, this.home);
  }

  async close(): Promise<void> {
    await this.session.in(this.window, (tab) => tab.close());
  }

  /** The driver closes a window without a word to its page. */
  async kill(): Promise<void> {
    await this.close();
  }

  async evaluate<Given, Answer>(work: (given: Given) => Answer | Promise<Answer>, given: Given): Promise<Answer> {
    const body = `const [given, done] = arguments;
      Promise.resolve().then(() => (${work.toString()})(given)).then(
        (answer) => done({ answer }),
        (problem) => done({ problem: String(problem) }),
      );`;
    const { answer, problem } = (await this.session.in(this.window, (tab) => tab.script(body, [given]))) as {
      answer: Answer;
      problem?: string;
    };
    if (problem !== undefined) throw new Error(problem);
    return answer;
  }

  async click(css: string): Promise<void> {
    await this.#once(css, async (tab, element) => {
      // The driver scrolls an element to the edge, where a fixed bar may lie over it; and what another page records
      // moves it again.
      await tab.script(`const [css, done] = arguments; document.querySelector(css)?.scrollIntoView({ block: 'center' }); done();`, [css]);
      await tab.click(element);
    });
  }

  async fill(css: string, text: string): Promise<void> {
    await this.#once(css, async (tab, element) => {
      await tab.clear(element);
      await tab.type(element, text);
    });
  }

  async choose(css: string, file: Shot): Promise<void> {
    // Each in a folder of its own: cameras give the same name again.
    const path = join(await mkdtemp(join(this.home, 'shot-')), file.name);
    await writeFile(path, file.buffer);
    await this.#once(css, (tab, element) => tab.type(element, path));
  }

  async draw(css: string, points: [x: number, y: number][]): Promise<void> {
    await expect.poll(() => this.count(css), SOON).toBe(1);
    const path = await spots(this, css, points);
    await this.session.in(this.window, (tab) => tab.drag(path));
  }

  async turn(way: 'upright' | 'aside'): Promise<void> {
    const { width, height } = PHONE;
    await this.session.in(this.window, (tab) => tab.resize(way === 'upright' ? PHONE : { width: height, height: width }));
  }

  /** Does something with an element as soon as it is there and lets itself be touched. */
  async #once(css: string, work: (tab: Tab, element: string) => Promise<void>): Promise<void> {
    await expect
      .poll(() =>
        this.session.in(this.window, async (tab) => {
          try {
            await work(tab, await tab.find(css));
            return 'done';
          } catch (problem) {
            if (problem instanceof Refused && NOT_YET.includes(problem.code)) return problem.message;
            throw problem;
          }
        }),
        SOON,
      )
      .toBe('done');
  }
}

async function firstLine(child: ChildProcess, stream: Readable): Promise<string> {
  const [bytes] = (await Promise.race([fails(child), once(stream, 'data')])) as [Buffer];
  return bytes.toString().trim();
}

/** Never answers; breaks when the program ends or does not start. */
async function fails(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${child.spawnfile} ended (${code})`);
}

/** The driver wants to be told a port. Should somebody else be faster, it ends, and the story says so. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function end(processes: ChildProcess[], home: string): Promise<void> {
  for (const child of processes.toReversed()) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}
