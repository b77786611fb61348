import type { Later } from '../later';

export const map: Later['map'] = {
  open: 'Ouvrir la carte dans le navigateur',
  why: 'L’adresse part alors chez OpenStreetMap et reste dans l’historique de ce navigateur.',
  go: 'Ouvrir',
  stay: 'Ne pas ouvrir',
};
