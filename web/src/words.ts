// The words of the console, in English; what it says with the same words as the phone it takes from there. A case without
// words does not build.

import type { Call } from './generated/Call';
import type { CallKind } from './generated/CallKind';
import type { CallState } from './generated/CallState';
import type { Finding } from './generated/Finding';
import type { ImportField } from './generated/ImportField';
import type { ImportReport } from './generated/ImportReport';
import type { Policy } from './generated/Policy';
import type { QueueName } from './generated/QueueName';
import type { What } from './generated/What';
import * as naming from './naming';
import { en } from './phone/words/en';

export { OPEN_STATUS } from './naming';

export const stepWords = en.steps.step;
export const answerWords = en.steps.answer;

export const fieldWords = (field: string, policy: Policy | null): string => naming.fieldWords(en, field, policy);
export const findingWords = (finding: Finding, policy: Policy | null): string => naming.findingWords(en, finding, policy);
export const closedWords = (status: string): string => naming.closedWords(en, status);
export const unsentWords = (changes: number, photos: number): string => naming.unsentWords(en, changes, photos);
export const missingWords = en.states.missing;
/** What Amazon did to a visit, in a line. */
export const noticeHeadings = en.standing.notice;

export function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function clockOffWords(aheadMs: number): string {
  return `Its clock is ${naming.off(en, Math.round(aheadMs / 60_000))}; times are corrected`;
}

export const callKindWords: Record<CallKind, string> = {
  document: 'Photo',
  fulfilment: 'Times and photos of the visit',
  complete: 'Completion of the job',
  reschedule: 'Moving the visit',
  assign: 'Who comes to the moved visit',
  cancel: 'Cancelling the job',
  eta: 'Expected arrival',
};

/** What "Try again" does. */
export const retryWords: Record<CallKind, string> = {
  document: 'Sends this photo to Amazon again.',
  fulfilment: 'Sends the times and photos of the visit again, unchanged.',
  complete: 'Asks Amazon first whether the job is complete, and completes it only if it is not.',
  reschedule: 'Asks Amazon first where the visit is, and moves it only if it is where it was.',
  assign: 'Tells Amazon again who comes.',
  cancel: 'Asks Amazon first how the job stands, and cancels it only if it is open.',
  eta: 'Tells Amazon again when the technician expects to be there.',
};

const callStateWords: Record<CallState, string> = {
  ready: 'Waiting',
  sent: 'On its way',
  unknown: 'Answer lost; asking Amazon what happened',
  done: 'Sent to Amazon',
  parked: 'Needs a person',
  observed: 'Not sent: observing only',
  not_allowed: 'Kept here: done in Amazon’s app',
  left: 'Left unsent',
};

export function callWords(call: Call): string {
  return call.reason ? `${callStateWords[call.state]}: ${call.reason}` : callStateWords[call.state];
}

/** What waits in each queue, and what to do next: where it is done today, outside Doorstep. */
export const queueWords: Record<QueueName, { name: string; waits: string; next: string; empty: string }> = {
  unassigned: {
    name: 'Nobody assigned',
    waits: 'Created',
    next: 'Assign a technician in Seller Central, under Manage Jobs. The visit leaves this list with the next reading from Amazon.',
    empty: 'Every visit has a technician. One that Amazon hands over without one appears here.',
  },
  pending_schedule: {
    name: 'Wants a time',
    waits: 'Created',
    next: 'Offer a time: confirm one of the preferred times in Seller Central, under Manage Jobs.',
    empty: 'No job waits for a time. Jobs that Amazon sells without an appointment appear here.',
  },
  hold: {
    name: 'On hold',
    waits: 'Created',
    next: 'Ask Amazon what holds the job: open it in Seller Central, or write to Seller Support with its number.',
    empty: 'Amazon holds no job.',
  },
  not_fulfillable: {
    name: 'Cannot be fulfilled',
    waits: 'Created',
    next: 'Ask Amazon why. When nobody can go, cancel the job in Seller Central.',
    empty: 'Every job can be fulfilled.',
  },
  payment_declined: {
    name: 'Payment declined',
    waits: 'Created',
    next: 'Send nobody until Amazon has the payment. Amazon asks the buyer; you have nothing to do.',
    empty: 'No payment was declined.',
  },
  imported: {
    name: 'From a file',
    waits: 'Imported',
    next: 'Technicians work with these as the file has them, and nothing about them is sent. Each is read from Amazon as soon as Amazon allows it.',
    empty: 'Every imported job has been read from Amazon. Import a file to take jobs in before Amazon lets us read them.',
  },
};

