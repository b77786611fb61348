// What a phone says, in plain words.

import type { Card } from '../generated/Card';
import type { Phone } from '../generated/Phone';
import type { PhoneWorry } from '../generated/PhoneWorry';
import { age, ago, day } from '../when';
import { clockOffWords, count, unsentWords } from '../words';

export function nameOf(phone: Phone): string {
  return phone.name || `${phone.technician}’s phone`;
}

/** How many changes and photos only the phone has, as far as it has told. */
export function waiting({ told, lost }: Phone): number {
  return told && !lost ? told.changesUnsent + told.photosUnsent : 0;
}

/** `3 changes and 2 photos, the oldest for 4 h`. */
export function waitingWords(phone: Phone, now: number): string {
  const { told } = phone;
  if (!told) return 'Not told yet';
  if (waiting(phone) === 0) return 'Nothing';
  const since = told.oldestUnsent === null ? '' : `, the oldest for ${age(told.oldestUnsent, now)}`;
  return unsentWords(told.changesUnsent, told.photosUnsent) + since;
}

const worryWords: Record<PhoneWorry, (phone: Phone, now: number) => string> = {
  store_lost: ({ lost, technician }) =>
    lost
      ? `The browser cleared its storage after ${day(lost.seen)}: ${unsentWords(lost.changesUnsent, lost.photosUnsent)} cannot be brought back. Ask ${technician} what has to be done again`
      : '',
  unsent_too_long: ({ technician }) =>
    `Something has waited on it since the day before yesterday or longer. Ask ${technician} to open Doorstep where there is a network`,
  silent: (phone, now) => `Not heard of for ${age(phone.lastContact, now)}, with ${count(waiting(phone), 'item', 'items')} on it`,
  nearly_full: () => 'Its storage is nearly full: photos may soon find no room',
  clock_off: ({ told }) => (told ? clockOffWords(told.clockAheadMs) : ''),
};

export function worriesOf(phone: Phone, now: number): string[] {
  return phone.worries.map((worry) => worryWords[worry](phone, now));
}

/** What must not wait for somebody to open the page of phones. One that is off the list was decided about. */
export function isUrgent(phone: Phone): boolean {
  if (phone.revoked) return false;
  return phone.worries.some((worry) => worry === 'store_lost' || worry === 'unsent_too_long' || worry === 'silent');
}

/** The phones that keep something back of those who go to a visit that has begun and is not at Amazon yet. */
export function holding(card: Card, phones: readonly Phone[], now: number): Phone[] {
  const begun = card.window.start <= now || card.steps.length > 0;
  if (!begun || ['sent', 'reported'].includes(card.forwarding.state)) return [];
  const names = card.technicians.filter(({ linked }) => linked).map(({ name }) => name);
  return phones.filter((phone) => names.includes(phone.technician) && waiting(phone) > 0);
}

/** `5 items wait on Robin’s phone, last heard 42 min ago`. */
export function holdingWords(phone: Phone, now: number): string {
  const items = waiting(phone);
  return `${count(items, 'item waits', 'items wait')} on ${nameOf(phone)}, last heard ${ago(phone.lastContact, now)}`;
}
