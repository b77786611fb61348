import type { Words } from '../en';

export const settings: Words['settings'] = {
  theme: { auto: '端末に合わせる', light: 'ライト', dark: 'ダーク', sunlight: '屋外' },
  language: '言語',
  languageMissing: 'この言語はまだこの端末にありません。電波のある場所でもう一度選んでください。',
  display: '表示',
};
