import { look } from '../look';
import { expect, test } from '../story';

test('the board shows what was expected, which time was corrected and why, and who came along', async ({ stack, desk, phone }) => {
  await stack.addColleague();
  await phone.tryNow();
  const next = phone.page.locator('section[aria-label="Next job"] a');
  const appointment = (await next.getAttribute('data-appointment')) ?? '';
  await desk.openDrawer(appointment);
  await next.click();
  await phone.tap('on_my_way');
  const expected = phone.page.getByTestId('expected');
  await expect(expected).toBeVisible();
  await look(phone.page, 'phone-expected', expected);
  await phone.page.locator('[data-eta="15"]').click();
  await expect(desk.drawer).toContainText('Expected');

  await phone.page.getByTestId('correct-on_my_way').click();
  const form = phone.page.getByTestId('correct-form');
  await expect(form).toBeVisible();
  await look(phone.page, 'phone-correct-time', form);
  const time = form.locator('input[type="time"]');
  const [hour = 0, minute = 0] = (await time.inputValue()).split(':').map(Number);
  const sooner = (hour * 60 + minute + 24 * 60 - 1) % (24 * 60);
  await time.fill([Math.floor(sooner / 60), sooner % 60].map((part) => String(part).padStart(2, '0')).join(':'));
  await form.getByLabel('The phone was off').check();
  await form.getByRole('button', { name: 'Correct the time' }).click();
  await expect(desk.drawer.getByTestId('corrected')).toContainText('the phone was off');

  const crew = phone.page.getByTestId('crew');
  await crew.getByRole('button', { name: 'Show all colleagues' }).click();
  await crew.getByRole('checkbox').nth(1).check();
  await look(phone.page, 'phone-crew', crew);
  await expect(desk.drawer.getByTestId('present')).toContainText(',');
  await look(desk.page, 'desk-drawer-times');
});