/** Columns of a file, in the order in which they are asked for. */
export const importFieldWords: Record<ImportField, string> = {
  service_job_id: 'Job’s number',
  title: 'Work',
  status: 'Status',
  start: 'Begin of the visit',
  start_time: 'Time of day, where it is apart',
  duration_minutes: 'Duration in minutes',
  end: 'End of the visit',
  technician: 'Technician',
  buyer_name: 'Buyer’s name',
  phone: 'Phone',
  address_line1: 'Address, first line',
  address_line2: 'Address, second line',
  address_line3: 'Address, third line',
  city: 'City',
  state_or_region: 'State or region',
  postal_code: 'Postal code',
  country: 'Country',
  store_id: 'Store',
  order_id: 'Order',
  asin: 'ASIN of the service',
  created: 'Day the job was made',
};

/** `12 new, 3 changed, 2 lines not taken`. */
export function importSums(report: ImportReport): string {
  const one = report.import === null ? 'would be new' : 'new';
  const parts = [`${count(report.takenIn, 'job', 'jobs')} ${one}`];
  if (report.changed > 0) parts.push(`${report.changed} changed`);
  if (report.unchanged > 0) parts.push(`${report.unchanged} here already`);
  if (report.known > 0) parts.push(`${report.known} known from Amazon, left as Amazon has them`);
  if (report.bad > 0) parts.push(`${count(report.bad, 'line', 'lines')} not taken`);
  return parts.join(', ');
}

const whatWords: { [kind in What['kind']]: (what: Extract<What, { kind: kind }>) => string } = {
  job_taken_in: () => 'Job taken in from Amazon',
  job_changed: () => 'Job changed at Amazon',
  job_imported: () => 'Job taken in from a file',
  job_confirmed: () => 'Job read from Amazon',
  noticed: (what) => noticeHeadings[what.notice],
  read_again: () => 'Read again at Amazon; nothing has changed',
  read_refused: () => 'Amazon did not give this job when it was asked again',
  accepted: () => 'A supervisor accepted what was recorded',
  given_up: ({ technician, item, reason }) =>
    `${technician} gave up ${en.unsent.parked[item].toLowerCase()} that was refused: ${en.unsent.giveUp[reason].toLowerCase()}`,
  versions_differ: () => 'Two phones recorded different values',
  version_chosen: () => 'A supervisor chose between two recorded values',
  step_recorded: (what) => stepWords[what.step],
  step_corrected: (what) => `Time corrected: ${stepWords[what.step]}`,
  crew_recorded: () => 'Technician said who was there',
  eta_recorded: () => 'Technician said when to expect them',
  outcome_recorded: () => 'Technician said how the visit ended',
  details_recorded: () => 'More recorded on the phone',
  answers_recorded: () => 'Answers recorded',
  note_recorded: () => 'Note recorded',
  photo_announced: () => 'Photo taken, still on the phone',
  photo_safe: () => 'Photo safe',
  evidence_held: () => 'Came from a phone that is off the list, and is held',
  evidence_released: () => 'A supervisor released what was held',
  evidence_rejected: () => 'A supervisor rejected what was held',
  ready_to_send: () => 'Ready to send to Amazon',
  document_sent: () => 'Photo sent to Amazon',
  fulfilment_sent: () => 'Times and photos of the visit sent to Amazon',
  completed: () => 'Completed at Amazon',
  call_retried: (what) => `Tried again by a person: ${callKindWords[what.call].toLowerCase()}`,
  call_parked: (what) => `Needs a person: ${callKindWords[what.call].toLowerCase()}`,
  change_refused: () => 'A change was refused and kept aside',
  late_change: () => 'A change came after the closeout was handed over',
  closeout_observed: () => 'Closeout complete. Observing: nothing of it is sent to Amazon yet',
  closeout_kept: () => 'Closeout kept here. The job is closed in Amazon’s app',
  connection_changed: () => 'An administrator changed what is sent to Amazon',
  calls_left: () => 'Left unsent by an administrator',
  asked: ({ wish }) => (wish === 'cancel' ? 'The technician asks to cancel' : 'The technician asks to move the visit'),
  approved: ({ wish }) => (wish === 'cancel' ? 'The office cancels the job' : 'The office moves the visit'),
  declined: ({ wish }) => (wish === 'cancel' ? 'The office does not cancel the job' : 'The office does not move the visit'),
  slots_read: () => 'Asked Amazon for free times',
  rescheduled: () => 'Moved at Amazon',
  job_cancelled: () => 'Cancelled at Amazon by the office',
  technicians_assigned: () => 'Amazon knows who comes',
  eta_sent: () => 'Amazon knows the expected arrival',
  visit_reported: () => 'Visit reported to Amazon; the job wants another one',
};

export function happened(what: What): string {
  // The key and the argument come from one value; the compiler cannot follow that.
  const words = whatWords[what.kind] as (what: What) => string;
  return words(what);
}
