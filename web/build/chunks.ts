/** What is asked of the bundler about a module. */
interface Graph {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

const PHONE = '/src/phone/main.ts';
const CONSOLE = '/src/console/main.ts';

/**
 * The chunk of a module that a page starts with, `null` of any other. Left to itself the bundler makes a file of every set
 * of modules that the same screens share, and a page that starts with fifteen small files waits three times for a distant
 * server: browsers ask one for six at a time.
 */
export function startsWith(id: string, graph: Graph): string | null {
  if (id.endsWith(PHONE) || id.endsWith(CONSOLE)) return null;
  const above = new Set([id]);
  for (const one of above) for (const importer of graph.getModuleInfo(one)?.importers ?? []) above.add(importer);
  const needs = (page: string): boolean => [...above].some((one) => one.endsWith(page));
  if (!needs(PHONE)) return null;
  return needs(CONSOLE) ? 'both' : 'first';
}
