import { expect, test } from './either';

test('a locked phone shows no job, opens by its PIN alone and where it was', async ({ link, handset }) => {
  const { screen } = handset;
  const [appointment = ''] = await handset.appointments();
  await handset.openJob(appointment);
  const lines = ((await screen.text('.where')) ?? '').split('\n').filter((line) => /\w{4}/.test(line));
  expect(lines.length).toBeGreaterThan(2);
  await screen.reload();
  await handset.has('.where');
  link.refuse();
  await handset.go('#/sync');
  await screen.click('[data-testid="lock"]');
  await handset.shows('h1', 'Locked');
  await screen.reload();
  await handset.shows('h1', 'Locked');
  const shown = (await screen.text('body')) ?? '';
  for (const line of lines) expect(shown).not.toContain(line);

  await handset.unlock('90817263');
  await handset.shows('[role="alert"]', /^Wrong PIN\. 9 tries left/);
  await handset.unlock();
  await handset.go(`#/job/${appointment}`);
  await handset.has('.where');
  await handset.tap('on_my_way');
  await handset.chip(/^Saved on this phone/);
  link.open();
  await handset.tryNow();
  await handset.chip('Safe');
});

test('a PIN for which the phone has no memory is said, and opens when there is some', async ({ handset }) => {
  const { screen } = handset;
  await handset.lockNow();
  await screen.evaluate(() => {
    const workers = Worker.prototype as unknown as { postMessage: (this: Worker, message: object, more?: object) => void };
    const { postMessage } = workers;
    workers.postMessage = function (message, more) {
      const asked = 'memoryKib' in message ? { ...message, memoryKib: 2 ** 32 - 1 } : message;
      if (asked !== message) workers.postMessage = postMessage;
      postMessage.call(this, asked, more);
    };
  }, null);
  await handset.unlock();
  await handset.shows('[role="alert"]', 'The phone did not finish. Try again; nothing is lost.');
  // It was nobody's wrong PIN.
  await handset.unlock('90817263');
  await handset.shows('[role="alert"]', /^Wrong PIN\. 9 tries left/);
  await handset.unlock();
  await handset.shows('h1', 'Sync');
});
