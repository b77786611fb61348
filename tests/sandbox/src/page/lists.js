// Lists that are drawn anew whenever something changed, without losing what is open or focused.

import { FAULT, bytes, day, event, minute, operation, second } from './words.js';

/** An element with properties and children; text is only ever text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class') made.className = value;
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== '' && child !== false && child !== null && child !== undefined));
  return made;
}

export function chip(words, tone, title = '') {
  return element('span', { class: `chip ${tone}`, title }, words);
}

/** A row that opens. It stays open under the same id. */
const open = new Set();

export function opening(id, kind, summary, inside) {
  const body = element('div', { class: 'inside' });
  const details = element('details', { class: kind, open: open.has(id) }, element('summary', { id }, ...summary), body);
  if (details.open) body.append(...inside());
  details.addEventListener('toggle', () => {
    if (details.open) open.add(id);
    else open.delete(id);
    if (details.open && !body.hasChildNodes()) body.append(...inside());
  });
  return element('li', {}, details);
}

/** Names and values. */
export function facts(pairs) {
  const list = element('dl');
  for (const [name, value] of pairs) {
    if (value) list.append(element('dt', {}, name), element('dd', {}, value));
  }
  return list;
}

export function fill(id, rows, empty) {
  const list = document.getElementById(id);
  const focused = list.contains(document.activeElement) ? document.activeElement.id : '';
  list.replaceChildren(...(rows.length ? rows : [element('li', { class: 'line quiet' }, empty)]));
  if (focused) document.getElementById(focused)?.focus();
}

/** Amazon's long names may break between their words. */
function breakable(name) {
  return name.split(/(?=[A-Z/])/).flatMap((part, at) => (at ? [element('wbr'), part] : [part]));
}

export function drawRequests(requests) {
  fill('requests', requests.map(request), 'Every request to this address shows up here, the newest first.');
}

function request(it) {
  const tone = it.status < 300 ? 'ok' : it.status < 500 ? 'wait' : 'stop';
  const summary = [
    element('span', {}, second(it.at)),
    element('span', { class: 'title' }, ...breakable(it.operation ?? `${it.method} ${it.path}`)),
    element(
      'span',
      { class: 'chips' },
      it.fault && chip(FAULT[it.fault][0], 'info', FAULT[it.fault][1]),
      it.answered ? chip(String(it.status), tone) : chip('no answer', 'stop'),
    ),
  ];
  const effect = it.effectAt
    ? `Done later, at ${second(it.effectAt)}`
    : it.tookEffect
      ? 'Done'
      : it.method === 'GET'
        ? 'Nothing, it only reads'
        : 'Nothing';
  const inside = () => [
    facts([
      ['Request', `${it.method} ${it.path}${it.query ? `?${it.query}` : ''}`],
      ['What it did', effect],
      ['Fault', it.fault && FAULT[it.fault][1]],
      ['Request id', it.requestId],
    ]),
  ];
  return opening(`request-${it.sequence}`, 'request', summary, inside);
}

export function drawDocuments(documents, name) {
  fill('documents', documents.map((it) => documentRow(it, name)), 'Photos and papers show up here once they are uploaded.');
}

function documentRow(it, name) {
  const state = it.infected
    ? chip('Taken for malware', 'stop')
    : it.attachedTo
      ? chip('Attached', 'ok')
      : it.puts
        ? it.opened
          ? chip('Uploaded', 'info')
          : chip('Cannot be opened', 'stop')
        : chip('Not uploaded yet', 'wait');
  const what = `${it.contentType}, ${bytes(it.contentLength)}`;
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'line event' },
      element('span', {}, second(it.createdAt)),
      element(
        'span',
        { class: 'row' },
        it.opened ? element('a', { href: `/_sandbox/documents/${it.key}`, target: '_blank', rel: 'noopener' }, what) : what,
        state,
        it.attachedTo && element('span', { class: 'small quiet' }, name(it.attachedTo)),
      ),
    ),
  );
}

export function drawFaults(faults) {
  const row = (it) => {
    const often = it.times === undefined ? 'from now on' : it.times === 1 ? 'once' : `${it.times} times`;
    const when = [
      it.skip ? `after ${it.skip} spared` : '',
      it.probability ? `with a chance of ${Math.round(it.probability * 100)} %` : '',
      it.at ? `from ${minute(it.at)}` : '',
      it.afterSeconds ? `${it.afterSeconds} s after it was added` : '',
      it.forSeconds ? `for ${it.forSeconds} s` : '',
      it.seconds === undefined ? '' : `${it.seconds} s`,
    ];
    const words = [operation(it.operation), often, ...when].filter(Boolean).join(', ');
    return element(
      'li',
      { class: 'line' },
      element('span', { class: 'title' }, FAULT[it.kind][0]),
      element('span', { class: 'small quiet' }, words),
    );
  };
  fill('faults', faults.map(row), 'Nothing: all goes well.');
  document.getElementById('clear-faults').hidden = faults.length === 0;
}

export function drawEvents(events, happened, name) {
  const row = (it) =>
    element(
      'li',
      { class: 'line event' },
      element('span', {}, `${day(it.at)} ${minute(it.at)}`),
      element('span', {}, event(it, name), it.refused && element('span', { class: 'small quiet' }, ` (came to nothing: ${it.refused})`)),
    );
  fill('events', events.map(row), 'No script is running. A scenario, or a script, brings customers to life.');
  fill('happened', [...happened].reverse().map(row), 'Nothing yet.');
}
