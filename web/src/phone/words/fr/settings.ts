import type { Words } from '../en';

export const settings: Words['settings'] = {
  theme: { auto: 'Comme le téléphone', light: 'Clair', dark: 'Sombre', sunlight: 'Soleil' },
  language: 'Langue',
  languageMissing: 'Cette langue n’est pas encore sur ce téléphone. Choisissez-la à nouveau là où il y a du réseau.',
  display: 'Affichage',
};
