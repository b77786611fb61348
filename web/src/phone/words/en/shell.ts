/** What is said above every screen, and in place of one. */
export const shell = {
  stopped: 'This page stopped. What was saved is on this phone.',
  openAgain: 'Open again',
  newVersion: 'A new version is ready',
  reload: 'Reload',
  otherVersion:
    'This app and the server are of different versions. Update first; nothing is lost: what you record stays here until then.',
  lookAgain: 'Look again',
  cleared: (when: string, gone: string) => `This phone’s storage was cleared after ${when}. ${gone} Sign in to go on.`,
  nothingLost: 'Nothing was waiting to be sent then.',
  lost: (what: string) => `${what} had not been sent and cannot be brought back. Tell the office.`,
  opening: 'Opening',
  notRecorded: 'That was not recorded. Try again, or write a note and tell the office.',
  notHereYet: 'This part of the app is not on this phone yet; that needs a signal one time.',
};
