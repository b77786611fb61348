import type { Words } from '../en';

export const report: Words['report'] = {
  title: 'Servicebericht',
  open: 'Servicebericht',
  print: 'Drucken oder als PDF sichern',
  withAddress: 'Mit Name und Adresse',
  notSaved: 'Ein gesichertes PDF liegt außerhalb dieser App: Löschen Sie es, wenn Sie es übergeben haben.',
  job: 'Auftrag',
  visit: 'Einsatz',
  doneBy: 'Ausgeführt von',
  times: 'Zeiten',
  checked: 'Geprüft',
  numbers: 'Seriennummern',
  photos: 'Fotos',
  signature: 'Unterschrift',
  none: 'Nichts erfasst',
  back: 'Zurück zum Auftrag',
  photo: 'Ein Foto vom Einsatz',
};
