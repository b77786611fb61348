import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** Photographs a screen, light and dark, into results/screens, and asks axe what keeps people out. */
export async function look(page: Page, name: string, show?: Locator): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await show?.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: `results/screens/${name}-${colorScheme}.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}
