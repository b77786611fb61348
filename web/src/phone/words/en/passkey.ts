/** The phone's own lock as another way in beside the PIN. */
export const passkey = {
  title: 'Unlock with this phone’s own lock',
  why: 'Your fingerprint, face or screen lock can open Doorstep on this phone. The PIN stays as the other way.',
  isOn: 'Your fingerprint, face or screen lock opens Doorstep on this phone. So does the PIN.',
  add: 'Use it',
  notNow: 'Not now',
  remove: 'Use the PIN alone',
  unlock: 'Unlock with fingerprint, face or screen lock',
  dismissed: 'Nothing was changed. Try again, or use the PIN.',
  unable: 'This phone cannot do that. The PIN opens it as before.',
  usePin: 'That did not open it. Use the PIN; nothing is lost.',
};
