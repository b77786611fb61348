import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { sandboxProgram } from '../stack';
import type { Program } from '../program';

/** The sandbox alone, with a storm of no-shows, and its page. */
const test = base.extend<{ amazon: Program; practice: Page }>({
  amazon: async ({}, use) => {
    const amazon = await sandboxProgram(['--listen', '127.0.0.1:0', '--scenario', 'no-shows']);
    await use(amazon);
    await amazon.stop();
  },
  practice: async ({ page, amazon }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (problem) => complaints.push(problem.message));
    await page.goto(amazon.address);
    await expect(page.locator('.job').first()).toBeVisible();
    await use(page);
    expect(complaints).toEqual([]);
  },
});

test('a trainer makes customers move and cancel, and sees what becomes of the jobs', async ({ practice }) => {
  const job = practice.locator('.job', { hasText: 'To do' }).first();
  const title = (await job.locator('.title').textContent()) ?? '';
  await job.locator('summary').click();
  await practice.locator('.job[open]').getByRole('button', { name: 'Nobody is home' }).click();
  await expect(practice.locator('.job[open]')).toContainText('Nobody home');
  await practice.locator('.job[open]').getByRole('button', { name: 'Customer moves it by' }).click();
  await expect(practice.getByText(`Customer moves it by 1 h: ${title}`)).toBeVisible();
  await practice.locator('.job[open]').getByRole('button', { name: 'Customer cancels' }).click();
  await expect(practice.locator('.job[open] summary')).toContainText('Cancelled');
  await practice.getByLabel('Find').fill('no such job');
  await expect(practice.getByText('No job matches.')).toBeVisible();
});

test('a trainer stops and moves the clock, and the script goes on by it', async ({ practice }) => {
  await practice.getByRole('button', { name: 'Stop the clock' }).click();
  await expect(practice.locator('#clock-state')).toHaveText('Stopped');
  await expect(practice.locator('#happened')).toContainText('Nothing yet.');
  await practice.getByRole('button', { name: '+1 day' }).click();
  await expect(practice.locator('#happened')).toContainText('Customer cancels');
  await practice.getByLabel('Amazon’s clock is off by').selectOption('−10 min');
  await expect(practice.locator('#clock-state')).toContainText('Off by −600 s');
  await practice.getByRole('button', { name: 'Let the clock run' }).click();
  await expect(practice.getByRole('button', { name: 'Stop the clock' })).toBeVisible();
});

test('a fault added by hand strikes and shows in the record of requests', async ({ practice, amazon }) => {
  await practice.getByLabel('What').selectOption('Throttled');
  await practice.getByLabel('Where').selectOption('getServiceJobs');
  await practice.getByRole('button', { name: 'Add this fault' }).click();
  await expect(practice.locator('#faults')).toContainText('Throttled');
  expect((await fetch(`${amazon.address}/service/v1/serviceJobs`)).status).toBe(429);
  await expect(practice.locator('#requests li').first()).toContainText('429');
  await expect(practice.locator('#faults')).toContainText('Nothing: all goes well.');
});

test('starting over asks first, and then plays the other scenario', async ({ practice }) => {
  await practice.getByLabel('Scenario').selectOption('A week');
  await practice.getByRole('button', { name: 'Start this scenario' }).click();
  await practice.getByRole('button', { name: 'Keep what is here' }).click();
  await expect(practice.getByRole('button', { name: 'Start over' })).toBeHidden();
  await practice.getByRole('button', { name: 'Start this scenario' }).click();
  await practice.getByRole('button', { name: 'Start over' }).click();
  await expect(practice.getByText('Started over: A week.')).toBeVisible();
  await expect(practice.locator('#events')).toContainText('No script is running.');
});

for (const [width, scheme] of [
  [390, 'light'],
  [390, 'dark'],
  [1500, 'light'],
  [1500, 'dark'],
] as const) {
  test(`the page fits ${width} pixels and can be read by everyone when ${scheme}`, async ({ practice }) => {
    await practice.setViewportSize({ width, height: 900 });
    await practice.emulateMedia({ colorScheme: scheme });
    await practice.locator('.job summary').first().click();
    const beyond = await practice.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBe(0);
    const { violations } = await new AxeBuilder({ page: practice }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
}
