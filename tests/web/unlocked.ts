import { hkdfSync } from 'node:crypto';
import type { APIResponse, Page } from '@playwright/test';
import { recalledKey } from './disk';

/** As the page itself would ask that is open on this phone: with its session, and with the proof that it is unlocked. */
export async function asUnlocked(page: Page, path: string): Promise<APIResponse> {
  const key = Buffer.from(await page.evaluate(recalledKey), 'hex');
  const proof = Buffer.from(hkdfSync('sha256', key, '', 'doorstep unlocked', 32)).toString('hex');
  return page.request.get(new URL(path, page.url()).href, { headers: { 'doorstep-unlocked': proof } });
}
