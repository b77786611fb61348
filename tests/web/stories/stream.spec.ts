import { Desk, type Shown } from '../desk';
import { expect, test } from '../story';

/** Every event from the first to the last, each once. */
function expectGapless(shown: Shown[]): void {
  const ids = shown.map(({ event }) => event).sort((a, b) => a - b);
  const first = ids[0] ?? 0;
  expect(ids).toEqual(ids.map((_, i) => first + i));
}

test('a stream that breaks and comes back misses nothing', async ({ stack, desk, phone }) => {
  const context = desk.page.context();
  const stream = desk.page.getByTestId('stream');
  const [first = '', second = '', third = ''] = await phone.appointments();
  const { upTo } = await desk.board();
  await phone.openJob(first);
  await phone.tap('on_my_way');
  await expect(desk.row(first).locator('[data-step="on_my_way"]')).not.toBeEmpty();

  // The office loses its network for a while.
  await context.setOffline(true);
  await expect(stream).toHaveAttribute('data-stream', 'lost');
  await expect(stream).toContainText('Live view lost');
  await phone.tap('arrived');
  await phone.openJob(second);
  await phone.tap('on_my_way');
  await expect(phone.chip).toHaveText('Safe');
  await expect(desk.row(second).locator('[data-step="on_my_way"]')).toBeEmpty();
  await context.setOffline(false);
  await expect(desk.row(second).locator('[data-step="on_my_way"]')).not.toBeEmpty();
  await expect(stream).toHaveAttribute('data-stream', 'live');

  // The server dies and starts again.
  await stack.server.kill();
  await expect(stream).toHaveAttribute('data-stream', 'lost');
  await phone.openJob(third);
  await phone.tap('on_my_way');
  await stack.startServer();
  await phone.tryNow();
  await expect(phone.chip).toHaveText('Safe');
  await expect(desk.row(third).locator('[data-step="on_my_way"]')).not.toBeEmpty();

  const shown = await desk.shown();
  expectGapless(shown);
  expect(Math.min(...shown.map(({ event }) => event))).toBe(upTo + 1);
  expect(Math.max(...shown.map(({ event }) => event))).toBe((await desk.board()).upTo);
  expect(shown.filter(({ what }) => what === 'step_recorded')).toHaveLength(4);
  const fresh = await Desk.open(context, stack.address, stack.supervisor);
  // What a phone says of itself may be on its way to one of the two.
  await expect.poll(async () => (await desk.text()).join() === (await fresh.text()).join()).toBe(true);
});
