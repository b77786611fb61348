import type { Words } from '../en';

export const storage: Words['storage'] = {
  full: 'Le stockage du téléphone est plein. Supprimez ce dont vous n’avez pas besoin, puis essayez encore.',
  closed: 'Le stockage a été fermé par une autre fenêtre. Fermez cette page et ouvrez-la à nouveau.',
  noAnswer: 'Le stockage du téléphone ne répond pas. Fermez Doorstep et ouvrez-le à nouveau ; ce qui était enregistré est gardé.',
  failed: 'Le téléphone n’a pas écrit dans son stockage. Essayez encore.',
  notOpened: 'Le stockage de ce téléphone ne s’ouvre pas. Fermez Doorstep et ouvrez-le à nouveau ; rien n’y a changé.',
  lock: 'Le verrou de ce téléphone ne répond pas. Fermez Doorstep et ouvrez-le à nouveau ; rien n’y a changé.',
};
