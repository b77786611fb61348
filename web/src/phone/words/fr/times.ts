import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const times: Words['times'] = {
  justNow: 'à l’instant',
  minutesAgo: (n) => many(n, { other: 'il y a # min' }),
  hoursAgo: (n) => many(n, { other: 'il y a # h' }),
  daysAgo: (n) => many(n, { one: 'il y a # jour', other: 'il y a # jours' }),
  lessThanAMinute: 'moins d’une minute',
  seconds: (n) => many(n, { other: '# s' }),
  minutes: (n) => many(n, { other: '# min' }),
  hours: (n) => many(n, { other: '# h' }),
  days: (n) => many(n, { one: '# jour', other: '# jours' }),
};
