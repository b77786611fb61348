import { expect, test } from '../stack';

test('a technician signs in and sees the jobs of today', async ({ page, stack }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(stack.address);
  await page.getByLabel(/name/i).fill(stack.technician.name);
  await page.getByLabel(/password/i).fill(stack.technician.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: /^Today/ })).toBeVisible();
  await expect(page.getByText('1 Example Street')).toBeVisible();
});
