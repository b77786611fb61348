import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('hi');
const list = listing('hi');

export const states: Words['states'] = {
  nothingRecorded: 'अभी कुछ दर्ज नहीं है',
  saving: 'सेव हो रहा है',
  notSaved: 'सेव नहीं हुआ',
  onPhone: 'इस फ़ोन पर सेव है',
  safe: 'सुरक्षित',
  signedOut: 'साइन आउट है',
  photoRefused: 'फ़ोटो स्वीकार नहीं हुई',
  nothingToSend: 'भेजने को कुछ नहीं',
  toSend: (n) => many(n, { other: '# भेजना बाकी' }),
  elsewhere: 'दूसरे फ़ोन पर',
  sending: (percent) => `भेजा जा रहा है: ${percent} %`,
  refused: (why) => `स्वीकार नहीं हुआ: ${why}`,
  ready: 'जाने के लिए तैयार',
  missing: (n) => many(n, { one: '# चीज़ बाकी है', other: '# चीज़ें बाकी हैं' }),
  changes: (n) => many(n, { one: '# बदलाव', other: '# बदलाव' }),
  photos: (n) => many(n, { one: '# फ़ोटो', other: '# फ़ोटो' }),
  nothing: 'कुछ नहीं',
  together: (parts) => list(parts),
  cancelled: 'Amazon पर रद्द',
  completed: 'Amazon पर पूरा',
  pendingSchedule: 'Amazon पर समय तय होना बाकी',
  notFulfillable: 'Amazon यह काम नहीं करा सकता',
  hold: 'Amazon पर रोका गया',
  paymentDeclined: 'Amazon पर भुगतान स्वीकार नहीं हुआ',
  amazonSays: (status) => `Amazon के अनुसार: ${status}`,
};
