import type { Words } from '../en';

export const settings: Words['settings'] = {
  theme: { auto: 'Wie das Telefon', light: 'Hell', dark: 'Dunkel', sunlight: 'Sonne' },
  language: 'Sprache',
  languageMissing: 'Diese Sprache ist noch nicht auf diesem Telefon. Wählen Sie sie noch einmal, wo es Netz gibt.',
  display: 'Anzeige',
};
