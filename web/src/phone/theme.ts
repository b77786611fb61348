// Light, dark or sunlight, remembered on this phone. It says nothing about anybody, so it is stored plainly.

export const THEMES = ['auto', 'light', 'dark', 'sunlight'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'theme';

export function chosen(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    // Storage that is switched off: as the phone has it.
    return 'auto';
  }
}

export function choose(theme: Theme): void {
  apply(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is closed.
  }
}

export function apply(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
