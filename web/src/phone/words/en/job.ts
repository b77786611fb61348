/** The page of one job. */
export const job = {
  navigate: 'Navigate',
  call: 'Call',
  movedOrCancelled: 'This visit was moved or cancelled at Amazon. What you recorded is kept. Call the office.',
  closed: (status: string) => `${status}. What you recorded is kept.`,
  imported:
    'This job is from a file; Amazon has not confirmed it yet. Record the visit as always: all of it is kept, and nothing is sent to Amazon before.',
  companion: 'This job is closed in Amazon’s app. What you record here is kept as proof and not sent.',
  documentComing:
    'This job’s closeout is still on its way to this phone. Recording opens when it is here; that needs a signal one time.',
  notOffline: 'This job is not ready for offline yet. Stay where there is a signal until it is.',
  notes: 'Notes',
  notesFor: 'For the office; Amazon does not get it',
  gone: 'This job is not on this phone any more. Today’s list has all that are.',
};
