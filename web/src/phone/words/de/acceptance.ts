import type { Words } from '../en';

export const acceptance: Words['acceptance'] = {
  relation: {
    buyer: 'Käufer oder Käuferin',
    household: 'Jemand aus dem Haushalt',
    neighbour: 'Nachbar oder Nachbarin',
    representative: 'Jemand im Auftrag',
    other: 'Jemand anderes',
  },
  unsigned: {
    refused: 'Wollte nicht unterschreiben',
    not_home: 'Niemand war da',
    cannot_sign: 'Konnte nicht unterschreiben',
  },
  signature: 'Unterschrift',
  optional: 'Unterschrift, wenn jemand unterschreiben möchte',
  signHere: 'Hier unterschreiben',
  who: 'Wer unterschreibt',
  name: 'Name',
  clear: 'Löschen',
  save: 'Unterschrift speichern',
  again: 'Neu unterschreiben',
  tooLittle: 'Das ist nur ein Punkt. Unterschreiben Sie mit einer ganzen Linie.',
  nobody: 'Niemand unterschreibt',
  notNow: 'Jetzt nicht',
  signedAt: (who, time) => `${who}, ${time}`,
};
