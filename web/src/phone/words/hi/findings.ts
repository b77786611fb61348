import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('hi');

export const findings: Words['findings'] = {
  rule: {
    job_closed: () => 'Amazon ने यह काम बंद कर दिया है। आगे काम करने से पहले ऑफ़िस को फ़ोन करें',
    appointment_moved: () => 'यह विज़िट Amazon पर बदली या रद्द की गई है। ऑफ़िस को फ़ोन करें',
    job_vanished: () => 'Amazon अब यह काम नहीं दिखाता। आगे काम करने से पहले ऑफ़िस को फ़ोन करें',
    moved_during_work: () => 'काम शुरू होने के बाद विज़िट बदली गई। आपने जो दर्ज किया वह गिना जाए या नहीं, यह ऑफ़िस तय करेगा',
    visit_reassigned: () => 'Amazon ने यह विज़िट किसी और को दी है। आपने जो दर्ज किया वह गिना जाए या नहीं, यह ऑफ़िस तय करेगा',
    product_not_arrived: () => 'Amazon पर प्रोडक्ट अभी पहुँचा हुआ नहीं दिखता',
    technician_unlinked: () => 'ऑफ़िस ने आपको Amazon पर अभी नहीं जोड़ा है। आप काम जारी रख सकते हैं; ऑफ़िस को यह दिखता है',
    step_missing: (place) => `${place} दर्ज नहीं है`,
    step_out_of_order: (place) => `${place} पिछले चरण से पहले दर्ज हुआ। इसे फिर से दर्ज करें`,
    answer_missing: (place) => `अभी जवाब नहीं दिया: ${place}`,
    answer_unacceptable: (place) => `इस जवाब से काम खुला रहता है: ${place}`,
    shot_missing: (place, amount) => `${many(amount, { other: '# फ़ोटो लेनी बाकी' })}: ${place}`,
    too_few_photos: (_, amount) => many(amount, { other: '# और फ़ोटो लेनी बाकी' }),
    photo_too_large: (place) => `एक फ़ोटो Amazon की सीमा से बड़ी है: ${place}। इसे हटाकर फिर से लें`,
    photo_empty: (place) => `एक फ़ोटो में कुछ नहीं है: ${place}। इसे हटाकर फिर से लें`,
    clock_off: (much) => `इस फ़ोन की घड़ी ${much} है। समय सर्वर के अनुसार ठीक किया जाता है; कुछ नहीं खोता`,
    conflict: (place) => `दो फ़ोन पर अलग-अलग बातें दर्ज हुईं: ${place}। दोनों रखी गई हैं; जो दिख रहा है उसे जाँचें`,
  },
  behind: (much) => `${much} पीछे`,
  ahead: (much) => `${much} आगे`,
  goodToKnow: (finding) => `जानकारी के लिए: ${finding}`,
  photos: 'फ़ोटो',
};
