import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const standing: Words['standing'] = {
  notice: {
    cancelled: 'Intervention annulée chez Amazon',
    called_off: 'Visite annulée chez Amazon',
    moved: 'Visite déplacée chez Amazon',
    reassigned: 'Visite confiée à quelqu’un d’autre chez Amazon',
    vanished: 'Intervention plus affichée par Amazon',
    after_deadline: 'Prévue après l’expiration des données du client',
  },
  cancelled: (since) => `Cette intervention a été annulée chez Amazon. ${since} Ce que vous avez enregistré est gardé.`,
  calledOff: (since) => `Cette visite a été annulée chez Amazon. ${since} Ce que vous avez enregistré est gardé.`,
  vanished: (since) =>
    `Amazon n’affiche plus cette intervention. ${since} Ce que vous avez enregistré est gardé. Appelez le bureau.`,
  moved: (since) => `Cette visite a été déplacée chez Amazon. ${since} Ce que vous avez enregistré est gardé.`,
  movedFrom: (before, since) =>
    `Cette visite a été déplacée chez Amazon. Elle était prévue ${before}. ${since} Ce que vous avez enregistré est gardé.`,
  reassigned:
    'Amazon a confié cette visite à quelqu’un d’autre. Ce que vous avez enregistré est gardé. Le bureau décide si cela compte.',
  afterDeadline:
    'Les données d’Amazon sur ce client ont expiré ici. Vous trouverez nom et adresse dans l’application d’Amazon.',
  knownSince: (time) => `Connu ici depuis ${time}.`,
  delivered: 'Produit livré',
  notComing: 'Un produit a été annulé chez Amazon et n’arrivera pas',
  notDelivered: 'Produit pas encore livré',
  expected: (day) => `Produit pas encore livré, attendu ${day}`,
  siblings: (n, each) =>
    `${many(n, { one: '# autre intervention', other: '# autres interventions' })} de cette commande : ${each}`,
  noTimeYet: 'pas encore d’horaire',
};
