import type { Page } from '@playwright/test';
import { DESK, Desk } from '../desk';
import { look } from '../look';
import { PHONE, Phone } from '../phone';
import type { Stack } from '../stack';
import { expect, test } from '../story';

// Often, so that what Amazon changes is here while somebody looks.
test.use({ settings: { DOORSTEP_INTAKE_EVERY_MS: '1000' } });

/** An export with a title above, a column only the seller knows, a line without a job, and one that ends the file badly. */
function exported(): string {
  const start = new Date(Date.now() + 2 * 3_600_000).toISOString();
  return [
    'Jobs of this week',
    'Auftrag;Work;Start;Duration;Technician;Customer name;Phone;Address;City',
    `D-0000-1;Hang a made-up mirror;${start};90;robin;Test Buyer 91;555-0191;"91 Sample Street`,
    'Back house";Sampletown',
    ';Nothing in particular;;;;;;;',
    'D-0000-2;Assemble a made-up shelf;soon;;;;;;',
    'D-0000-3;Assemble a made-up desk;;;;;;;Sampletown',
  ].join('\r\n');
}

async function asAdministrator(page: Page, stack: Stack): Promise<void> {
  await stack.addAdministrator();
  await page.goto(`${stack.address}/console#import`);
  await page.getByLabel('Name').fill(stack.administrator.name);
  await page.getByLabel('Password').fill(stack.administrator.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Import', exact: true })).toBeVisible();
}

test('a file is tried, mapped and taken in, and its job is on the phone and in the queue', async ({ browser, stack }) => {
  const office = await browser.newContext({ viewport: DESK });
  const page = await office.newPage();
  await asAdministrator(page, stack);
  await look(page, 'desk-import');
  const file = { name: 'jobs.csv', mimeType: 'text/csv', buffer: Buffer.from(exported()) };
  await page.locator('input[type=file]').setInputFiles(file);
  const preview = page.getByTestId('preview');
  await expect(preview.getByRole('alert')).toContainText('No column looks like the id of a job');
  await look(page, 'desk-import-columns');
  await preview.locator('select[data-field=service_job_id]').selectOption('Auftrag');
  await expect(page.getByTestId('sums')).toHaveText('2 jobs would be new, 2 lines not taken');
  const flaws = preview.getByTestId('flaws').locator('tbody tr');
  await expect(flaws).toHaveCount(2);
  await expect(flaws.first()).toContainText("The job's id is missing.");
  await look(page, 'desk-import-preview');
  await preview.getByRole('button', { name: 'Take in 2 jobs' }).click();
  await expect(page.getByTestId('done')).toContainText('2 jobs new, 2 lines not taken');
  await expect(page.getByTestId('past').locator('li')).toHaveCount(1);
  await look(page, 'desk-import-done');

  // The same file once more has nothing new.
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(preview.getByRole('button', { name: 'Nothing new to take in' })).toBeDisabled();

  const pocket = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const phone = await Phone.open(pocket, stack.address);
  await phone.signIn(stack.technician);
  await phone.ready();
  const job = phone.jobs.filter({ hasText: '91 Sample Street' });
  await expect(job).toHaveCount(1);
  const appointment = (await job.getAttribute('data-appointment')) ?? '';
  await phone.openJob(appointment);
  await expect(phone.page.getByTestId('imported')).toBeVisible();
  await look(phone.page, 'phone-imported');
  await pocket.close();

  // Amazon does not know these made-up jobs, and the queue says so.
  const desk = await Desk.open(await browser.newContext({ viewport: DESK }), stack.address, stack.supervisor);
  await desk.openDrawer(appointment);
  await expect(desk.drawer.getByTestId('imported')).toBeVisible();
  await desk.page.goto(`${stack.address}/console#queues/imported`);
  const row = desk.page.locator('tr[data-service-job="D-0000-1"]');
  await expect(row).toContainText('Amazon refused', { timeout: 30_000 });
  await expect(row).toContainText('Sampletown');
  await look(desk.page, 'desk-queue-imported');
  await desk.page.setViewportSize(PHONE);
  await look(desk.page, 'desk-queue-imported-narrow');
  await desk.page.goto(`${stack.address}/console#import`);
  await expect(desk.page.getByTestId('past').locator('li')).toHaveCount(1);
  await expect(desk.page.locator('input[type=file]')).toHaveCount(0);
  await look(desk.page, 'desk-import-narrow');
  await desk.page.context().close();
  await office.close();
});

test('a supervisor works through the queues, and what happens shows without a reload', async ({ desk, stack }) => {
  const { page } = desk;
  await page.getByRole('link', { name: 'Queues' }).click();
  await expect(page.getByTestId('queues-state')).toHaveAttribute('data-state', 'there');
  await expect(page.locator('[data-queue]')).toHaveCount(6);
  await look(page, 'desk-queues');
  const first = (await desk.board()).cards[0];
  if (!first) throw new Error('the board is empty');
  await page.locator('[data-queue=hold]').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'On hold' })).toBeVisible();
  await page.locator('[data-queue=unassigned]').click();
  await expect(page.locator(`tr[data-service-job="${first.serviceJobId}"]`)).toHaveCount(0);
  await stack.sandbox.assign(first.serviceJobId, []);
  await expect(page.locator(`tr[data-service-job="${first.serviceJobId}"]`)).toBeVisible({ timeout: 30_000 });
  await page.setViewportSize(PHONE);
  await look(page, 'desk-queues-narrow');
});
