import { hasRow } from '../disk';
import { look } from '../look';
import { PHONE, Phone } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

/** How many times the page follows the phone's position now, and how often it was told of it. */
type Following = { following: number; told: number };

for (const allowed of [true, false]) {
  test(`a position ${allowed ? 'that is allowed goes with the steps of a job, and is followed on the page of an open job alone' : 'that is not allowed is neither asked for nor missed'}`, async ({
    browser,
    stack,
    desk,
  }) => {
    const context = await browser.newContext({
      viewport: PHONE,
      hasTouch: true,
      geolocation: { latitude: 1.5, longitude: 2.5, accuracy: 30 },
      permissions: allowed ? ['geolocation'] : [],
    });
    await context.addInitScript(() => {
      const counted: Following = Object.assign(globalThis, { following: 0, told: 0 });
      const { geolocation } = navigator;
      const [watch, clear] = [geolocation.watchPosition.bind(geolocation), geolocation.clearWatch.bind(geolocation)];
      geolocation.watchPosition = (tell, ...all) => {
        counted.following += 1;
        return watch((position) => ((counted.told += 1), tell(position)), ...all);
      };
      geolocation.clearWatch = (id) => ((counted.following -= 1), clear(id));
    });
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    const following = (): Promise<number> => page.evaluate(() => (globalThis as unknown as Following).following);
    await phone.signIn(stack.technician);
    await phone.ready();
    const [appointment = ''] = await phone.appointments();
    expect(await following(), 'on the list').toBe(0);

    await phone.openJob(appointment);
    await expect.poll(following).toBe(allowed ? 1 : 0);
    // The page is put away, as by another app in front of it.
    const hide = (hidden: boolean): Promise<void> =>
      page.evaluate((is) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => is });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await expect.poll(following).toBe(0);
    await hide(false);
    await expect.poll(following).toBe(allowed ? 1 : 0);

    const position = (): Promise<boolean> => page.evaluate(hasRow, `record/${appointment}/`);
    const told = (): Promise<number> => page.evaluate(() => (globalThis as unknown as Following).told);
    if (allowed) await expect.poll(told).toBeGreaterThan(0);
    await phone.tap('on_my_way');
    await expect(phone.chip).toHaveText('Safe');
    expect(await position(), 'a record of its own beside the step').toBe(allowed);
    await phone.tap('arrived');
    await phone.tap('started');
    // Some 40 m further north.
    const before = await told();
    await context.setGeolocation({ latitude: 1.50036, longitude: 2.5, accuracy: 8 });
    if (allowed) await expect.poll(told).toBeGreaterThan(before);
    await phone.take('after', await smallPhoto(page, 'image/jpeg', 1));
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('pausing')).toBeVisible();
    await expect(phone.chip).toHaveText('Safe');
    await phone.go('#/');
    await expect.poll(following).toBe(0);

    await desk.openDrawer(appointment);
    await expect(desk.drawer.locator('[data-photo][data-safe="true"]')).toHaveCount(1);
    const places = desk.drawer.getByTestId('places');
    if (allowed) {
      await expect(places).not.toContainText('1.50');
      await places.getByRole('button', { name: 'Show places' }).click();
      await expect(places.locator('li')).toHaveText([
        /^On my way\s*1\.50000, 2\.50000\s*within 30 m\s*robin$/,
        /^Arrived\s*1\.50000, 2\.50000\s*within 30 m\s*robin$/,
        /^Started\s*1\.50000, 2\.50000\s*within 30 m\s*robin, 0 m from where “Arrived” was recorded$/,
        /^Photo: .+\s*1\.50036, 2\.50000\s*within 8 m\s*robin, 40 m from where “Arrived” was recorded$/,
        /^Pause\s*1\.50036, 2\.50000\s*within 8 m\s*robin, 40 m from where “Arrived” was recorded$/,
      ]);
      await look(desk.page, 'desk-places');
    } else {
      await expect(places).toHaveCount(0);
    }
    await context.close();
  });
}

test('a map in the browser is opened where no app takes the way, once somebody knows who is told the address', async ({ phone }) => {
  const { page } = phone;
  const told: string[] = [];
  await page.context().route('https://www.openstreetmap.org/**', (route) => {
    told.push(route.request().url());
    return route.fulfill({ contentType: 'text/html', body: '<title>A map</title>' });
  });
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  const map = page.getByTestId('web-map');
  const open = map.getByRole('button', { name: 'Open the map in the browser' });
  await open.click();
  await expect(map).toContainText('The address then goes to OpenStreetMap and stays in this browser’s history.');
  await look(page, 'phone-web-map');
  await map.getByRole('button', { name: 'Leave it' }).click();
  await open.click();
  expect(told).toEqual([]);

  const opened = page.waitForEvent('popup');
  await map.getByRole('link', { name: 'Open it' }).click();
  await expect(await opened).toHaveTitle('A map');
  const street = (await page.locator('.where h1').textContent()) ?? '';
  expect(told).toHaveLength(1);
  expect(new URL(told[0] ?? '').searchParams.get('query')).toContain(street);
});
