import type { Words } from '../en';

export const photos: Words['photos'] = {
  take: 'Prendre une photo',
  another: 'En prendre une autre',
  photo: 'Photo',
  proof: 'Preuve',
  sending: 'Envoi en cours',
  remove: 'Retirer',
  again: 'Reprendre',
  replaced: 'Remplacée. Elle sera retirée quand vous quitterez cette intervention.',
  bringBack: 'Rétablir',
  caption: 'Ce qu’elle montre',
  sample: 'Ce que l’on doit voir',
  pair: (other) => `La même vue que : ${other}`,
  putAway: 'Fermer',
  reserveUsed:
    'La photo est enregistrée, dans la dernière place de ce téléphone. Laissez-le envoyer ce qui attend, et supprimez ce dont vous n’avez pas besoin.',
  notSaved: 'La photo n’a pas été enregistrée. Reprenez-la.',
  empty: 'Ce fichier est vide. Reprenez la photo, ou choisissez-en une autre.',
  tooLarge: 'Cette image est trop grande pour Amazon. Reprenez la photo, ou choisissez-en une autre.',
  notAPicture: 'Ce fichier n’est pas une image JPEG ou PNG. Reprenez la photo, ou choisissez-en une autre.',
  undecodable: 'Cette image ne s’ouvre pas ; il en manque peut-être une partie. Reprenez la photo, ou choisissez-en une autre.',
  failed:
    'Le téléphone n’a pas pu terminer cette image ; il manque peut-être de mémoire. Fermez d’autres applications et reprenez la photo.',
  doesNotCount: 'Cette image ne compte pas comme preuve. Reprenez la photo, ou choisissez-en une autre.',
};
