import { test as base } from '@playwright/test';
import { DESK, Desk } from './desk';
import { PHONE, Phone } from './phone';
import { Stack } from './stack';

interface Story {
  /** Of the server, over our own. */
  settings: Record<string, string>;
  /** Leaves the connection as new: nothing is sent to Amazon. */
  observing: boolean;
  stack: Stack;
  /** A technician who has signed in and has the day on the phone. */
  phone: Phone;
  /** A supervisor who watches. */
  desk: Desk;
}

/** A test with a stack of its own, whose server's log is kept when the story fails. */
export const test = base.extend<Story>({
  settings: [{}, { option: true }],
  observing: [false, { option: true }],
  stack: async ({ settings, observing }, use, info) => {
    const stack = await Stack.start(settings, { observing });
    await use(stack);
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: stack.server.output(), contentType: 'text/plain' });
    }
    await stack.stop();
  },
  phone: async ({ browser, stack }, use) => {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
    const phone = await Phone.open(context, stack.address);
    await phone.signIn(stack.technician);
    await phone.ready();
    await use(phone);
    await context.close();
  },
  desk: async ({ browser, stack }, use) => {
    const context = await browser.newContext({ viewport: DESK });
    await use(await Desk.open(context, stack.address, stack.supervisor));
    await context.close();
  },
});

export { expect } from '@playwright/test';
