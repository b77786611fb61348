import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('hi');

export const times: Words['times'] = {
  justNow: 'अभी',
  minutesAgo: (n) => many(n, { other: '# मिनट पहले' }),
  hoursAgo: (n) => many(n, { one: '# घंटा पहले', other: '# घंटे पहले' }),
  daysAgo: (n) => many(n, { other: '# दिन पहले' }),
  lessThanAMinute: 'एक मिनट से कम',
  seconds: (n) => many(n, { other: '# सेकंड' }),
  minutes: (n) => many(n, { other: '# मिनट' }),
  hours: (n) => many(n, { one: '# घंटा', other: '# घंटे' }),
  days: (n) => many(n, { other: '# दिन' }),
};
