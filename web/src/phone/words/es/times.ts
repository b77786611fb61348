import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const times: Words['times'] = {
  justNow: 'ahora mismo',
  minutesAgo: (n) => many(n, { other: 'hace # min' }),
  hoursAgo: (n) => many(n, { other: 'hace # h' }),
  daysAgo: (n) => many(n, { one: 'hace # día', other: 'hace # días' }),
  lessThanAMinute: 'menos de un minuto',
  seconds: (n) => many(n, { other: '# s' }),
  minutes: (n) => many(n, { other: '# min' }),
  hours: (n) => many(n, { other: '# h' }),
  days: (n) => many(n, { one: '# día', other: '# días' }),
};
