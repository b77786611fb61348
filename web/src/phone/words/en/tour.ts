/** Three cards for somebody who opens the phone for the first time. */
export const tour = {
  of: (n: number, all: number) => `${n} of ${all}`,
  skip: 'Skip',
  next: 'Next',
  done: 'Got it',
  record: 'Record as you go',
  recordWhy: 'Open a job and tap the button at the bottom: on my way, arrived, started, photos, finished. It works without a signal.',
  chip: 'The words at the top say where it is',
  chipWhy: '“Saved on this phone”: it is kept here and goes by itself. “Safe”: the server has it. Tap the words to see what waits.',
  leave: 'Leave when it is green',
  leaveWhy: '“Ready to leave” at the end of the job lists what is missing, and each line takes you there. When it is green, Amazon has no reason to refuse.',
  again: 'Show the tour again',
};
