import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('hi');

export const today: Words['today'] = {
  today: 'आज',
  nextJob: 'अगला काम',
  pageNotKept: 'यह ब्राउज़र पेज को रखता नहीं है। इसे खुला रखें, या Doorstep को प्राइवेट विंडो के बाहर खोलें।',
  someOffline: (ready, all) =>
    `${many(all, { other: '# काम' })} में से ${many(ready, { other: '#' })} बिना नेटवर्क के तैयार। सब तैयार होने तक नेटवर्क में रहें।`,
  allOffline: (all) => many(all, { one: 'काम बिना नेटवर्क के तैयार है।', other: 'सभी # काम बिना नेटवर्क के तैयार हैं।' }),
  keepOpen: (photos) => `इसे खुला रखें: ${photos}।`,
  keepOpenAbout: (photos, takes) => `इसे खुला रखें: ${photos}, करीब ${takes}।`,
  overdue: (photos) =>
    many(photos, {
      other: '# फ़ोटो परसों या उससे पहले से इस फ़ोन पर रुकी हैं। नेटवर्क में जाकर यह पेज खुला रखें, या ऑफ़िस को बताएँ।',
    }),
  noAnswerYet: 'सर्वर का जवाब आते ही आपके काम यहाँ दिखेंगे। इसके लिए एक बार नेटवर्क चाहिए।',
  noJobs: 'आज आपके लिए कोई काम नहीं। ऑफ़िस से काम मिलते ही यहाँ दिखेगा।',
  notOffline: 'बिना नेटवर्क के अभी तैयार नहीं',
  moved: 'Amazon पर बदली या रद्द',
  addressAtAmazon: 'पता Amazon के ऐप में है',
  somebodyElses: 'किसी और की विज़िट',
  addressGone: 'पता अब इस फ़ोन पर नहीं है',
  keptNothingSent: 'यहाँ रखा है। Amazon को अभी कुछ नहीं भेजा जाता',
  closeAtAmazon: 'यह काम Amazon के ऐप में बंद करें',
  keptCloseAtAmazon: 'यहाँ रखा है। यह काम Amazon के ऐप में बंद करें',
};
