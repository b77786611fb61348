// Asks once a second what is new, draws it, and passes on what is clicked.

import { drawJobs, drawStatuses } from './jobs.js';
import { chip, drawDocuments, drawEvents, drawFaults, drawRequests, element } from './lists.js';
import { FAULT, SCENARIO, SECONDS, operation, signed, whole } from './words.js';

const byId = (id) => document.getElementById(id);
/** Jobs by id, as far as the page has seen them: events and documents name them. */
const titles = new Map();
const name = (id) => titles.get(id) ?? `job ${String(id).slice(0, 8)}`;

let revision;
let clock;
/** When `clock` was read, by this browser's own clock. */
let readAt = 0;
let choices;

async function ask(path, options) {
  const response = await fetch(`/_sandbox/${path}`, options);
  if (response.status === 204) return undefined;
  const body = await response.json();
  if (!response.ok) throw new Refused(body.message);
  return body;
}

class Refused extends Error {}

function send(path, body, method = 'POST') {
  return ask(path, { method, body: body && JSON.stringify(body) });
}

/** Does something, says what came of it, and looks again at once. */
async function act(deed, words) {
  try {
    await deed();
    say(words);
  } catch (refusal) {
    say(refusal instanceof Refused ? `Not done: ${refusal.message}` : 'Not done: the sandbox does not answer.');
  }
  await look();
}

let silence;
function say(words) {
  const said = byId('said');
  said.textContent = words;
  said.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(() => (said.hidden = true), 5000);
}

const drawn = new Map();
/** Whether something is to be drawn: what is in use must not be replaced by the same again. */
function isNew(list, ...shown) {
  const text = JSON.stringify(shown);
  const before = drawn.get(list);
  drawn.set(list, text);
  return text !== before;
}

const change = (it, words) => act(() => send('changes', it), words);

async function look() {
  const query = new URLSearchParams({ find: byId('find').value });
  if (revision !== undefined) query.set('revision', revision);
  try {
    const seen = await ask(`overview?${query}`);
    byId('lost').hidden = true;
    if (seen) draw(seen);
  } catch {
    byId('lost').hidden = false;
  }
}

function draw(seen) {
  ({ revision, clock } = seen);
  readAt = performance.now();
  for (const job of seen.jobs) titles.set(job.serviceJobId, `${job.title}, ${job.place || job.where.toLowerCase()}`);
  drawClock();
  drawStatuses(seen.statuses);
  if (isNew('jobs', seen.jobs)) drawJobs(seen.jobs, change);
  if (isNew('documents', seen.documents, titles.size)) drawDocuments(seen.documents, name);
  if (isNew('requests', seen.requests)) drawRequests(seen.requests);
  if (isNew('faults', seen.faults)) drawFaults(seen.faults);
  if (isNew('events', seen.events, seen.happened, titles.size)) drawEvents(seen.events, seen.happened, name);
  const some = (shown, all) => (shown < all ? `${shown} of ${all}` : String(all));
  byId('job-count').textContent = some(seen.jobs.length, seen.found);
  byId('request-count').textContent = some(seen.requests.length, seen.requestCount);
  byId('event-count').textContent = seen.eventCount ? some(seen.events.length, seen.eventCount) : '';
  byId('held').hidden = seen.held === 0;
  byId('held-words').textContent = seen.held === 1 ? '1 request hangs.' : `${seen.held} requests hang.`;
  if (seen.scenario && !byId('restart').contains(document.activeElement)) choose(seen.scenario);
}

function drawClock() {
  if (!clock) return;
  const gone = clock.stopped ? 0 : performance.now() - readAt;
  byId('now').textContent = whole(Date.parse(clock.now) + gone);
  byId('stop').textContent = clock.stopped ? 'Let the clock run' : 'Stop the clock';
  const skew = clock.skewSeconds;
  const states = [clock.stopped && chip('Stopped', 'wait'), skew !== 0 && chip(`Off by ${signed(skew)} s`, 'stop')];
  byId('clock-state').replaceChildren(...states.filter(Boolean));
  if (document.activeElement !== byId('skew-by')) byId('skew-by').value = String(skew);
}

