import type { NoticeKind } from '../../../generated/NoticeKind';
import { counting } from '../counting';

const many = counting('en');

/** What Amazon did to a visit, in a line. */
const notice: Record<NoticeKind, string> = {
  cancelled: 'Job cancelled at Amazon',
  called_off: 'Visit called off at Amazon',
  moved: 'Visit moved at Amazon',
  reassigned: 'Visit given to somebody else at Amazon',
  vanished: 'Job no longer shown by Amazon',
  after_deadline: 'Scheduled after the buyer’s data had expired',
};

export const standing = {
  notice,
  cancelled: (since: string) => `This job was cancelled at Amazon. ${since} What you recorded is kept.`,
  calledOff: (since: string) => `This visit was called off at Amazon. ${since} What you recorded is kept.`,
  vanished: (since: string) => `Amazon no longer shows this job. ${since} What you recorded is kept. Call the office.`,
  moved: (since: string) => `This visit was moved at Amazon. ${since} What you recorded is kept.`,
  movedFrom: (before: string, since: string) => `This visit was moved at Amazon. It was ${before}. ${since} What you recorded is kept.`,
  reassigned: 'Amazon has given this visit to somebody else. What you recorded is kept. The office decides whether it counts.',
  afterDeadline: 'Amazon’s data about this customer has expired here. Find name and address in Amazon’s own app.',
  knownSince: (time: string) => `Known here since ${time}.`,
  delivered: 'Product delivered',
  notComing: 'A product was cancelled at Amazon and does not come',
  notDelivered: 'Product not delivered yet',
  expected: (day: string) => `Product not delivered yet, expected ${day}`,
  siblings: (n: number, each: string) => `${many(n, { one: '# other job', other: '# other jobs' })} of this order: ${each}`,
  noTimeYet: 'no time yet',
};
