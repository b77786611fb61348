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

interface KeyFileVector {
  pin: string;
  salt: string;
  deviceSecret: string;
  memoryKib: number;
  passes: number;
  stretched: string;
  passkeySecret: string;
  master: string;
  storeKey: string;
  pinKey: string;
  wall: number;
  slot: string;
  wiped: string;
}

test('the browser opens the key file on record by its PIN and its passkey, and reads why one was wiped', async ({ page }) => {
  const vector = await golden<KeyFileVector>('keyfile.v1.json');
  await serveSources(page);
  const found = await page.evaluate(async (given) => {
    const load = (path: string): Promise<unknown> => import(path) as Promise<unknown>;
    const core = (await load('/wasm/doorstep.js')) as typeof import('../../../web/src/wasm/doorstep');
    const { fromHex, toHex } = (await load('/hex')) as typeof import('../../../web/src/hex');
    await core.default({ module_or_path: '/wasm/doorstep_bg.wasm' });
    const { pin, salt, deviceSecret, memoryKib, passes, wall } = given;
    const stretched = core.stretchPin(pin, fromHex(salt), fromHex(deviceSecret), memoryKib, passes);
    const file = fromHex(given.slot + given.slot);
    // What WebCrypto makes of the same secret by itself.
    const secret = await crypto.subtle.importKey('raw', fromHex(given.stretched), 'HKDF', false, ['deriveBits']);
    const info = new TextEncoder().encode('doorstep pin');
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
    return {
      stretched: toHex(stretched),
      byPin: core.openKeyFile(file, true, stretched) as { master: string; storeKey: string },
      byPasskey: core.openKeyFile(file, false, fromHex(given.passkeySecret)) as { master: string; storeKey: string },
      look: core.lookAtKeyFile(file, { wall, sinceMarkMs: 0 }) as { triesLeft: number; wiped: string | null },
      wiped: core.lookAtKeyFile(fromHex(given.wiped + given.wiped), { wall, sinceMarkMs: 0 }) as { wiped: string | null },
      pinKey: toHex(new Uint8Array(await crypto.subtle.deriveBits(how, secret, 256))),
    };
  }, vector);
  const { master, storeKey } = vector;
  expect(found.stretched).toBe(vector.stretched);
  expect(found.byPin).toMatchObject({ master, storeKey });
  expect(found.byPasskey).toMatchObject({ master, storeKey });
  expect(found.look).toMatchObject({ triesLeft: 10, wiped: null, verdict: { kind: 'open', left_ms: 86_400_000 } });
  expect(found.wiped.wiped).toBe('lease_ended');
  expect(found.pinKey).toBe(vector.pinKey);
});