function prepareClock() {
  byId('stop').addEventListener('click', () => {
    const stopped = !clock?.stopped;
    act(() => send('clock', { stopped }), stopped ? 'The clock stands.' : 'The clock runs.');
  });
  for (const button of document.querySelectorAll('[data-advance]')) {
    const advanceMs = Number(button.dataset.advance) * 1000;
    button.addEventListener('click', () => act(() => send('clock', { advanceMs }), `The clock moved by ${button.textContent}.`));
  }
  byId('skew-by').addEventListener('change', () => {
    const skewSeconds = Number(byId('skew-by').value);
    act(() => send('clock', { skewSeconds }), skewSeconds ? 'Amazon’s clock is wrong now.' : 'Amazon’s clock is right again.');
  });
}

function prepareFaults() {
  const [kinds, operations] = [byId('fault-kind'), byId('fault-operation')];
  kinds.append(...choices.kinds.map(({ kind }) => element('option', { value: kind }, FAULT[kind][0])));
  const offer = () => {
    const kind = kinds.value;
    const { operations: fit } = choices.kinds.find((it) => it.kind === kind);
    const before = operations.value;
    const names = fit.length > 1 ? ['*', ...fit] : fit;
    operations.replaceChildren(...names.map((it) => element('option', { value: it }, operation(it))));
    if (names.includes(before)) operations.value = before;
    byId('fault-meaning').textContent = FAULT[kind][1];
    const seconds = byId('fault-seconds');
    seconds.hidden = SECONDS[kind] === undefined;
    seconds.querySelector('span').textContent = SECONDS[kind] ?? '';
  };
  kinds.addEventListener('change', offer);
  offer();
  byId('fault').addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    const form = new FormData(submitted.target);
    const fault = { kind: form.get('kind'), operation: form.get('operation') };
    const fields = ['times', 'skip', 'afterSeconds', 'forSeconds', ...(SECONDS[fault.kind] ? ['seconds'] : [])];
    for (const field of fields) {
      if (form.get(field) !== '') fault[field] = Number(form.get(field));
    }
    if (form.get('chance') !== '') fault.probability = Number(form.get('chance')) / 100;
    act(() => send('faults', fault), `Added: ${FAULT[fault.kind][0]}, ${operation(fault.operation)}.`);
  });
  const slot = { kind: 'slotTaken', operation: '*' };
  byId('take-slot').addEventListener('click', () => act(() => send('faults', slot), 'The next time slot to be booked is taken.'));
  byId('clear-faults').addEventListener('click', () => act(() => send('faults', undefined, 'DELETE'), 'All goes well again.'));
  byId('release').addEventListener('click', () => act(() => send('release'), 'Let go.'));
}

function choose(scenario) {
  byId('scenario').value = scenario;
  byId('scenario-meaning').textContent = SCENARIO[scenario][1];
}

function prepareRestart() {
  const select = byId('scenario');
  const sure = (visible) => {
    byId('restart-sure').hidden = !visible;
    byId('restart-ask').hidden = visible;
  };
  select.append(...choices.scenarios.map((it) => element('option', { value: it }, SCENARIO[it][0])));
  select.addEventListener('change', () => choose(select.value));
  choose(select.value);
  byId('restart-ask').addEventListener('click', () => sure(true));
  byId('restart-keep').addEventListener('click', () => sure(false));
  byId('restart').addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    sure(false);
    titles.clear();
    const scenario = select.value;
    act(() => send('reset', { scenario }), `Started over: ${SCENARIO[scenario][0]}.`);
  });
}

async function start() {
  try {
    choices = await ask('choices');
  } catch {
    byId('lost').hidden = false;
    setTimeout(start, 2000);
    return;
  }
  prepareClock();
  prepareFaults();
  prepareRestart();
  byId('find').addEventListener('input', () => {
    revision = undefined;
    look();
  });
  setInterval(drawClock, 250);
  const again = async () => {
    await look();
    setTimeout(again, document.hidden ? 5000 : 1000);
  };
  again();
}

start();
