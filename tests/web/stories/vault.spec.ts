import { expect, test } from '@playwright/test';
import { golden, serveSources } from '../sources';

interface Vector {
  name: string;
  key: string;
  nonce: string;
  place: string;
  plain: string;
  sealed: string;
}

test('the browser opens what the core has sealed, and the core what the browser seals', async ({ page }) => {
  const vectors = await golden<Vector[]>('vault.json');
  expect(vectors.length).toBeGreaterThan(0);
  await serveSources(page);
  const results = await page.evaluate(async (given) => {
    const load = (path: string): Promise<unknown> => import(path) as Promise<unknown>;
    const browser = (await load('/phone/sealing')) as typeof import('../../../web/src/phone/sealing');
    const core = (await load('/wasm/doorstep.js')) as typeof import('../../../web/src/wasm/doorstep');
    const { fromHex, toHex } = (await load('/hex')) as typeof import('../../../web/src/hex');
    await core.default({ module_or_path: '/wasm/doorstep_bg.wasm' });
    const refused = (work: Promise<unknown>): Promise<boolean> =>
      work.then(
        () => false,
        () => true,
      );
    const judged = [];
    for (const { name, key, nonce, place, plain, sealed } of given) {
      const aad = new Uint8Array(core.associatedData(place));
      const bytes = fromHex(sealed);
      const elsewhere = new Uint8Array(core.associatedData(`${place}/elsewhere`));
      const changed = bytes.slice();
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      const newer = bytes.slice();
      newer[0] = 2;
      const mine = new Uint8Array(await browser.sealFor(key, aad, fromHex(plain)));
      judged.push({
        name,
        coreSeals: toHex(new Uint8Array(core.seal(key, place, fromHex(nonce), fromHex(plain)))) === sealed,
        coreOpens: toHex(new Uint8Array(core.open(key, place, bytes))) === plain,
        browserOpens: toHex(await browser.openSealed(key, aad, bytes.buffer)) === plain,
        coreOpensMine: toHex(new Uint8Array(core.open(key, place, mine))) === plain,
        sameLength: mine.length === bytes.length,
        freshNonce: toHex(mine.subarray(1, 13)) !== nonce,
        refusesElsewhere: await refused(browser.openSealed(key, elsewhere, bytes.buffer)),
        refusesChanged: await refused(browser.openSealed(key, aad, changed.buffer)),
        refusesNewer: await refused(browser.openSealed(key, aad, newer.buffer)),
      });
    }
    return judged;
  }, vectors);
  for (const { name, ...facts } of results) {
    for (const [fact, holds] of Object.entries(facts)) expect(holds, `${name}: ${fact}`).toBe(true);
  }
});
