import type { Words } from '../en';

export const serials: Words['serials'] = {
  serials: 'Numéros de série',
  optionalSerial: 'S’il y en a un',
  scan: 'Scanner',
  scanAgain: 'Scanner à nouveau',
  type: 'Le saisir',
  number: 'Numéro',
  save: 'Enregistrer le numéro',
  change: 'Modifier',
  scanned: 'Scanné',
  typed: 'Saisi',
  fromPhoto: 'Le lire sur une photo',
  nothingFound: 'Aucun code trouvé sur cette photo. Prenez-la de plus près ou saisissez le numéro.',
  tooLong: 'Un numéro a 64 caractères au plus.',
  sees: 'Ce que voit la caméra',
  typeInstead: 'Le saisir plutôt',
  closed: 'La caméra ne s’est pas ouverte. Saisissez-le.',
  missing: 'La lecture des codes n’est pas encore sur ce téléphone ; il faut du réseau une fois. Saisissez-le.',
};
