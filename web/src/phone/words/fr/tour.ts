import type { Words } from '../en';

export const tour: Words['tour'] = {
  of: (n, all) => `${n} sur ${all}`,
  skip: 'Passer',
  next: 'Suivant',
  done: 'C’est compris',
  record: 'Enregistrez au fur et à mesure',
  recordWhy: 'Ouvrez une intervention et touchez le bouton du bas : en route, arrivée, début, photos, fin. Cela marche sans réseau.',
  chip: 'Les mots du haut disent où c’est',
  chipWhy: '« Enregistré sur ce téléphone » : c’est gardé ici et part tout seul. « En lieu sûr » : le serveur l’a. Touchez ces mots pour voir ce qui attend.',
  leave: 'Partez quand c’est vert',
  leaveWhy: '« Prêt à partir », à la fin de l’intervention, dit ce qui manque, et chaque ligne vous y mène. Quand c’est vert, Amazon n’a aucune raison de refuser.',
  again: 'Revoir la présentation',
};
