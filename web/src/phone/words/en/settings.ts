import type { Theme } from '../../theme';

const theme: Record<Theme, string> = { auto: 'As the phone', light: 'Light', dark: 'Dark', sunlight: 'Sunlight' };

export const settings = {
  theme,
  language: 'Language',
  languageMissing: 'This language is not on this phone yet. Choose it again where there is a signal.',
  display: 'Display',
};
