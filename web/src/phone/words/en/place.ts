/** Where a job is done and on what, and whether what is asked is the office’s. */
export const place = {
  inStore: 'The buyer comes to the store',
  online: 'By phone or video; nobody travels',
  vehicle: 'Vehicle',
  doubted: 'What to record could not be checked on its way here. What this phone had before holds. If this stays, tell the office.',
};
