import type { Words } from '../en';

export const report: Words['report'] = {
  title: 'Rapport d’intervention',
  open: 'Rapport d’intervention',
  print: 'Imprimer ou enregistrer en PDF',
  withAddress: 'Avec nom et adresse',
  notSaved: 'Un PDF enregistré est hors de cette application : supprimez-le une fois remis.',
  job: 'Travail',
  visit: 'Visite',
  doneBy: 'Réalisé par',
  times: 'Heures',
  checked: 'Vérifié',
  numbers: 'Numéros de série',
  photos: 'Photos',
  signature: 'Signature',
  none: 'Rien d’enregistré',
  back: 'Retour au travail',
  photo: 'Une photo de la visite',
};
