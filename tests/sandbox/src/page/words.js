// Everything the page says about Amazon's terms, and how it writes times.

/** Everyone in the sandbox lives there. */
export const ZONE = 'America/New_York';

export const STATUS = {
  NOT_SERVICED: ['To do', 'info'],
  PENDING_SCHEDULE: ['To schedule', 'wait'],
  COMPLETED: ['Completed', 'ok'],
  CANCELLED: ['Cancelled', 'plain'],
  HOLD: ['On hold', 'wait'],
  NOT_FULFILLABLE: ['Not fulfillable', 'stop'],
  PAYMENT_DECLINED: ['Payment declined', 'stop'],
};

/** A name, and what it means. */
export const FAULT = {
  throttle: ['Throttled', '429: too many requests. Nothing is done.'],
  failBefore: ['Fails, nothing done', '500, and nothing was done.'],
  failAfter: ['Fails, yet done', '500, although it was done.'],
  failLate: ['Fails, done later', '500; it is done some time later, without another request.'],
  loseRequest: ['Request lost', 'The connection breaks, and nothing was done.'],
  loseReply: ['Reply lost', 'It is done, and the connection breaks before the answer.'],
  loseLate: ['Reply lost, done later', 'The connection breaks; it is done some time later.'],
  hang: ['Hangs, then done', 'No answer until let go. It is done then, even if nobody waits any more.'],
  hangAfter: ['Done, answer hangs', 'It is done at once; the answer waits until let go.'],
  trickle: ['Answer trickles', 'The answer comes one byte at a time.'],
  okWithErrors: ['Refused under 200', 'The status says success, the body refuses. Nothing is done.'],
  expiredToken: ['Access token expires', '403 until a new access token is fetched.'],
  expiredSecret: ['Client secret expired', 'The client secret was not renewed within 180 days: 401 at login, 403 elsewhere.'],
  missingRole: ['Role missing', '403: the application lacks the role for this operation.'],
  expiredDestination: ['Upload address expires', 'The address for the document has run out. Another one works.'],
  malware: ['Taken for malware', 'What is uploaded is refused when it is attached to a visit.'],
  slotTaken: ['Slot taken', 'Somebody else has just booked the time slot.'],
  staleRead: ['Stale read', 'Jobs are shown as they were before their last change.'],
};

/** The label of the field, for faults that take a time in seconds. */
export const SECONDS = {
  failLate: 'Done after, s (30)',
  loseLate: 'Done after, s (30)',
  hang: 'Lets go after, s',
  hangAfter: 'Lets go after, s',
  trickle: 'Per byte, s (1)',
};

export const SCENARIO = {
  day: ['A day', 'Visits from an hour ago to nine hours ahead, and jobs in every state.'],
  week: ['A week', 'Today and the six days after it.'],
  'no-shows': ['A storm of no-shows', 'A day on which most customers are out, cancel, or move their visit.'],
  'five-thousand': ['5,000 jobs', 'A week of a large seller with 178 technicians.'],
};

export function operation(name) {
  if (name === '*') return 'any request';
  if (name === 'token') return 'token (Login with Amazon)';
  if (name === 'uploadDocument') return 'uploadDocument (the store)';
  return name;
}

/** What happens, in a sentence. `name` says which job. */
export function event(change, name) {
  const job = name(change.serviceJobId);
  switch (change.kind) {
    case 'cancel':
      return `Customer cancels: ${job}`;
    case 'reschedule':
      return change.byMinutes === undefined
        ? `Customer moves the visit to ${day(change.startTime)} ${minute(change.startTime)}: ${job}`
        : `Customer moves the visit by ${span(change.byMinutes)}: ${job}`;
    case 'assign':
      return `Seller assigns ${change.technicianIds.join(', ')}: ${job}`;
    case 'deliver':
      return `Product arrives: ${job}`;
    case 'absent':
      return `Nobody is home: ${job}`;
    case 'relist':
      return `Amazon lists it in marketplace ${change.marketplaceId} as ${change.serviceType}: ${job}`;
    case 'skew':
      return change.seconds === 0
        ? 'Amazon’s clock is right again'
        : `Amazon’s clock is off by ${signed(change.seconds)} s`;
    default:
      return `Amazon updates the job: ${job}`;
  }
}

export function signed(number) {
  return number > 0 ? `+${number}` : `−${-number}`;
}

function span(minutes) {
  if (minutes % 1440 === 0) return minutes === 1440 ? '1 day' : `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

const format = (options) => new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, ...options });
const MINUTE = format({ hour: '2-digit', minute: '2-digit' });
const SECOND = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = format({ weekday: 'short', day: 'numeric', month: 'short' });
const NAMED = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'short' });

export const minute = (at) => MINUTE.format(new Date(at));
export const second = (at) => SECOND.format(new Date(at));
export const day = (at) => DAY.format(new Date(at));
export function whole(at) {
  const zone = NAMED.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName');
  return `${day(at)}, ${second(at)} ${zone?.value ?? ''}`;
}

export function bytes(count) {
  return count < 1024 ? `${count} B` : count < 1048576 ? `${Math.round(count / 1024)} KB` : `${(count / 1048576).toFixed(1)} MB`;
}
