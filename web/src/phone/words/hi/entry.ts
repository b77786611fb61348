import type { Words } from '../en';

export const entry: Words['entry'] = {
  signInOnce: 'नेटवर्क में एक बार साइन इन करें। उसके बाद आज के काम बिना नेटवर्क के खुलते हैं।',
  byName: 'नाम और पासवर्ड से',
  byCode: 'ऑफ़िस का कोड डालें',
  backToPin: 'PIN पर वापस',
  name: 'नाम',
  password: 'पासवर्ड',
  signIn: 'साइन इन',
  signingIn: 'साइन इन हो रहा है',
  notATechnician: 'यह खाता तकनीशियन का नहीं है',
  notATechnicianDetail: 'बोर्ड कंसोल में है।',
  openConsole: 'कंसोल खोलें',
  code: 'ऑफ़िस का कोड',
  scan: 'कैमरे से स्कैन करें',
  useCode: 'यह कोड इस्तेमाल करें',
  asking: 'पूछा जा रहा है',
  install: 'पहले Doorstep को होम स्क्रीन पर रखें',
  installWhy: 'ब्राउज़र के टैब में यह फ़ोन 7 दिन इस्तेमाल न होने पर आपका दर्ज किया मिटा देता है। होम स्क्रीन पर वह रहता है।',
  installShare: '*शेयर करें* पर टैप करें, तीर वाला चौकोर।',
  installAdd: '*होम स्क्रीन में जोड़ें* पर टैप करें, फिर *जोड़ें* पर।',
  installOpen: 'Doorstep को होम स्क्रीन से खोलें और वहाँ साइन इन करें।',
};
