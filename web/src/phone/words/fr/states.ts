import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('fr');
const list = listing('fr');

export const states: Words['states'] = {
  nothingRecorded: 'Rien d’enregistré pour l’instant',
  saving: 'Enregistrement en cours',
  notSaved: 'Non enregistré',
  onPhone: 'Enregistré sur ce téléphone',
  safe: 'En lieu sûr',
  signedOut: 'Déconnecté',
  photoRefused: 'Photo refusée',
  nothingToSend: 'Rien à envoyer',
  toSend: (n) => many(n, { other: '# à envoyer' }),
  elsewhere: 'Sur un autre téléphone',
  sending: (percent) => `Envoi : ${percent} %`,
  refused: (why) => `Refusé : ${why}`,
  ready: 'Prêt à partir',
  missing: (n) => many(n, { one: '# point manque', other: '# points manquent' }),
  changes: (n) => many(n, { one: '# modification', other: '# modifications' }),
  photos: (n) => many(n, { one: '# photo', other: '# photos' }),
  nothing: 'Rien',
  together: (parts) => list(parts),
  cancelled: 'Annulé chez Amazon',
  completed: 'Terminé chez Amazon',
  pendingSchedule: 'En attente d’un horaire chez Amazon',
  notFulfillable: 'Amazon ne peut pas réaliser cette intervention',
  hold: 'Suspendu chez Amazon',
  paymentDeclined: 'Paiement refusé chez Amazon',
  amazonSays: (status) => `Amazon indique : ${status}`,
};
