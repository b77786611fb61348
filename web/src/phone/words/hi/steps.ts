import type { Words } from '../en';

export const steps: Words['steps'] = {
  step: { on_my_way: 'रास्ते में', arrived: 'पहुँच गए', started: 'काम शुरू', finished: 'काम पूरा' },
  answer: { yes: 'हाँ', no: 'नहीं', not_applicable: 'लागू नहीं' },
  steps: 'चरण',
  proof: 'सबूत',
  done: 'हो गया',
  show: 'दिखाएँ',
  recordAgain: (step) => `${step}: फिर से दर्ज करें`,
  now: (step) => `${step}: अभी दर्ज करें`,
  backToToday: 'आज की सूची पर वापस',
  startWithoutProduct: 'प्रोडक्ट नहीं पहुँचा: फिर भी शुरू करें',
  finishForAll: (names) => `अभी काम पर: ${names}. सबके लिए समाप्त करें`,
  takePhotoOf: (shot) => `फ़ोटो लें: ${shot}`,
  next: (place) => `आगे: ${place}`,
  seeWhatChanged: 'देखें कि Amazon ने क्या बदला',
  notStarted: 'शुरू नहीं हुआ',
  keepsOpen: 'इस जवाब से काम खुला रहता है। इसे ठीक करें, या नोट लिखें और ऑफ़िस को फ़ोन करें।',
};
