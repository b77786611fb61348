import type { Words } from '../en';

export const settings: Words['settings'] = {
  theme: { auto: 'Como el teléfono', light: 'Claro', dark: 'Oscuro', sunlight: 'Sol' },
  language: 'Idioma',
  languageMissing: 'Este idioma aún no está en este teléfono. Elíjalo de nuevo donde haya cobertura.',
  display: 'Pantalla',
};
