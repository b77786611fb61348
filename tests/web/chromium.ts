import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';

/** One browser, the one the machine has: nothing is downloaded. */
export const CHROMIUM = {
  executablePath: process.env.DOORSTEP_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** A browser with a profile that outlives it, and that can be killed like a phone whose battery is pulled. */
export class Installed {
  private constructor(
    private readonly process: ChildProcess,
    private readonly browser: Browser,
    /** Where it takes orders. */
    readonly port: number,
  ) {}

  static async start(profile: string): Promise<Installed> {
    const ours = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
    // A process group of its own, so that all its processes can be killed together.
    const child = spawn(CHROMIUM.executablePath, [...CHROMIUM.args, ...ours], {
      detached: true,
      // What a killed browser leaves behind goes with its profile.
      env: { ...process.env, TMPDIR: profile },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const address = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        const listens = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
        if (listens) resolve(listens);
      });
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`Chromium ended (${code}) before it listened`)));
    });
    return new Installed(child, await chromium.connectOverCDP(address), Number(new URL(address).port));
  }

  get context(): BrowserContext {
    const [context] = this.browser.contexts();
    if (!context) throw new Error('the browser has no profile open');
    return context;
  }

  /** All its processes at once, none of which can write anything any more. */
  async kill(): Promise<void> {
    const { pid } = this.process;
    if (pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }

  /** Closes it as its owner would, so that everything is written. */
  async close(): Promise<void> {
    const ended = once(this.process, 'exit');
    const session = await this.browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await ended;
  }
}
