import type { Shot } from './picture';

/** One page in a browser of either engine, with as much of a browser as the shared stories need. */
export abstract class Screen {
  abstract open(address: string): Promise<void>;
  abstract reload(): Promise<void>;
  /** Another page of the same browser. */
  abstract another(): Promise<Screen>;
  /** The page is gone without having been asked. */
  abstract close(): Promise<void>;
  /** Runs a function in the page; what it is given and what it answers travel as JSON. */
  abstract evaluate<Given, Answer>(work: (given: Given) => Answer | Promise<Answer>, given: Given): Promise<Answer>;
  abstract click(css: string): Promise<void>;
  abstract fill(css: string, text: string): Promise<void>;
  /** Chooses a file as the camera would give it. */
  abstract choose(css: string, file: Shot): Promise<void>;

  /** What a person reads there, `null` where there is nothing. */
  async text(css: string): Promise<string | null> {
    return this.evaluate((css) => document.querySelector<HTMLElement>(css)?.innerText ?? null, css);
  }

  /** An attribute of everything the selector finds. */
  async attributes(css: string, name: string): Promise<string[]> {
    return this.evaluate(
      ({ css, name }) => [...document.querySelectorAll(css)].map((element) => element.getAttribute(name) ?? ''),
      { css, name },
    );
  }

  async count(css: string): Promise<number> {
    return this.evaluate((css) => document.querySelectorAll(css).length, css);
  }
}

/** A browser of either engine, with nothing in it. */
export interface Engine {
  readonly name: 'chromium' | 'webkit';
  /** Its first page. */
  readonly screen: Screen;
  stop(): Promise<void>;
}
