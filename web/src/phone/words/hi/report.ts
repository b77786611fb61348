import type { Words } from '../en';

export const report: Words['report'] = {
  title: 'सेवा रिपोर्ट',
  open: 'सेवा रिपोर्ट',
  print: 'प्रिंट करें या PDF सहेजें',
  withAddress: 'नाम और पते के साथ',
  notSaved: 'सहेजा गया PDF इस ऐप के बाहर होता है: देने के बाद उसे हटा दें।',
  job: 'काम',
  visit: 'विज़िट',
  doneBy: 'किसने किया',
  times: 'समय',
  checked: 'जाँचा गया',
  numbers: 'सीरियल नंबर',
  photos: 'फ़ोटो',
  signature: 'हस्ताक्षर',
  none: 'कुछ दर्ज नहीं',
  back: 'काम पर वापस',
  photo: 'विज़िट की फ़ोटो',
};
