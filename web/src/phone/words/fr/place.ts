import type { Words } from '../en';

export const place: Words['place'] = {
  inStore: 'L’acheteur vient au magasin',
  online: 'Par téléphone ou vidéo ; personne ne se déplace',
  vehicle: 'Véhicule',
  doubted: 'Ce qu’il faut enregistrer n’a pas pu être vérifié. Ce que ce téléphone avait avant reste valable. Si cela dure, prévenez le bureau.',
};
