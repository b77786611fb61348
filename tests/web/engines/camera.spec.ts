import type { Screen } from '../screen';
import { arrivedOnce } from './amazon';
import { expect, test } from './either';

const LABEL = 'label:has(> input[data-shot="detail"])';
const LOST = '[data-testid="lost-photo"]';

/** What lies on the disk of what a camera was opened for, and whether any of it can be read. */
interface Kept {
  places: string[];
  isReadable: boolean;
}

/** Notes, when the camera's dialogue is about to open, what is on the disk, and keeps the dialogue shut. */
async function watchCamera(screen: Screen): Promise<() => Promise<Kept | null>> {
  await screen.evaluate(() => {
    Object.assign(globalThis, { opened: null });
    addEventListener('click', (event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.type !== 'file' || event.defaultPrevented) return;
      event.preventDefault();
      const request = indexedDB.open('doorstep');
      request.onsuccess = () => {
        const photos = request.result.transaction('photos').objectStore('photos');
        const cursor = photos.openCursor();
        const kept: Kept = { places: [], isReadable: false };
        cursor.onsuccess = () => {
          const found = cursor.result;
          if (!found) {
            request.result.close();
            Object.assign(globalThis, { opened: kept });
            return;
          }
          const [, place = ''] = found.key as string[];
          if (place.startsWith('intent/')) {
            kept.places.push(place);
            kept.isReadable ||= new TextDecoder().decode(found.value as ArrayBuffer).includes('detail');
          }
          found.continue();
        };
      };
    });
  }, null);
  return () => screen.evaluate(() => (globalThis as unknown as { opened: Kept | null }).opened, null);
}

async function intents(screen: Screen): Promise<number> {
  return screen.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const request = indexedDB.open('doorstep');
        request.onsuccess = () => {
          const keys = request.result.transaction('photos').objectStore('photos').getAllKeys();
          keys.onsuccess = () => {
            request.result.close();
            resolve((keys.result as string[][]).filter(([, place]) => place?.startsWith('intent/')).length);
          };
        };
      }),
    null,
  );
}

test('a page that is gone while the camera is open comes back to the same job and shot, with every answer', async ({
  stack,
  link,
  handset,
  shots,
}) => {
  const [, appointment = ''] = await handset.appointments();
  link.refuse();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.answerAll();
  await handset.take('after', shots[0]);
  const opened = await watchCamera(handset.screen);
  await handset.screen.click(LABEL);
  await expect.poll(opened).toEqual({ places: [`intent/${appointment}`], isReadable: false });
  await handset.screen.close();

  // An application of the Home Screen opens at its beginning.
  const again = await handset.another();
  await again.has(LOST);
  expect(await again.screen.evaluate(() => location.hash, null)).toBe(`#/job/${appointment}/photos.detail`);
  await again.has(`section[id="field-photos.detail"] ${LOST}`);
  await again.shows(LOST, /no photo came back/);
  await again.screen.look('phone-photo-lost');
  await again.has('[data-question] [aria-pressed="true"]', 4);
  await again.has('[data-photo]', 1);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await again.done(step);
  // Until the photo is there each new page says so.
  await again.screen.reload();
  await again.has(LOST);
  // From the button under the thumb, which asks for something else once the photo is there.
  await again.screen.choose('.bottom input[type="file"]', shots[1]);
  await again.has('[data-photo]', 2);
  await again.has(LOST, 0);
  await again.has('[role="alert"]', 0);
  await expect.poll(() => intents(again.screen)).toBe(0);
  await again.tap('finished');
  link.open();
  await again.tryNow();
  await again.chip('Safe');
  await arrivedOnce(stack, again, appointment, await again.photos());
});

test('what a camera was opened for is put away when nobody wants the photo, and is nothing lost while it is open', async ({
  handset,
}) => {
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  const { screen } = handset;
  const opened = await watchCamera(screen);
  await screen.click(LABEL);
  await expect.poll(opened).not.toBeNull();
  // The camera is open there: nothing is lost yet.
  const other = await handset.another();
  await other.appointments();
  await other.has(LOST, 0);
  await other.screen.close();
  // Closed without a photo.
  await screen.evaluate((css) => void document.querySelector(css)?.dispatchEvent(new Event('cancel')), 'input[data-shot="detail"]');
  await expect.poll(() => intents(screen)).toBe(0);

  await screen.click(LABEL);
  await expect.poll(() => intents(screen)).toBe(1);
  await screen.close();
  const again = await handset.another();
  await again.has(LOST);
  await again.screen.click(`${LOST} button`);
  await again.has(LOST, 0);
  await expect.poll(() => intents(again.screen)).toBe(0);
  await again.screen.reload();
  await again.has('[data-ready]');
  await again.has(LOST, 0);
});
