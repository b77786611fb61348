/** Why something was not written to the phone’s storage. */
export const storage = {
  full: 'The phone’s storage is full. Delete something you do not need, then try again.',
  closed: 'The store was closed by another window. Close this page and open it again.',
  noAnswer: 'The phone’s storage does not answer. Close Doorstep and open it again; what was saved is kept.',
  failed: 'The phone did not write to its storage. Try again.',
  notOpened: 'This phone’s storage does not open. Close Doorstep and open it again; nothing in it was touched.',
  lock: 'This phone’s lock does not answer. Close Doorstep and open it again; nothing in it was touched.',
};
