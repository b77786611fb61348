import type { Screen } from '../screen';
import { Office } from '../office';
import { serviceJob } from './amazon';
import { expect, test } from './either';

/** The names of everything in the phone's store. */
async function places(screen: Screen): Promise<string[]> {
  return screen.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('the store did not answer'));
      });
    const database = await settled(indexedDB.open('doorstep'));
    const names: string[] = [];
    for (const store of ['rows', 'photos']) {
      const keys = await settled(database.transaction(store).objectStore(store).getAllKeys());
      names.push(...keys.map((key) => (key as string[])[1] ?? ''));
    }
    database.close();
    return names;
  }, null);
}

test('a phone that is taken off the list forgets its jobs at the next contact, and nothing that was recorded is lost', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const { screen } = handset;
  const office = await Office.of(stack);
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  const lines = ((await screen.text('.where')) ?? '').split('\n').filter((line) => /\w{4}/.test(line));
  link.refuse();
  const photos = await handset.closeOut(shots);
  await handset.chip(/^Saved on this phone/);
  const [known] = await office.phones();
  await office.revoke(known?.device ?? '', 'Left on a bus');

  link.open();
  await handset.tryNow();
  await handset.shows('[data-testid="parted"]', /^The office has taken the jobs off this phone\. Ask the office/);
  const shown = (await screen.text('body')) ?? '';
  for (const line of lines) expect(shown).not.toContain(line);
  const left = await places(screen);
  expect(left.filter((place) => place.startsWith('job/'))).toEqual([]);
  expect(left.filter((place) => place.startsWith('mine/') || place.startsWith('change/')).length).toBeGreaterThan(0);
  // It still brings all of it, without anybody's key; there it counts for nothing before a supervisor's word.
  await handset.has('[data-testid="waiting"]', 0);
  const held = await office.held();
  expect(held.filter(({ kind }) => kind === 'photo').map(({ item }) => item).sort()).toEqual([...photos].sort());
  const copies = held.filter(({ kind }) => kind !== 'photo');
  expect(copies.length).toBeGreaterThan(0);
  expect(await office.photosOf(appointment)).toEqual([]);
  const heard = (await office.phones()).find(({ device }) => device === known?.device);
  expect(heard?.revoked?.heardAt).not.toBe(null);

  for (const { item } of held) {
    await office.post(`/api/quarantine/${item}`, { decision: 'release', reason: 'Robin called' });
  }
  expect(await office.held()).toEqual([]);
  const job = await serviceJob(stack, appointment);
  await expect.poll(async () => (await stack.sandbox.job(job)).job.serviceJobStatus).toBe('COMPLETED');
  expect(await stack.sandbox.attached(job)).toHaveLength(2);

  await screen.reload();
  await handset.has('input[name="name"]');
  await handset.signIn(stack.technician);
  expect(await handset.appointments()).toContain(appointment);
  const devices = (await office.phones()).map(({ device }) => device);
  expect(devices).toHaveLength(2);
});

test('two people who share a phone see only what is theirs, and what both recorded arrives', async ({ stack, link, handset, shots }) => {
  const { screen } = handset;
  const colleague = await stack.addColleague();
  const office = await Office.of(stack);
  const robins = await handset.appointments();
  const [first = ''] = robins;
  link.refuse();
  await handset.underWay(first);
  const mine = await handset.take('after', shots[0]);
  await handset.chip(/^Saved on this phone/);
  await handset.go('#/sync');
  await screen.click('section:last-child .plain');
  await handset.shows('section:last-child p', /Not sent yet: .*1 photo/);
  await screen.click('section:last-child .choices button');
  await handset.has('input[name="name"]');

  link.open();
  await handset.signIn(colleague);
  const kims = await handset.appointments();
  expect(kims.filter((one) => robins.includes(one))).toEqual([]);
  await handset.ready();
  link.refuse();
  const [other = ''] = kims;
  await handset.underWay(other);
  const theirs = await handset.take('after', shots[1]);
  await handset.chip(/^Saved on this phone/);
  await handset.signOut();

  link.open();
  await handset.signIn(stack.technician);
  expect(await handset.appointments()).toEqual(robins);
  await handset.chip('Safe');
  await handset.signOut();
  await handset.signIn(colleague);
  expect(await handset.appointments()).toEqual(kims);
  await handset.chip('Safe');
  for (const [appointment, photo] of [[first, mine], [other, theirs]] as const) {
    expect(await office.photosOf(appointment)).toEqual([expect.objectContaining({ photo, safe: true, held: false })]);
  }
});

test('a locked phone hears that it is off the list as well, and nobody opens it any more', async ({ stack, handset }) => {
  const { screen } = handset;
  const office = await Office.of(stack);
  await handset.go('#/sync');
  await screen.click('[data-testid="lock"]');
  await handset.shows('h1', 'Locked');
  await expect.poll(async () => (await office.phones()).map(({ told }) => told?.locked)).toEqual([true]);
  const [known] = await office.phones();
  await office.revoke(known?.device ?? '', 'Left on a bus');
  await handset.tryNow();
  await handset.shows('[data-testid="parted"]', /^The office has taken the jobs off this phone/);
  expect((await places(screen)).filter((place) => place.startsWith('job/'))).toEqual([]);
  await screen.reload();
  await handset.has('input[name="name"]');
});
