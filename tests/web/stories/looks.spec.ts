import type { Policy } from '../../../web/src/generated/Policy';
import { lookInEveryLight } from '../look';
import { Office } from '../office';
import { PHONE, Phone, PIN } from '../phone';
import { cameraPhoto, smallPhoto } from '../picture';
import { expect, test } from '../story';

/** Each language by what the browser says it wants. What differs between them is words, so colours are read in one. */
const LANGUAGES = [
  ['en', 'en-US', ['light', 'dark', 'sunlight']],
  ['de', 'de-DE', ['light']],
  ['ja', 'ja-JP', ['light']],
] as const;

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/** All that a policy can ask for, in the office's own words. */
const POLICY: Partial<Policy> = {
  version: 0,
  questions: [
    {
      id: 'work_done',
      text: 'Everything ordered is done',
      texts: { de: 'Alles Bestellte ist erledigt', ja: 'ご注文の作業はすべて完了しました' },
      accepts: ['yes'],
      shownIf: null,
    },
    {
      id: 'tested',
      text: 'Tested, and it works',
      texts: { de: 'Geprüft, und es funktioniert', ja: '試運転をして、動くことを確かめました' },
      accepts: ['yes', 'not_applicable'],
      shownIf: null,
    },
  ],
  shots: ['after', 'detail'].map((id) => ({
    id,
    text: id === 'after' ? 'The finished work' : 'The label or a fixing, close up',
    texts:
      id === 'after'
        ? { de: 'Die fertige Arbeit', ja: '作業後の全体' }
        : { de: 'Das Typenschild oder eine Befestigung, von nahem', ja: 'ラベルまたは固定部分の近接写真' },
    minimum: 1,
    sample: null,
    longEdge: null,
    quality: null,
    pair: null,
    shownIf: null,
  })),
  minimumPhotos: 2,
  signature: 'required',
  serials: [{ id: 'unit', text: 'Label of the unit', texts: { de: 'Typenschild des Geräts', ja: '本体のラベル' }, required: true }],
};

