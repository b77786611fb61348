import type { Page } from '@playwright/test';
import { look } from '../look';
import { Phone, PHONE } from '../phone';
import { smallPhoto } from '../picture';
import { expect, test } from '../story';

/** What the browser may do when space is short: throws one file of the shell away. */
async function lose(page: Page, ending: string): Promise<void> {
  const lost = await page.evaluate(async (ending) => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const found = (await cache.keys()).find(({ url }) => url.endsWith(ending));
      if (found) return cache.delete(found);
    }
    return false;
  }, ending);
  expect(lost).toBe(true);
}

async function keptFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const all = await Promise.all(
      (await caches.keys()).map(async (name) => {
        const cache = await caches.open(name);
        return (await cache.keys()).map(({ url }) => `${name} ${new URL(url).pathname}`);
      }),
    );
    return all.flat().sort();
  });
}

for (const ending of ['.wasm', '.js', '.css']) {
  test(`without a network a phone that lost a ${ending} file says so, and keeps what was recorded`, async ({ phone }) => {
    const context = phone.page.context();
    const [appointment = ''] = await phone.appointments();
    await context.setOffline(true);
    await phone.openJob(appointment);
    await phone.tap('on_my_way');
    await phone.tap('arrived');
    await phone.tap('started');
    const photo = await phone.take('after', await smallPhoto(phone.page, 'image/jpeg', 1));
    const whole = await keptFiles(phone.page);
    await lose(phone.page, ending);

    await phone.page.goto(`${phone.address}/`);
    const repair = phone.page.getByTestId('repair');
    await expect(repair).toBeVisible();
    await expect(phone.page.getByTestId('kept')).toHaveText(/^What you recorded is kept: 1 photo and \d+ changes on this phone\.$/);
    if (ending === '.js') await look(phone.page, 'phone-repair');
    // Trying again in vain takes nothing away.
    await repair.getByRole('link', { name: 'Open again' }).click();
    await expect(repair).toBeVisible();
    expect(await keptFiles(phone.page)).toHaveLength(whole.length - 1);

    await context.setOffline(false);
    await repair.getByRole('link', { name: 'Open again' }).click();
    await expect(phone.jobs.first()).toBeVisible();
    expect(await keptFiles(phone.page)).toEqual(whole);
    await phone.openJob(appointment);
    await expect(phone.page.locator(`[data-photo="${photo}"]`)).toHaveAttribute('data-photo-state', 'safe');
    await expect(phone.recorded('arrived')).toHaveClass(/done/);
  });
}

test('a phone that lost a file and has a network mends itself before anybody sees it', async ({ phone }) => {
  const whole = await keptFiles(phone.page);
  await lose(phone.page, '.wasm');
  await phone.page.goto(`${phone.address}/`);
  await expect(phone.jobs.first()).toBeVisible();
  expect(await keptFiles(phone.page)).toEqual(whole);
  await phone.page.context().setOffline(true);
  await phone.page.reload();
  await expect(phone.jobs.first()).toBeVisible();
});

test('no job is ready for offline while the page itself does not come, and all are once it did', async ({ browser, stack }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  // The last file of the page hangs, then breaks off, then comes.
  let breakOff: () => void = () => undefined;
  const broken = new Promise<void>((resolve) => (breakOff = resolve));
  const pattern = `${stack.address}/manifest.webmanifest`;
  await context.route(pattern, async (route) => {
    if (!route.request().serviceWorker()) return route.continue();
    await broken;
    return route.abort();
  });
  const phone = await Phone.open(context, stack.address);
  const said = phone.page.getByTestId('offline');
  await phone.signIn(stack.technician);
  await expect(phone.chip).toHaveText('Nothing to send');
  const jobs = (await phone.appointments()).length;
  await expect(said).toHaveText(`0 of ${jobs} jobs are ready for offline. Stay where there is a signal until all are.`);
  breakOff();
  await expect(said).toContainText('This browser does not keep the page.');

  await context.unroute(pattern);
  await phone.tryNow();
  await expect(said).toHaveText(`All ${jobs} jobs are ready for offline.`);
  await context.setOffline(true);
  await phone.page.reload();
  await expect(phone.jobs).toHaveCount(jobs);
  await context.close();
});
