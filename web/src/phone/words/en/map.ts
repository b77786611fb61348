/** The map of a phone on which no app takes the way to an address. */
export const map = {
  open: 'Open the map in the browser',
  why: 'The address then goes to OpenStreetMap and stays in this browser’s history.',
  go: 'Open it',
  stay: 'Leave it',
};