for (const [language, locale, read] of LANGUAGES) {
  test(`every screen of the phone stands in every light, by hand and on a tablet, in ${language} @long`, async ({
    browser,
    stack,
  }) => {
    test.setTimeout(1_200_000);
    await stack.addColleague();
    await stack.addAdministrator();
    await (await Office.of(stack, stack.administrator)).publish(POLICY);
    const tab = await browser.newContext({ viewport: PHONE, hasTouch: true, locale, userAgent: IPHONE });
    await tab.addInitScript(() => Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 }));
    const iphone = await Phone.open(tab, stack.address);
    await expect(iphone.page.getByTestId('install')).toBeVisible();
    await lookInEveryLight(iphone.page, `${language}-install`, read);
    await tab.close();

    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, locale, reducedMotion: 'reduce' });
    const phone = await Phone.open(context, stack.address);
    const { page } = phone;
    const shot = (name: string): Promise<void> => lookInEveryLight(page, `${language}-${name}`, read);
    await expect(page.locator('input[name="password"]')).toBeVisible();
    await shot('sign-in');
    await page.locator('.front > button.plain').click();
    await expect(page.locator('input[name="code"]')).toBeVisible();
    await shot('code');
    await page.locator('.front > button.plain').click();
    await page.locator('input[name="name"]').fill(stack.technician.name);
    await page.locator('input[name="password"]').fill('not the password');
    await page.locator('form [type="submit"]').click();
    await expect(page.getByRole('alert')).toBeVisible();
    await shot('sign-in-refused');
    await page.locator('input[name="password"]').fill(stack.technician.password);
    await page.locator('form [type="submit"]').click();
    await expect(phone.pin).toBeVisible();
    await shot('choose-pin');
    await phone.pin.fill(PIN);
    await phone.pin.press('Enter');
    await expect(phone.pin).toHaveValue('');
    await phone.pin.fill(PIN);
    await phone.pin.press('Enter');
    await expect(phone.jobs.first()).toBeVisible();
    const tour = page.getByTestId('tour');
    await expect(tour).toBeVisible();
    await shot('tour');
    await tour.getByRole('button').first().click();
    await expect(tour).toHaveCount(0);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await shot('today');

    const [appointment = ''] = await phone.appointments();
    await phone.openJob(appointment);
    const otherwise = page.getByTestId('otherwise');
    await expect(otherwise.locator('.wide')).toBeVisible();
    await shot('job');
    await phone.tap('on_my_way');
    const expected = page.getByTestId('expected');
    await expect(expected).toBeVisible();
    await shot('job-expected');
    await expected.getByRole('button').last().click();
    await expect(expected.locator('form')).toBeVisible();
    await shot('job-expected-own');
    await expected.getByRole('button').last().click();
    for (const step of ['arrived', 'started'] as const) await phone.tap(step);
    await page.getByTestId('correct-arrived').click();
    await expect(page.getByTestId('correct-form')).toBeVisible();
    await shot('job-correct');
    await page.getByTestId('correct-form').getByRole('button').last().click();

    const sheets = ['nobody-home', 'ask-to-move', 'ask-to-cancel', 'second-visit'];
    const open = otherwise.locator('.wide').first();
    await open.click();
    await expect(otherwise.locator('.sheet .wide')).toHaveCount(sheets.length + 1);
    await shot('otherwise');
    for (const [i, sheet] of sheets.entries()) {
      if (i > 0) await open.click();
      await otherwise.locator('.sheet .wide').nth(i).click();
      await expect(otherwise.locator('.sheet .wide')).toHaveCount(1);
      await shot(`otherwise-${sheet}`);
      if (sheet === 'second-visit') await otherwise.locator('[data-reason="site"]').click();
      else await otherwise.locator('.sheet > .quiet').last().click();
    }
    await expect(page.getByTestId('outcome')).toBeVisible();
    await page.getByTestId('outcome').getByRole('button').click();
    await open.click();
    await otherwise.locator('.sheet .wide').nth(1).click();
    await otherwise.locator('select').selectOption({ index: 1 });
    await otherwise.locator('form [type="submit"]').click();
    await expect(page.getByTestId('request')).toBeVisible();
    await shot('asked');
    await page.getByTestId('request').getByRole('button').click();
    await expect(page.getByTestId('request')).toHaveCount(0);
    await expect(page.getByTestId('chip')).toHaveClass(/ok|calm/);

    await context.setOffline(true);
    await phone.answer('work_done', 'yes');
    await phone.answer('tested', 'no');
    await phone.take('after', await cameraPhoto(page, 1));
    await phone.shotInput('detail').setInputFiles({ name: 'note.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('note') });
    await expect(page.locator('li.refused')).toBeVisible();
    await expect(phone.photos.locator('img')).toBeVisible();
    const acceptance = page.getByTestId('acceptance');
    await expect(acceptance).toBeVisible();
    await shot('proof');
    await phone.answer('tested', 'yes');
    await phone.take('detail', await smallPhoto(page, 'image/jpeg', 2));
    await page.locator('[data-serial="unit"] .ways button').last().click();
    await acceptance.locator('.ways button').last().click();
    await expect(acceptance.locator('[data-reason]')).toHaveCount(3);
    await shot('unsigned');
    await page.locator('input[name="serial"]').fill('SN-2044-0817');
    await page.locator('[data-serial="unit"] [type="submit"]').click();
    await acceptance.locator('[data-reason="refused"]').click();
    await acceptance.locator('.ways button').click();
    const pad = page.getByTestId('pad');
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width / 10, box.y + box.height / 2);
    await page.mouse.down();
    for (const [x, y] of [[0.3, 0.2], [0.5, 0.7], [0.7, 0.3], [0.9, 0.6]] as const) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
    }
    await page.mouse.up();
    await expect(pad.locator('path')).toHaveCount(1);
    await page.locator('input[name="signer"]').fill('Sam Sample');
    await shot('signing');
    await acceptance.locator('.main').click();
    await expect(page.getByTestId('signed')).toBeVisible();
    await phone.tap('finished');
    await expect(phone.verdict).toHaveAttribute('data-ready', 'true');
    await shot('ready');
    await page.locator('a.report').click();
    await page.getByTestId('report').getByRole('checkbox').check();
    await expect(page.getByTestId('address')).toBeVisible();
    await shot('report');
    await phone.go('#/sync');
    await expect(page.getByTestId('unsent')).toBeVisible();
    await page.getByTestId('bring').locator('summary').click();
    await shot('sync-unsent');
    await phone.go('#/');
    await expect(phone.jobs.first()).toBeVisible();
    await shot('today-unsent');
    await phone.go('#/sync');
    await page.getByTestId('lock').click();
    await expect(phone.pin).toBeVisible();
    await phone.pin.fill('19283746');
    await phone.pin.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    await shot('locked-wrong-pin');
    await context.close();
  });
}
