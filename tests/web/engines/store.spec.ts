import { Office } from '../office';
import type { Screen } from '../screen';
import { expect, test } from './either';

/** Closes the page's connection to its store at its next use, as WebKit does by itself; with `gone` the store goes as well. */
async function drop(screen: Screen, gone = false): Promise<void> {
  await screen.evaluate((gone) => {
    const { transaction } = IDBDatabase.prototype;
    let dropped = false;
    IDBDatabase.prototype.transaction = function (...given) {
      if (this.name === 'doorstep' && !dropped) {
        dropped = true;
        this.close();
        if (gone) indexedDB.deleteDatabase('doorstep');
      }
      return transaction.apply(this, given);
    };
  }, gone);
}

/** Keeps the page from reading any photo of its store, until it is mended. */
async function breakPhotos(screen: Screen): Promise<void> {
  await screen.evaluate(() => {
    const { get } = IDBObjectStore.prototype;
    Object.assign(globalThis, { mend: () => (IDBObjectStore.prototype.get = get) });
    IDBObjectStore.prototype.get = function (key) {
      if (this.name === 'photos') throw new DOMException('lost', 'UnknownError');
      return get.call(this, key);
    };
  }, null);
}

async function mendPhotos(screen: Screen): Promise<void> {
  await screen.evaluate(() => void (globalThis as unknown as { mend(): void }).mend(), null);
}

test('a store that vanished between two openings is said, with what had not been sent, until it is put away', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  await handset.take('after', shots[0]);
  await handset.chip(/^Saved on this phone/);
  // Another page of the same browser, with nothing open in the store, clears it as the browser may.
  await screen.open(`${handset.address}/icon.svg`);
  await screen.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('doorstep');
        request.onsuccess = () => resolve();
        request.onerror = () => reject(new Error('it stayed'));
      }),
    null,
  );
  await screen.open(handset.address);
  const lost = '[data-testid="lost"]';
  await handset.shows(`${lost} p`, /^This phone’s storage was cleared after .* \d+ changes? and 1 photo had not been sent/);

  // A page opened anew has not forgotten it, and neither has one where somebody signs in.
  link.open();
  await screen.reload();
  await handset.has(lost);
  await handset.signIn(stack.technician);
  await handset.has(lost);
  // The office learns of it too, with the phone it was on: that one is not waited for any more.
  const office = await Office.of(stack);
  await expect.poll(async () => (await office.phones()).map(({ lost }) => lost?.photosUnsent)).toContain(1);
  const gone = (await office.phones()).filter(({ worries }) => worries.includes('store_lost'));
  expect(gone).toHaveLength(1);
  await screen.click(`${lost} button`);
  await handset.has(lost, 0);
  await screen.reload();
  expect(await handset.appointments()).toContain(appointment);
  await handset.has(lost, 0);
});

test('signing out and in again is not a loss', async ({ stack, handset }) => {
  await handset.signOut();
  await handset.screen.reload();
  await handset.has('input[name="name"]');
  await handset.has('[data-testid="lost"]', 0);
  await handset.signIn(stack.technician);
  await handset.has('[data-testid="lost"]', 0);
});

