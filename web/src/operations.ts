// Amazon's operations in plain words: what each one tells Amazon or asks of it.

import type { ConnectionChanged } from './generated/ConnectionChanged';
import type { OperationSwitch } from './generated/OperationSwitch';
import type { SwitchPosition } from './generated/SwitchPosition';

const WORDS: Partial<Record<string, string>> = {
  getServiceJobs: 'Read the list of jobs',
  getServiceJobByServiceJobId: 'Read one job again',
  createServiceDocumentUploadDestination: 'Send Amazon the proof photos',
  setAppointmentFulfillmentData: 'Tell Amazon when the work was done, by whom, and with which photos',
  completeServiceJobByServiceJobId: 'Tell Amazon a job is done',
  cancelServiceJobByServiceJobId: 'Cancel a job',
  addAppointmentForServiceJobByServiceJobId: 'Book a visit',
  rescheduleAppointmentForServiceJobByServiceJobId: 'Move a visit',
  assignAppointmentResources: 'Tell Amazon who goes',
  getAppointmentSlots: 'Read free slots of a service',
  getAppointmmentSlotsByJobId: 'Read free slots of a job',
  getRangeSlotCapacity: 'Read capacity over a range',
  getFixedSlotCapacity: 'Read capacity by slots',
  updateSchedule: 'Tell Amazon who works when',
  createReservation: 'Tell Amazon of time off',
  updateReservation: 'Change time off',
  cancelReservation: 'Take time off back',
};

/** What an operation does; one that Amazon adds later is shown by its name. */
export function operationWords(operation: string): string {
  return WORDS[operation] ?? operation;
}

export const positionWords: Record<SwitchPosition, string> = {
  send: 'Send',
  observe: 'Observe',
  not_allowed: 'Not allowed',
};

/** What a write does from now on when its switch is moved here. */
export const effectWords: Record<SwitchPosition, string> = {
  send: 'From now on Amazon is really told.',
  observe: 'From now on this is prepared and shown, not sent. What is on its way is still followed up.',
  not_allowed: 'From now on this is kept here and never sent. Technicians are told to close jobs in Amazon’s app.',
};

export const readEffectWords: Record<SwitchPosition, string> = {
  send: 'From now on Amazon is asked again.',
  observe: '',
  not_allowed: 'From now on Amazon is not asked. Jobs here stay as they were last read.',
};

export interface Said {
  words: string;
  tone: 'wait' | 'info';
}

/** What a closeout is sent with. */
const CLOSING = ['createServiceDocumentUploadDestination', 'setAppointmentFulfillmentData', 'completeServiceJobByServiceJobId'];

/** What every page has to say about what is not sent; nothing when all is. */
export function bannerOf(operations: readonly OperationSwitch[]): Said | null {
  const writes = operations.filter(({ operation }) => CLOSING.includes(operation));
  const at = (position: SwitchPosition): number => writes.filter((one) => one.position === position).length;
  if (writes.length === 0 || at('send') === writes.length) return null;
  if (at('observe') === writes.length) return { words: 'Observing: nothing is sent to Amazon yet.', tone: 'wait' };
  if (at('not_allowed') === writes.length) {
    return { words: 'Closeouts are kept here. Jobs are closed in Amazon’s app.', tone: 'info' };
  }
  if (at('observe') > 0) {
    const observed = writes.filter(({ position }) => position === 'observe');
    const first = observed[0];
    const only = observed.length === 1 && first ? `: ${operationWords(first.operation).toLowerCase().replace('amazon', 'Amazon')}` : '';
    return { words: `Observing in part: not all of a closeout is sent to Amazon${only}.`, tone: 'wait' };
  }
  return { words: 'Closeouts are sent to Amazon in part. Jobs are closed in Amazon’s app.', tone: 'info' };
}

export function changedWords(what: ConnectionChanged): string {
  if (what.kind === 'programs') {
    const names = what.programs.map(({ name }) => name).join(', ');
    return `Programs: ${names || 'none'}`;
  }
  const of = what.program === null ? '' : ` for ${what.program}`;
  const calls = [];
  if (what.released > 0) calls.push(`${what.released} waiting calls sent`);
  if (what.left > 0) calls.push(`${what.left} left unsent`);
  const more = calls.length === 0 ? '' : ` · ${calls.join(', ')}`;
  return `${operationWords(what.operation)}${of}: ${positionWords[what.from]} → ${positionWords[what.to]}${more}`;
}
