import type { Handset } from '../handset';

/** What is done with a visit instead of completing it. */
export const SHEET = '[data-testid="otherwise"]';
/** What was asked, and how far it is. */
export const REQUEST = `${SHEET} [data-testid="request"]`;
export const WISHES = ['reschedule', 'cancel'] as const;
export type Wish = (typeof WISHES)[number];

export async function opens(handset: Handset, sheet: 'nobody' | 'second' | Wish): Promise<void> {
  for (const to of ['choose', sheet]) await handset.screen.click(`${SHEET} [data-sheet="${to}"]`);
}

/** Asks the office in the sheet that is open. */
export async function asks(handset: Handset, wish: Wish, code: string): Promise<void> {
  await handset.screen.pick(`${SHEET} form[data-wish="${wish}"] select`, code);
  await handset.screen.click(`${SHEET} form[data-wish="${wish}"] [type="submit"]`);
  await handset.has(REQUEST);
}
