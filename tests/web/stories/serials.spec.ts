import { seeing } from '../camera';
import { Office } from '../office';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';

/** As makers print them on a label. */
const LABELS = [
  ['Code128', 'SN-2044-0817'],
  ['DataMatrix', 'MODEL7/SN 0000-1234'],
] as const;

for (const [format, text] of LABELS) {
  test(`a serial number is read from a label in ${format} by the camera, also without a network`, async ({ stack }, info) => {
    await stack.addAdministrator();
    const office = await Office.of(stack, stack.administrator);
    await office.publish({
      version: 0,
      questions: [],
      shots: [],
      minimumPhotos: 0,
      signature: 'no',
      serials: [{ id: 'unit', text: 'Label of the unit', texts: {}, required: true }],
    });
    const browser = await seeing(text, format, info.outputDir);
    try {
      const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale: 'en-US' });
      const phone = await Phone.open(context, stack.address);
      const { page } = phone;
      await phone.signIn(stack.technician);
      await phone.ready();
      const [appointment = ''] = await phone.appointments();
      await phone.openJob(appointment);
      for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
      // The decoder comes ahead of the first label, so that none is needed where there is no network.
      const decoder = (): Promise<boolean> =>
        page.evaluate(async () => {
          for (const name of await caches.keys()) {
            const kept = await (await caches.open(name)).keys();
            if (kept.some(({ url }) => url.includes('zxing_reader'))) return true;
          }
          return false;
        });
      await expect.poll(decoder).toBe(true);
      await context.setOffline(true);
      const unit = page.locator('[data-serial="unit"]');
      await unit.getByRole('button', { name: 'Scan' }).click();
      await expect(unit.locator('.number')).toHaveText(`${text} Scanned`);
      await expect(phone.chip).toContainText('Saved on this phone');
      await page.reload();
      await phone.openJob(appointment);
      // Proof that is complete is folded away.
      await page.getByRole('button', { name: 'Show' }).click();
      await expect(unit.locator('.number')).toHaveText(`${text} Scanned`);
      await context.setOffline(false);
      await expect(phone.chip).toHaveText('Safe');
    } finally {
      await browser.close();
    }
  });
}
