import type { Words } from '../en';

export const acceptance: Words['acceptance'] = {
  relation: {
    buyer: 'खरीदार',
    household: 'घर का कोई सदस्य',
    neighbour: 'पड़ोसी',
    representative: 'खरीदार की ओर से कोई',
    other: 'कोई और',
  },
  unsigned: {
    refused: 'हस्ताक्षर नहीं करना चाहा',
    not_home: 'वहाँ कोई नहीं था',
    cannot_sign: 'हस्ताक्षर नहीं कर सके',
  },
  signature: 'हस्ताक्षर',
  optional: 'हस्ताक्षर, अगर कोई करना चाहे',
  signHere: 'यहाँ हस्ताक्षर करें',
  who: 'हस्ताक्षर कौन करता है',
  name: 'उनका नाम',
  clear: 'मिटाएँ',
  save: 'हस्ताक्षर सहेजें',
  again: 'फिर से हस्ताक्षर करें',
  tooLittle: 'यह केवल एक बिंदु है। पूरी रेखा से हस्ताक्षर करें।',
  nobody: 'कोई हस्ताक्षर नहीं करता',
  notNow: 'अभी नहीं',
  signedAt: (who, time) => `${who}, ${time}`,
};
