import type { Later } from '../later';

export const map: Later['map'] = {
  open: 'Karte im Browser öffnen',
  why: 'Die Adresse geht dann an OpenStreetMap und bleibt im Verlauf dieses Browsers.',
  go: 'Öffnen',
  stay: 'Lieber nicht',
};
