import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { type Look, type Part, PARTS } from './parts';
import { PHONE } from './phone';

/** What axe finds on a screen as it stands, in its own words. */
export async function kept(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** What the table says is on the screen is there. */
async function shows(page: Page, name: Look): Promise<void> {
  for (const [part, [css, ...looks]] of Object.entries<Part>(PARTS)) {
    if (!looks.includes(name)) continue;
    await expect(page.locator(css).filter({ visible: true }).first(), `${part}, in ${name}`).toBeAttached();
  }
}

/** Photographs a screen, light and dark, into results/screens, and asks axe what keeps people out. */
export async function look(page: Page, name: Look, show?: Locator): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await show?.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: `results/screens/${name}-${colorScheme}.png` });
    expect(await kept(page), `${name}, ${colorScheme}`).toEqual([]);
  }
  await shows(page, name);
}

const TABLET = { width: 820, height: 1180 };
const THEMES = ['light', 'dark', 'sunlight'] as const;

/** One screen in each set of colours on a phone and on a tablet, photographed whole; read by axe in those that are named. */
export async function lookInEveryLight(page: Page, name: string, read: readonly string[] = THEMES): Promise<void> {
  for (const theme of THEMES) {
    await page.evaluate((set) => (document.documentElement.dataset['theme'] = set), theme);
    for (const [size, viewport] of [
      ['phone', PHONE],
      ['tablet', TABLET],
    ] as const) {
      await page.setViewportSize(viewport);
      // The whole of it in one view, so that what stays on top of the page stays where it belongs.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, height) });
      await page.screenshot({ path: `results/screens/looks/${name}-${size}-${theme}.png` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(wide, `${name}, ${size}, ${theme}: stands out of the page`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(PHONE);
    if (read.includes(theme)) expect.soft(await kept(page), `${name}, ${theme}`).toEqual([]);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, select, summary, a, label:has(input[type="file"])')].flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        return height > 0 && (height < 48 || width < 48) ? [`${one.textContent?.trim()}: ${width} × ${height}`] : [];
      }),
    );
    expect.soft(small, `${name}, ${theme}: too small for a glove`).toEqual([]);
  }
}
