import { expect as check, test as plain } from '@playwright/test';
import type { EvidenceKey } from '../../../web/src/generated/EvidenceKey';
import { forgetReadable, sealedPhotos } from '../disk';
import { cameraPhoto } from '../picture';
import { sha256 } from '../sandbox';
import { golden, serveSources } from '../sources';
import { expect, test } from '../story';
import { asUnlocked } from '../unlocked';

interface Vector {
  name: string;
  sealedBy: 'server' | 'phone';
  secret: string;
  key: EvidenceKey;
  photo: string;
  appointment: string;
  picture: string;
  envelope: string;
}

/** RFC 9180, appendix A.3.1, first encryption: the same curve and hashes with AES-128-GCM. */
const RFC = {
  info: '4f6465206f6e2061204772656369616e2055726e',
  ephemeralSecret: '4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb',
  ephemeralPublic:
    '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
  recipient:
    '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0',
  plain: '4265617574792069732074727574682c20747275746820626561757479',
  aad: '436f756e742d30',
  ciphertext: '5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434',
};

plain('the phone seals as the RFC says and as the server reads it', async ({ page }) => {
  const vectors = await golden<Vector[]>('evidence.v2.json');
  await serveSources(page);
  const found = await page.evaluate(
    async ({ rfc, given }) => {
      const load = (path: string): Promise<unknown> => import(path) as Promise<unknown>;
      const hpke = (await load('/phone/hpke')) as typeof import('../../../web/src/phone/hpke');
      const evidence = (await load('/phone/evidence')) as typeof import('../../../web/src/phone/evidence');
      const { fromHex, toHex } = (await load('/hex')) as typeof import('../../../web/src/hex');
      const curve = { name: 'ECDH', namedCurve: 'P-256' };
      const part = (hex: string): string =>
        btoa(String.fromCharCode(...fromHex(hex))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      const secretKey = (secret: string, point: string): Promise<CryptoKey> => {
        const [x, y] = [part(point.slice(2, 66)), part(point.slice(66))];
        return crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', d: part(secret), x, y }, curve, false, ['deriveBits']);
      };
      const ephemeral = {
        publicKey: await crypto.subtle.importKey('raw', fromHex(rfc.ephemeralPublic), curve, true, []),
        privateKey: await secretKey(rfc.ephemeralSecret, rfc.ephemeralPublic),
      };
      const [recipient, info, aad, words] = [fromHex(rfc.recipient), fromHex(rfc.info), fromHex(rfc.aad), fromHex(rfc.plain)];
      const made = await hpke.seal(recipient, info, aad, words, { id: 1, keyBytes: 16 }, ephemeral);

      /** As the server opens it: what the phone itself never can. */
      const open = async (vector: Vector, envelope: Uint8Array<ArrayBuffer>): Promise<string> => {
        const encapsulated = envelope.slice(20, 85);
        const dh = await hpke.agree(await secretKey(vector.secret, vector.key.public), encapsulated);
        const { key, nonce } = await hpke.context(
          dh,
          encapsulated,
          fromHex(vector.key.public),
          evidence.INFO,
          hpke.AES_256_GCM,
        );
        const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
        const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: evidence.boundTo(vector) };
        return toHex(new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, envelope.slice(85))));
      };
      const opened = [];
      for (const vector of given) {
        const mine = new Uint8Array(await evidence.sealEvidence(vector, fromHex(vector.picture)));
        opened.push({
          picture: await open(vector, fromHex(vector.envelope)),
          mine: await open(vector, mine),
          fresh: toHex(mine) !== vector.envelope,
          header: toHex(mine.slice(0, 20)),
        });
      }
      return { ciphertext: toHex(made.ciphertext), encapsulated: toHex(made.encapsulated), opened };
    },
    { rfc: RFC, given: vectors },
  );
  check(found.ciphertext).toBe(RFC.ciphertext);
  check(found.encapsulated).toBe(RFC.ephemeralPublic);
  check(vectors.map(({ sealedBy }) => sealedBy)).toEqual(expect.arrayContaining(['server', 'phone']));
  for (const [i, { key, picture }] of vectors.entries()) {
    check(found.opened[i]).toEqual({ picture, mine: picture, fresh: true, header: `44504502${key.id}` });
  }
});

test('a photo that the phone can no longer read still reaches the server, byte for byte', async ({ stack, phone }) => {
  const context = phone.page.context();
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  await expect(phone.chip).toHaveText('Safe');
  await context.setOffline(true);
  const photo = await phone.take('after', await cameraPhoto(phone.page, 1));
  const picture = (await phone.storedPictures()).get(photo);
  expect(picture).toBeDefined();

  const sealed = await phone.page.evaluate(sealedPhotos);
  expect(sealed.map(({ place }) => place).sort()).toEqual([`evidence/${photo}`, `photo/${photo}`]);
  const envelope = Buffer.from(sealed.find(({ place }) => place.startsWith('evidence/'))?.base64 ?? '', 'base64');
  expect(envelope.subarray(0, 4)).toEqual(Buffer.from('DPE\u0002', 'latin1'));
  await phone.page.evaluate(forgetReadable);
  expect((await phone.storedPictures()).size).toBe(0);

  await context.setOffline(false);
  await expect(phone.chip).toHaveText('Safe');
  const receipt = await phone.page.request.get(`${stack.address}/api/photos/${photo}/receipt`);
  expect(await receipt.json()).toMatchObject({ uploadedSha256: sha256(envelope), pictureSha256: sha256(picture ?? Buffer.alloc(0)) });
  const kept = await asUnlocked(phone.page, `/api/photos/${photo}/picture`);
  expect(sha256(await kept.body())).toBe(sha256(picture ?? Buffer.alloc(0)));
  // The receipt, and nothing before it, lets go of what was sent.
  await expect.poll(() => phone.page.evaluate(sealedPhotos)).toEqual([]);
});
