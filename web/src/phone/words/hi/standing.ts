import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('hi');

export const standing: Words['standing'] = {
  notice: {
    cancelled: 'काम Amazon पर रद्द',
    called_off: 'विज़िट Amazon पर रद्द',
    moved: 'विज़िट का समय Amazon पर बदला',
    reassigned: 'विज़िट Amazon पर किसी और को दी गई',
    vanished: 'काम अब Amazon पर नहीं दिखता',
    after_deadline: 'ग्राहक की जानकारी की अवधि के बाद तय',
  },
  cancelled: (since) => `यह काम Amazon पर रद्द किया गया। ${since} आपने जो दर्ज किया वह रखा है।`,
  calledOff: (since) => `यह विज़िट Amazon पर रद्द की गई। ${since} आपने जो दर्ज किया वह रखा है।`,
  vanished: (since) => `Amazon अब यह काम नहीं दिखाता। ${since} आपने जो दर्ज किया वह रखा है। ऑफ़िस को फ़ोन करें।`,
  moved: (since) => `इस विज़िट का समय Amazon पर बदला गया। ${since} आपने जो दर्ज किया वह रखा है।`,
  movedFrom: (before, since) =>
    `इस विज़िट का समय Amazon पर बदला गया। पहले यह ${before} थी। ${since} आपने जो दर्ज किया वह रखा है।`,
  reassigned: 'Amazon ने यह विज़िट किसी और को दी है। आपने जो दर्ज किया वह रखा है। वह गिना जाए या नहीं, यह ऑफ़िस तय करेगा।',
  afterDeadline: 'इस ग्राहक की Amazon से मिली जानकारी की अवधि खत्म हो गई। नाम और पता Amazon के ऐप में देखें।',
  knownSince: (time) => `यहाँ ${time} से पता है।`,
  delivered: 'प्रोडक्ट पहुँच गया',
  notComing: 'एक प्रोडक्ट Amazon पर रद्द हुआ और नहीं आएगा',
  notDelivered: 'प्रोडक्ट अभी नहीं पहुँचा',
  expected: (day) => `प्रोडक्ट अभी नहीं पहुँचा, ${day} तक आने की उम्मीद`,
  siblings: (n, each) => `${many(n, { other: 'इस ऑर्डर के # और काम' })}: ${each}`,
  noTimeYet: 'समय तय नहीं',
};
