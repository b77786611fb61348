import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('hi');
const list = listing('hi');

const things = (photos: number, answers: number) =>
  list([
    ...(photos > 0 ? [many(photos, { other: '# फ़ोटो' })] : []),
    ...(answers > 0 ? [many(answers, { other: '# जवाब' })] : []),
  ]);

export const unsent: Words['unsent'] = {
  parked: { changes: 'चरण और जवाब', record: 'एक नोट या जगह', photo: 'एक फ़ोटो' },
  giveUp: { recorded_again: 'फिर से दर्ज किया गया', brought_otherwise: 'दूसरे तरीके से पहुँचाया गया', not_needed: 'इसकी ज़रूरत नहीं' },
  things,
  waits: (photos, answers) =>
    `इस फ़ोन पर ${things(photos, answers)} भेजना बाकी है। जब तक यह पेज खुला है, लॉक में भी भेजा जाता है।`,
  waitsSignedOut: (photos, answers) => `इस फ़ोन पर ${things(photos, answers)} भेजना बाकी है। भेजने के लिए साइन इन करें।`,
  overdue: 'इसमें से कुछ परसों या उससे पहले से रुका है। नेटवर्क में जाकर यह पेज खुला रखें, या ऑफ़िस को बताएँ।',
  notTaken: 'सर्वर ने नहीं लिया',
  notTakenWhy: 'बाकी सब चलता रहता है। ये इस फ़ोन पर रहते हैं।',
  because: (reason) => `कारण: ${reason}।`,
  takeOut: 'फ़ाइल में निकालें',
  whyGo: 'इसे क्यों जाने दें? ऑफ़िस को बताया जाता है; फिर यह इस फ़ोन से हमेशा के लिए हट जाता है।',
  keepIt: 'रखें',
  letGo: 'छोड़ दें',
  nothingGivenUp: 'कुछ नहीं छोड़ा गया।',
  save: 'न भेजा गया काम फ़ाइल में सेव करें',
  saveWhy: 'उस दिन के लिए जब यह फ़ोन भेज न पाए। फ़ाइल सिर्फ़ सर्वर पढ़ सकता है: इसे ऑफ़िस या दूसरे फ़ोन को दें।',
  nothingToSave: 'यहाँ ऐसा कुछ बाकी नहीं जो फ़ाइल में जाए।',
  saved: 'सेव हो गया। सर्वर को मिलने तक यह इस फ़ोन पर भी रहेगा।',
  fileNotMade: 'फ़ाइल नहीं बनी। फिर कोशिश करें।',
  fromAnotherPhone: 'दूसरे फ़ोन का काम',
  deliver: 'किसी फ़ोन का न भेजा गया काम पहुँचाएँ',
  deliverHow: 'Doorstep की फ़ोन पर सेव की गई फ़ाइल, जिसके अंत में .dsr है। दो बार पहुँचाने से कुछ नहीं बदलता।',
  delivering: 'पहुँचाया जा रहा है',
  chooseFile: 'फ़ाइल चुनें',
  fromPhone: (name) => `${name} के फ़ोन से`,
  fromFile: 'इस फ़ाइल से',
  delivered: (whose, what) => `${whose}: ${what} पहुँचाया गया।`,
  hereAlready: (whose, what) => `${whose}: ${what} पहले से यहाँ था।`,
  thingsNotTaken: (n, reason) => `${many(n, { one: '# चीज़ नहीं ली गई', other: '# चीज़ें नहीं ली गईं' })}: ${reason}।`,
  fileCut: 'फ़ाइल बीच में खत्म होती है। उससे पहले का पहुँच गया; बाकी के लिए पूरी फ़ाइल लाएँ।',
  fileEmpty: 'इस फ़ाइल में कुछ नहीं है।',
  reason: {
    tooOld: 'यह खोलने के लिए बहुत पुराना है: उस दिन की चाबी नष्ट हो चुकी है',
    damaged: 'यह नहीं खुलता; शायद खराब है',
    appNewer: 'फ़ोन का ऐप सर्वर से नया है',
    unknownPhone: 'यह सर्वर उस फ़ोन को नहीं जानता जिससे यह आया',
    notYours: 'यह विज़िट इस तकनीशियन की नहीं थी; जो अलग रखा जा सकता था वह रखा है',
    noVisit: 'सर्वर के पास ऐसी विज़िट नहीं है',
    othersVisit: 'यह विज़िट इस तकनीशियन की नहीं है',
    visitExpired: 'इस विज़िट की जानकारी रखने का समय खत्म हो गया',
    pictureDamaged: 'तस्वीर खराब है',
    notAPicture: 'यह न JPEG तस्वीर है न PNG',
    pictureGone: 'इसकी तस्वीर अब इस फ़ोन पर नहीं है',
    tooLong: 'यह बहुत लंबा है',
    full: 'इस विज़िट के ब्योरे में और जगह नहीं है',
    incomplete: 'इससे पहले दर्ज की गई कोई चीज़ नहीं है',
    other: (code) => `सर्वर ने इसे नहीं लिया (${code})`,
  },
};
