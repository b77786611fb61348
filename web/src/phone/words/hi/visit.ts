import type { Words } from '../en';

export const visit: Words['visit'] = {
  onMyWay: {
    title: 'आप कब पहुँचेंगे?',
    minutes: (from, to) => `${from} से ${to} मिनट में`,
    own: 'दूसरा समय',
    save: 'समय सहेजें',
    cancel: 'अभी नहीं',
    from: 'से',
    to: 'तक',
    wrongOrder: 'दूसरा समय पहले के बाद का होना चाहिए।',
    said: (range) => `पहुँचने का समय ${range}`,
  },
  pause: { begin: 'विराम लें', end: 'आगे बढ़ें', since: (time) => `${time} से विराम` },
  correct: {
    open: (step) => `समय ठीक करें: ${step}`,
    title: (step) => `यह कब हुआ? ${step}`,
    tapped: (time) => `${time} पर दर्ज हुआ। वह भी रखा जाता है।`,
    time: 'समय',
    day: 'दिन',
    why: 'क्यों',
    save: 'समय ठीक करें',
    cancel: 'ऐसे ही रहने दें',
    corrected: (time) => `ठीक किया गया; ${time} पर दर्ज हुआ था`,
    noTime: 'तब घड़ियाँ आगे की गई थीं। यह समय आया ही नहीं।',
    inFuture: 'यह समय अभी आया नहीं है।',
    tooEarly: 'यह दर्ज करने से एक हफ़्ते से भी ज़्यादा पहले का है।',
    reason: {
      forgot_to_tap: 'दबाना भूल गया',
      tapped_too_early: 'बहुत पहले दबा दिया',
      phone_was_off: 'फ़ोन बंद था',
      wrong_clock: 'घड़ी ग़लत थी',
      other: 'दूसरा कारण',
    },
  },
  crew: {
    title: 'यहाँ कौन है',
    more: 'सभी साथी दिखाएँ',
    me: (name) => `${name} (आप)`,
    unlinked: 'Amazon पर अभी नहीं जुड़ा',
    lead: 'दो या अधिक लोग हों तो हर फ़ोन अपने चरण दर्ज करता है। जो “काम पूरा” दबाता है, वह सबके लिए विज़िट समाप्त करता है।',
  },
};
