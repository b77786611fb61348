import type { Words } from '../en';

export const acceptance: Words['acceptance'] = {
  relation: {
    buyer: 'La personne qui a acheté',
    household: 'Quelqu’un du foyer',
    neighbour: 'Quelqu’un du voisinage',
    representative: 'Quelqu’un en son nom',
    other: 'Une autre personne',
  },
  unsigned: {
    refused: 'N’a pas voulu signer',
    not_home: 'Il n’y avait personne',
    cannot_sign: 'N’a pas pu signer',
  },
  signature: 'Signature',
  optional: 'Signature, si quelqu’un veut signer',
  signHere: 'Signez ici',
  who: 'Qui signe',
  name: 'Son nom',
  clear: 'Effacer',
  save: 'Enregistrer la signature',
  again: 'Signer à nouveau',
  tooLittle: 'Ce n’est qu’un point. Signez d’un trait entier.',
  nobody: 'Personne ne signe',
  notNow: 'Pas maintenant',
  signedAt: (who, time) => `${who}, ${time}`,
};
