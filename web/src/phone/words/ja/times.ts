import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const times: Words['times'] = {
  justNow: 'たった今',
  minutesAgo: (n) => many(n, { other: '#分前' }),
  hoursAgo: (n) => many(n, { other: '#時間前' }),
  daysAgo: (n) => many(n, { other: '#日前' }),
  lessThanAMinute: '1分未満',
  seconds: (n) => many(n, { other: '#秒' }),
  minutes: (n) => many(n, { other: '#分' }),
  hours: (n) => many(n, { other: '#時間' }),
  days: (n) => many(n, { other: '#日' }),
};
