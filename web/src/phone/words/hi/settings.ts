import type { Words } from '../en';

export const settings: Words['settings'] = {
  theme: { auto: 'फ़ोन जैसा', light: 'हल्का', dark: 'गहरा', sunlight: 'धूप' },
  language: 'भाषा',
  languageMissing: 'यह भाषा अभी इस फ़ोन पर नहीं है। जहाँ नेटवर्क हो, वहाँ इसे फिर से चुनें।',
  display: 'डिस्प्ले',
};
