// The pages of the console, in their order, and who has them.

import type { Role } from '../generated/Role';

export const PAGES = [
  { id: 'live', name: 'Live', roles: ['supervisor'] },
  { id: 'queues', name: 'Queues', roles: ['supervisor'] },
  { id: 'phones', name: 'Phones', roles: ['supervisor', 'administrator'] },
  { id: 'import', name: 'Import', roles: ['supervisor', 'administrator'] },
  { id: 'closeout', name: 'Closeout', roles: ['administrator', 'supervisor'] },
  { id: 'connection', name: 'Connection', roles: ['administrator', 'supervisor'] },
] as const satisfies readonly { id: string; name: string; roles: readonly Role[] }[];

export type Page = (typeof PAGES)[number];
export type PageId = Page['id'];

export function pagesOf(role: Role): Page[] {
  return PAGES.filter((page) => (page.roles as readonly Role[]).includes(role));
}

/** The page of an address's hash; the first one of the role where it names none of theirs. */
export function pageAt(hash: string, role: Role): PageId {
  const id = hash.replace(/^#/, '').split('/')[0];
  const own = pagesOf(role);
  return (own.find((page) => page.id === id) ?? own[0] ?? PAGES[0]).id;
}
