import type { CDPSession, Page } from '@playwright/test';
import { look } from '../look';
import { Phone } from '../phone';
import { expect, test } from '../story';

/** A phone's own lock with a PRF, as the browser's tools pretend one. */
async function phoneLock(page: Page): Promise<{ session: CDPSession; authenticatorId: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}

async function lockNow(phone: Phone): Promise<void> {
  await phone.go('#/sync');
  await phone.page.getByTestId('lock').click();
  await expect(phone.pin).toBeVisible();
}

test('the phone’s own lock opens it beside the PIN, is offered only where there is one, and can be taken away', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  // Passkeys belong to a name, and an address is none.
  const phone = await Phone.open(context, stack.address.replace('127.0.0.1', 'localhost'));
  const { page } = phone;
  const offer = page.getByTestId('passkey-offer');
  const unlock = page.getByTestId('with-passkey');
  await phone.signIn(stack.technician);
  await phone.ready();
  await expect(offer).toHaveCount(0);

  const { session, authenticatorId } = await phoneLock(page);
  await page.reload();
  await phone.unlockIfLocked();
  await expect(offer).toBeVisible();
  await look(page, 'phone-passkey-offer');
  await offer.getByRole('button', { name: 'Use it' }).click();
  await expect(offer).toHaveCount(0);

  // It takes no network, and opens what was recorded.
  const [appointment = ''] = await phone.appointments();
  await context.setOffline(true);
  await phone.openJob(appointment);
  await phone.tap('on_my_way');
  await expect(phone.chip).toContainText('Saved on this phone');
  await lockNow(phone);
  await page.reload();
  await expect(phone.pin).toBeVisible();
  await expect(unlock).toBeVisible();
  await look(page, 'phone-locked-passkey');
  await unlock.click();
  await expect(phone.pin).toHaveCount(0);
  await phone.openJob(appointment);
  await expect(phone.recorded('on_my_way')).toHaveClass(/done/);

  // Somebody else's finger opens nothing, counts as no wrong PIN, and leaves the PIN.
  await lockNow(phone);
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await unlock.click();
  await expect(page.getByText('Nothing was changed. Try again, or use the PIN.')).toBeVisible();
  await phone.unlock();
  await context.setOffline(false);
  await expect(phone.chip).toHaveText('Safe');

  await phone.go('#/sync');
  await look(page, 'phone-sync-passkey', page.getByTestId('passkey'));
  await page.getByTestId('passkey').getByRole('button', { name: 'Use the PIN alone' }).click();
  await lockNow(phone);
  await expect(unlock).toHaveCount(0);
  await phone.unlock();
  await context.close();
});
