import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const times: Words['times'] = {
  justNow: 'gerade eben',
  minutesAgo: (n) => many(n, { other: 'vor # Min.' }),
  hoursAgo: (n) => many(n, { other: 'vor # Std.' }),
  daysAgo: (n) => many(n, { one: 'vor # Tag', other: 'vor # Tagen' }),
  lessThanAMinute: 'weniger als eine Minute',
  seconds: (n) => many(n, { other: '# Sek.' }),
  minutes: (n) => many(n, { other: '# Min.' }),
  hours: (n) => many(n, { other: '# Std.' }),
  days: (n) => many(n, { one: '# Tag', other: '# Tage' }),
};
