import { readFile } from 'node:fs/promises';
import type { Browser, CDPSession } from '@playwright/test';

/** How often memory is looked at: often enough to see a decoded picture, which stays for some hundred milliseconds. */
const EVERY_MS = 40;

/**
 * The memory of a browser's largest page: all of its process, its workers, scripts, WASM and pixels, with its share of
 * what it shares. More than its script heap, which is all that a browser would tell by itself.
 */
export class Memory {
  #largest = 0;
  #done = false;
  #watching: Promise<void>;

  private constructor(private readonly session: CDPSession) {
    this.#watching = this.#watch();
  }

  static async of(browser: Browser): Promise<Memory> {
    return new Memory(await browser.newBrowserCDPSession());
  }

  /** The most there was at any time since the start, in MB. */
  async end(): Promise<number> {
    this.#done = true;
    await this.#watching;
    await this.session.detach();
    return Math.round(this.#largest / 1e6);
  }

  async #watch(): Promise<void> {
    while (!this.#done) {
      const { processInfo } = await this.session.send('SystemInfo.getProcessInfo');
      const pages = processInfo.filter(({ type }) => type === 'renderer');
      for (const { id } of pages) this.#largest = Math.max(this.#largest, await resident(id));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}

/** In bytes; 0 where the process has just ended. */
async function resident(process: number): Promise<number> {
  const text = await readFile(`/proc/${process}/smaps_rollup`, 'utf8').catch(() => '');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}