test('a store that does not answer is said, and a page opened anew has what was saved', async ({ link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  await handset.chip(/^Saved on this phone/);
  await screen.evaluate(() => {
    Object.defineProperty(IDBTransaction.prototype, 'oncomplete', { set: () => undefined });
  }, null);
  await handset.choose('after', shots[0]);
  // After the limit of the phone's own.
  const said = expect.poll(() => screen.text('li.refused p'), { timeout: 30_000 });
  await said.toMatch(/storage does not answer/);
  await screen.reload();
  await handset.done('started');
});

test('no write that fails half way is taken for saved, whichever it is', async ({ link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.underWay(appointment);
  await handset.chip(/^Saved on this phone/);
  // A photo is one transaction of two writes; each of them in turn finds no room, also once the reserve is given up.
  for (const failing of ['photos', 'rows']) {
    await screen.evaluate((failing) => {
      const { put } = IDBObjectStore.prototype;
      Object.assign(globalThis, { realPut: put });
      IDBObjectStore.prototype.put = function (value: unknown, key) {
        if (this.name === failing) throw new DOMException('no room', 'QuotaExceededError');
        return put.call(this, value, key);
      };
    }, failing);
    await handset.choose('after', shots[0]);
    await handset.shows('li.refused p', /storage is full/);
    expect(await handset.photos()).toEqual([]);
    expect((await handset.stored()).size).toBe(0);
    await screen.evaluate(() => {
      IDBObjectStore.prototype.put = (globalThis as unknown as { realPut: typeof IDBObjectStore.prototype.put }).realPut;
    }, null);
    await screen.click('li.refused button');
  }
  const photo = await handset.take('after', shots[0]);
  await screen.reload();
  await handset.has('[data-photo]');
  expect(await handset.photos()).toEqual([photo]);
});

test('what takes something away is left to the browser to commit: told to, WebKit does half of it on a page that goes', async ({
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  await screen.evaluate(() => {
    const whole = new Set<IDBTransaction>();
    const removing = new Set<IDBTransaction>();
    const remove = IDBObjectStore.prototype.delete;
    const { commit } = IDBTransaction.prototype;
    IDBObjectStore.prototype.delete = function (key) {
      removing.add(this.transaction);
      return remove.call(this, key);
    };
    IDBTransaction.prototype.commit = function () {
      whole.add(this);
      commit.call(this);
    };
    Object.assign(globalThis, { told: () => [whole.size, removing.size, [...whole].filter((one) => removing.has(one)).length] });
  }, null);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.take('after', shots[0]);
  const [whole, removing, both] = await screen.evaluate(() => (globalThis as unknown as { told: () => number[] }).told(), null);
  expect(whole).toBeGreaterThan(0);
  expect(removing).toBeGreaterThan(0);
  expect(both).toBe(0);
});

test('a connection to the store that the browser dropped is opened again, and nothing is lost', async ({ link, handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  await drop(screen);
  await handset.underWay(appointment);
  await drop(screen);
  const photo = await handset.take('after', shots[0]);
  await handset.chip(/^Saved on this phone/);
  await screen.reload();
  await handset.done('started');
  expect(await handset.photos()).toEqual([photo]);
  link.open();
  await drop(screen);
  await handset.tryNow();
  await handset.chip('Safe');
});

test('a store that is gone with its connection is not made anew behind the page, which says to open it again', async ({ link, handset }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  await drop(screen, true);
  await screen.click('.bottom [data-step="on_my_way"]');
  await handset.chip(/^Not saved/);
  await handset.go('#/sync');
  await handset.shows('main [role="alert"]', /storage does not open\. Close Doorstep and open it again/);
  // What WebKit keeps of a store whose making was given up has no layout, and the next page makes it as a new one.
  const made = await screen.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name === 'doorstep'), null);
  expect(made.filter(({ version }) => version !== 0)).toEqual([]);
  await screen.reload();
  await handset.has('[data-testid="lost"]');
});

test('a page whose store another window changes steps aside and stays there', async ({ link, handset }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  await screen.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('doorstep', 4);
        request.onerror = () => reject(new Error('it was not let in'));
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      }),
    null,
  );
  await screen.click('.bottom [data-step="on_my_way"]');
  await handset.chip(/^Not saved/);
  await handset.go('#/sync');
  await handset.shows('main [role="alert"]', /closed by another window/);
});

test('a photo that the phone does not get from its storage waits for that, and not for the server', async ({ handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.underWay(appointment);
  await handset.chip('Safe');
  await breakPhotos(screen);
  const photo = await handset.take('after', shots[0]);
  await handset.go('#/sync');
  const lane = '[data-testid="lane-photos"]';
  await handset.shows(lane, /storage does not answer/);
  expect(await screen.text(lane)).not.toContain('No answer from the server');
  await mendPhotos(screen);
  await handset.tryNow();
  await handset.chip('Safe');
  await handset.openJob(appointment);
  expect([await handset.photos(), await handset.photoStates()]).toEqual([[photo], ['safe']]);
});

test('a picture that does not come from the storage stops no page, and comes when the storage does', async ({ handset, shots }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.underWay(appointment);
  const photo = await handset.take('after', shots[0]);
  await handset.chip('Safe');
  await handset.go('#/');
  await screen.reload();
  await handset.appointments();
  await breakPhotos(screen);
  await handset.openJob(appointment);
  const picture = `[data-photo="${photo}"] .frame`;
  await handset.shows(`${picture} .quiet`, 'Photo');
  // One more turn of the page, in which a promise that nobody takes would be found.
  await screen.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))), null);
  await handset.has('.bar[role="alert"]', 0);
  await mendPhotos(screen);
  await handset.go('#/');
  await handset.appointments();
  await handset.openJob(appointment);
  await handset.has(`${picture} img`);
});
