// Where the person is, in the address, so that *back* works and a page the camera killed opens at its job again.

export type Route = { page: 'today' } | { page: 'job'; appointment: string; field: string | null } | { page: 'report'; appointment: string } | { page: 'sync' };

function read(hash: string): Route {
  const [page, appointment, field] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'sync') return { page: 'sync' };
  if (page === 'report' && appointment) return { page: 'report', appointment };
  if (page === 'job' && appointment) return { page: 'job', appointment, field: field ? decodeURIComponent(field) : null };
  return { page: 'today' };
}

export const place = $state<{ route: Route; moves: number }>({ route: read(location.hash), moves: 0 });

addEventListener('hashchange', () => {
  const before = place.route.page;
  place.route = read(location.hash);
  if (place.route.page !== before) scrollTo(0, 0);
  place.moves += 1;
});

export const today = '#/';
export const syncPanel = '#/sync';

export function jobAddress(appointment: string, field?: string): string {
  return `#/job/${appointment}${field ? `/${encodeURIComponent(field)}` : ''}`;
}

export function reportAddress(appointment: string): string {
  return `#/report/${appointment}`;
}

/** Where a finding, a question, a step or a shot stands on the job's page. */
export function fieldId(field: string): string {
  return `field-${field}`;
}
