import { counting } from '../counting';

const many = counting('en');

/** Ages and waits, short enough to stand beside other words. */
export const times = {
  justNow: 'just now',
  minutesAgo: (n: number) => many(n, { other: '# min ago' }),
  hoursAgo: (n: number) => many(n, { other: '# h ago' }),
  daysAgo: (n: number) => many(n, { one: '# day ago', other: '# days ago' }),
  lessThanAMinute: 'less than a minute',
  seconds: (n: number) => many(n, { other: '# s' }),
  minutes: (n: number) => many(n, { other: '# min' }),
  hours: (n: number) => many(n, { other: '# h' }),
  days: (n: number) => many(n, { one: '# day', other: '# days' }),
};
