import { look } from '../look';
import { PHONE, Phone } from '../phone';
import { expect, test } from '../story';

test('what two phones recorded differently is shown to the supervisor, whose choice reaches both phones', async ({
  browser,
  stack,
  desk,
  phone,
}) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const second = await Phone.open(context, stack.address);
  await second.signIn(stack.technician);
  await second.ready();
  const [appointment = ''] = await phone.appointments();
  for (const [one, answer] of [
    [phone, 'yes'],
    [second, 'no'],
  ] as const) {
    await one.page.context().setOffline(true);
    await one.openJob(appointment);
    for (const step of ['on_my_way', 'arrived', 'started'] as const) await one.tap(step);
    await one.answer('tested', answer);
    await expect(one.chip).toHaveText(/^Saved on this phone/);
  }
  for (const one of [phone, second]) {
    await one.page.context().setOffline(false);
    await one.tryNow();
    await expect(one.chip).toHaveText('Safe');
  }

  await expect(desk.page.getByTestId('exceptions')).toContainText('Two phones recorded different values');
  await desk.openDrawer(appointment);
  const versions = desk.drawer.getByTestId('versions');
  const tested = versions.locator('[data-field="answers.tested"]');
  await expect(tested.locator('[data-version]')).toHaveCount(2);
  await expect(tested).toContainText(`by ${stack.technician.name}`);
  await look(desk.page, 'desk-versions');
  // The one that does not count yet, whichever it is.
  const other = await tested.locator('[data-version] > span').first().innerText();
  const answer = other.startsWith('Yes') ? 'yes' : 'no';
  await tested.getByRole('button').first().click();
  await expect(tested).toHaveCount(0);
  await expect(desk.page.getByTestId('feed')).toContainText('A supervisor chose between two recorded values');
  for (const one of [phone, second]) {
    await one.tryNow();
    await expect(one.answerButton('tested', answer)).toHaveAttribute('aria-pressed', 'true');
  }
  await context.close();
});
