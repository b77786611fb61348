// The jobs, and what their customers may do.

import { chip, element, facts, fill, opening } from './lists.js';
import { STATUS, day, minute, second } from './words.js';

const MOVES = [
  ['60', '1 h'],
  ['120', '2 h'],
  ['1440', '1 day'],
  ['10080', '1 week'],
];

/** `act(change, words)` tells the sandbox what happens, and the reader what came of it. */
export function drawJobs(jobs, act) {
  fill('jobs', jobs.map((job) => row(job, act)), 'No job matches. Clear the search to see all.');
}

export function drawStatuses(statuses) {
  const chips = Object.entries(STATUS)
    .filter(([status]) => statuses[status])
    .map(([status, [words, tone]]) => chip(`${statuses[status]} ${words.toLowerCase()}`, tone, status));
  document.getElementById('statuses').replaceChildren(...chips);
}

function when(visit) {
  const start = Date.parse(visit.appointmentTime.startTime);
  const end = start + visit.appointmentTime.durationInMinutes * 60000;
  return [element('span', {}, `${minute(start)}–${minute(end)}`), element('span', { class: 'small quiet' }, day(start))];
}

function row(job, act) {
  const [words, tone] = STATUS[job.status];
  const technicians = (job.visit?.assignedTechnicians ?? []).map((it) => it.name).join(', ');
  const awaited = isOpen(job) && isAwaited(job);
  const summary = [
    element('span', {}, ...(job.visit ? interleave(when(job.visit)) : ['No visit yet'])),
    element(
      'span',
      { class: 'what' },
      element('span', { class: 'title' }, job.title),
      element('br'),
      element('span', { class: 'small quiet' }, [place(job), technicians].filter(Boolean).join(' · ')),
    ),
    element(
      'span',
      { class: 'chips' },
      job.absent && isOpen(job) && chip('Nobody home', 'wait', 'Amazon does not know this'),
      awaited && chip('Product not there', 'wait'),
      chip(words, tone, job.status),
    ),
  ];
  return opening(`job-${job.serviceJobId}`, 'job', summary, () => inside(job, technicians, act));
}

function interleave([first, second]) {
  return [first, element('br'), second];
}

function place(job) {
  if (job.where === 'ONLINE') return 'Online';
  const street = [job.place, job.city].filter(Boolean).join(', ');
  return job.where === 'IN_STORE' ? `In the store, ${street}` : street;
}

function isOpen(job) {
  return job.status !== 'COMPLETED' && job.status !== 'CANCELLED';
}

function isAwaited(job) {
  return (job.items ?? []).some((status) => status !== 'DELIVERED');
}

function inside(job, technicians, act) {
  const { said, visit } = job;
  const proof = said && (said.documents === 1 ? '1 document' : `${said.documents} documents`);
  return [
    facts([
      ['Customer', job.buyer],
      ['Technician', technicians || (visit && 'nobody')],
      ['Product', (job.items ?? []).join(', ')],
      ['Preferred', (job.preferred ?? []).map((it) => `${day(it.startTime)} ${minute(it.startTime)}`).join(', ')],
      ['Reported', said && `${second(said.at)}, ${proof}, sent ${said.times === 1 ? 'once' : `${said.times} times`}`],
      ['Completed', job.completions ? (job.completions === 1 ? 'once' : `${job.completions} times`) : ''],
      ['Job', job.serviceJobId],
      ['Appointment', visit && `${visit.appointmentId} (${visit.appointmentStatus})`],
      ['Order', job.orderId],
    ]),
    buttons(job, act),
  ];
}

function buttons(job, act) {
  const button = (kind, words, more = {}) => {
    const id = `${kind}-${job.serviceJobId}`;
    const click = () => {
      const { said = words, ...change } = more();
      act({ kind, serviceJobId: job.serviceJobId, ...change }, `${said}: ${job.title}`);
    };
    return element('button', { id, type: 'button', onclick: click }, words);
  };
  const none = () => ({});
  const active = isOpen(job) && job.visit?.appointmentStatus === 'ACTIVE';
  const id = `by-${job.serviceJobId}`;
  const by = element('select', { id, 'aria-label': 'Moves it by' }, ...MOVES.map(([value, words]) => element('option', { value }, words)));
  return element(
    'p',
    { class: 'row' },
    isOpen(job) && button('cancel', 'Customer cancels', none),
    active && button('reschedule', 'Customer moves it by', () => ({ byMinutes: Number(by.value), said: `Customer moves it by ${by.selectedOptions[0].text}` })),
    active && by,
    active && !job.absent && button('absent', 'Nobody is home', none),
    isOpen(job) && isAwaited(job) && button('deliver', 'Product arrives', none),
    button('touch', 'Amazon updates it', none),
  );
}
