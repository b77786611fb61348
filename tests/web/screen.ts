import { expect } from '@playwright/test';
import type { Look } from './parts';
import type { Shot } from './picture';
import { SOON } from './soon';

/** One page in a browser of either engine, with as much of a browser as the shared stories need. */
export abstract class Screen {
  abstract open(address: string): Promise<void>;
  abstract reload(): Promise<void>;
  /** Another page of the same browser. */
  abstract another(): Promise<Screen>;
  /** The page is gone without having been asked. */
  abstract close(): Promise<void>;
  /** The page is gone and has heard nothing of it, as when its process is ended behind a camera. */
  abstract kill(): Promise<void>;
  /** Runs a function in the page; what it is given and what it answers travel as JSON. */
  abstract evaluate<Given, Answer>(work: (given: Given) => Answer | Promise<Answer>, given: Given): Promise<Answer>;
  abstract click(css: string): Promise<void>;
  abstract fill(css: string, text: string): Promise<void>;
  /** Chooses a file as the camera would give it. */
  abstract choose(css: string, file: Shot): Promise<void>;
  /** Draws one line over an element, through points in hundredths of its width and height. */
  abstract draw(css: string, points: [x: number, y: number][]): Promise<void>;
  /** Gives the window the size of a phone that is held upright or on its side. */
  abstract turn(way: 'upright' | 'aside'): Promise<void>;

  /** Photographs the screen and asks axe what keeps people out, in the engine where it can be asked. */
  async look(_name: Look): Promise<void> {}

  /** What a person reads there, `null` where there is nothing. */
  async text(css: string): Promise<string | null> {
    return this.evaluate((css) => document.querySelector<HTMLElement>(css)?.innerText ?? null, css);
  }

  /** Picks an option of a list as a person does. */
  async pick(css: string, value: string): Promise<void> {
    const work = ({ css, value }: { css: string; value: string }): string | undefined => {
      const list = document.querySelector<HTMLSelectElement>(css);
      if (!list) return undefined;
      list.value = value;
      list.dispatchEvent(new Event('change', { bubbles: true }));
      return list.value;
    };
    await expect.poll(() => this.evaluate(work, { css, value }), { ...SOON, message: `${value} in ${css}` }).toBe(value);
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
  /** Whether a page's process ended by a mistake of the browser's own. */
  hasCrashed(): boolean;
  stop(): Promise<void>;
}

/** Where points in hundredths of an element are in the window, which shows all of the element. */
export async function spots(screen: Screen, css: string, points: [x: number, y: number][]): Promise<[x: number, y: number][]> {
  const box = await screen.evaluate((css) => {
    const element = document.querySelector(css);
    element?.scrollIntoView({ block: 'center' });
    const { left = 0, top = 0, width = 0, height = 0 } = element?.getBoundingClientRect() ?? {};
    return { left, top, width, height };
  }, css);
  return points.map(([x, y]) => [
    Math.round(box.left + (x * box.width) / 100),
    Math.round(box.top + (y * box.height) / 100),
  ]);
}
