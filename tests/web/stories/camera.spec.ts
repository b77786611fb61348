import type { Browser, Page } from '@playwright/test';
import { withCamera } from '../camera';
import { look } from '../look';
import { PHONE, Phone } from '../phone';
import { smallPhoto } from '../picture';
import type { Stack } from '../stack';
import { expect, test } from '../story';

/** A phone that notes every camera a page was given. */
async function signedIn(browser: Browser, stack: Stack): Promise<Phone> {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'en-US' });
  await context.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { tracks });
    const give = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await give(wish);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  const phone = await Phone.open(context, stack.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  return phone;
}

async function begin(phone: Phone, job = 0): Promise<void> {
  await phone.openJob((await phone.appointments())[job] ?? '');
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
}

/** How many cameras are on, of so many that ever were. */
function cameras(page: Page): Promise<{ on: number; ever: number }> {
  return page.evaluate(() => {
    const { tracks } = globalThis as unknown as { tracks: MediaStreamTrack[] };
    return { on: tracks.filter(({ readyState }) => readyState === 'live').length, ever: tracks.length };
  });
}

async function openCamera({ page }: Phone, shot: string): Promise<void> {
  await page.locator(`[data-camera="${shot}"]`).click();
  await expect(page.getByTestId('shutter')).toBeEnabled();
}

test('a photo taken in the page is one like any other, its tile is there at the shutter, and the camera goes off', async ({ stack }) => {
  const browser = await withCamera('allowed');
  try {
    const phone = await signedIn(browser, stack);
    const { page } = phone;
    await begin(phone);
    await page.context().setOffline(true);
    expect(await cameras(page), 'nothing was tapped').toEqual({ on: 0, ever: 0 });
    await openCamera(phone, 'after');
    expect((await cameras(page)).on).toBe(1);
    await look(page, 'phone-camera');

    // A camera that takes its time: the photo is recorded as of the tap, and that it is coming is shown.
    await page.evaluate(() => {
      const { takePhoto } = ImageCapture.prototype;
      ImageCapture.prototype.takePhoto = async function (...given) {
        const photo = await takePhoto.apply(this, given);
        await new Promise<void>((resolve) => Object.assign(globalThis, { develop: resolve }));
        return photo;
      };
    });
    await page.getByTestId('shutter').click();
    await expect(page.locator('section[id="field-photos.after"] li[aria-busy="true"]')).toHaveCount(1);
    await page.waitForFunction(() => 'develop' in globalThis);
    await page.evaluate(() => (globalThis as unknown as { develop(): void }).develop());
    await phone.has('[data-photo]');
    await expect(page.getByTestId('camera')).toHaveCount(0);
    expect((await cameras(page)).on).toBe(0);
    const [picture] = [...(await phone.storedPictures()).values()];
    expect(picture?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(picture?.includes('Exif')).toBe(false);

    // The picture on the screen, where the browser has no camera of its own to ask.
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'ImageCapture'));
    await openCamera(phone, 'detail');
    await page.getByTestId('shutter').click();
    await phone.has('[data-photo]', 2);
    await page.context().setOffline(false);
    await expect(phone.chip).toHaveText('Safe');
  } finally {
    await browser.close();
  }
});

test('the camera goes off when it is closed, out of sight, locked or left, and is asked for by a tap alone', async ({ stack }) => {
  const browser = await withCamera('allowed');
  try {
    const phone = await signedIn(browser, stack);
    const { page } = phone;
    await begin(phone);
    const off = (): Promise<unknown> => expect.poll(async () => (await cameras(page)).on).toBe(0);
    await openCamera(phone, 'after');
    await page.getByTestId('camera').getByRole('button', { name: 'Close' }).click();
    await off();

    await openCamera(phone, 'after');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await off();
    await page.evaluate(() => {
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect(page.locator('[data-trouble="away"]')).toContainText('switched off');
    const before = (await cameras(page)).ever;
    await page.getByRole('button', { name: 'Open the camera' }).click();
    await expect(page.getByTestId('shutter')).toBeEnabled();
    expect((await cameras(page)).ever).toBe(before + 1);

    await phone.go('#/');
    await off();
    await page.goBack();
    await openCamera(phone, 'after');
    // The lock of another page is the phone's.
    await page.evaluate(() => new BroadcastChannel('doorstep-lock').postMessage('locked'));
    await expect(phone.pin).toBeVisible();
    await off();
    // No photo came of it: the phone says so where it was, once somebody is there again.
    await phone.unlock();
    await expect(page.getByTestId('lost-photo')).toBeVisible();
    await look(page, 'phone-lost-photo', page.getByTestId('lost-photo'));
  } finally {
    await browser.close();
  }
});

test('a page that may not have the camera, or finds none, says what to do, and the phone’s own camera stays', async ({ browser, stack }) => {
  const refusing = await withCamera('refused');
  try {
    const phones = [
      [await signedIn(refusing, stack), 'refused', 'phone-camera-refused'],
      [await signedIn(browser, stack), 'none', 'phone-camera-none'],
    ] as const;
    for (const [job, [phone, why, screen]] of phones.entries()) {
      const { page } = phone;
      await begin(phone, job);
      await page.locator('[data-camera="after"]').click();
      const trouble = page.locator(`[data-trouble="${why}"]`);
      await expect(trouble).toContainText('phone’s own camera');
      await look(page, screen);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('camera')).toHaveCount(0);
      await phone.take('after', await smallPhoto(page, 'image/jpeg', 1));
      await page.context().close();
    }
  } finally {
    await refusing.close();
  }
});
