import { smallPhoto } from '../picture';
import { expect, test } from '../story';

test('a file that is no picture is refused in kind words before it counts as proof', async ({ phone }) => {
  const { page } = phone;
  const jpeg = await smallPhoto(page, 'image/jpeg', 1);
  const bad = [
    { name: 'note.jpg', buffer: Buffer.from('This is a note, not a picture.'), words: 'not a JPEG or PNG picture' },
    { name: 'nothing.jpg', buffer: Buffer.alloc(0), words: 'has no content' },
    { name: 'half.jpg', buffer: jpeg.buffer.subarray(0, jpeg.buffer.length / 2), words: 'part of it may be missing' },
    { name: 'start.jpg', buffer: jpeg.buffer.subarray(0, 20), words: 'part of it may be missing' },
    { name: 'moving.gif', buffer: Buffer.from('GIF89a\x01\0\x01\0\0\0\0'), words: 'not a JPEG or PNG picture' },
  ];
  const [appointment = ''] = await phone.appointments();
  await phone.openJob(appointment);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await phone.tap(step);
  for (const { name, buffer, words } of bad) {
    await phone.shotInput('after').setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    const refusal = page.locator('li.refused');
    await expect(refusal, name).toContainText(words);
    await expect(refusal).toContainText('Take it again');
    await expect(phone.photos).toHaveCount(0);
    await expect(page.locator('[data-ready] [data-rule="shot_missing"]')).toHaveCount(2);
    await page.getByRole('button', { name: 'Put away' }).click();
  }
  expect((await phone.storedPictures()).size).toBe(0);

  const png = await phone.take('after', await smallPhoto(page, 'image/png', 2));
  await expect(page.locator(`[data-photo="${png}"]`)).toHaveAttribute('data-photo-state', 'safe');
  await expect(page.locator('[data-ready] [data-rule="shot_missing"]')).toHaveCount(1);
});
