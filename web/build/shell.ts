import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';

const PAGE = 'index.html';
const WORKER = 'sw.js';
const WORKER_SOURCE = 'src/sw.ts';
/** What `sw.ts` reads; this plugin writes it at the top of the built file. */
const PLACE = 'self.DOORSTEP_SHELL';

/**
 * Tells the service worker which files make up the phone's page: all that the page's entry reaches, what lies in
 * `public/` (not the PNG icons), and the page itself, each with the SHA-256 of its content. The version is a hash over
 * all of these, so one changed byte is a new shell; and what a server that is being deployed, or a portal, gives under
 * the same address is not taken into it.
 */
export function shell(): Plugin {
  let publicFolder = 'public';
  return {
    name: 'doorstep-shell',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const worker = await makeWorker();
        if (worker === null) this.error('the service worker must be one file');
        const page = bundle[PAGE];
        if (page?.type !== 'asset') this.error('the page was not built');
        const files: Record<string, string> = { '/': digest(page.source) };
        for (const name of [...reachable(bundle, 'phone')].sort()) {
          const file = bundle[name];
          if (!file) this.error(`${name} is missing from the build`);
          files[`/${name}`] = digest(file.type === 'chunk' ? file.code : file.source);
        }
        // Pictures of the icon are the system's business once it is installed.
        for (const name of readdirSync(publicFolder).filter((one) => !one.endsWith('.png')).sort()) {
          files[`/${name}`] = digest(readFileSync(join(publicFolder, name)));
        }
        const content = { version: digest(JSON.stringify(files) + worker).slice(0, 16), files };
        const source = `${PLACE} = ${JSON.stringify(content)};\n${worker}`;
        this.emitFile({ type: 'asset', fileName: WORKER, source });
      },
    },
  };
}

/**
 * The worker, built by itself: what it has in common with the page is in it once more, so that it is one file with one
 * address for good.
 */
async function makeWorker(): Promise<string | null> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { target: 'es2023', write: false, rolldownOptions: { input: WORKER_SOURCE, output: { format: 'iife' } } },
  });
  const files = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  const [worker, ...others] = files;
  return worker?.type === 'chunk' && others.length === 0 ? worker.code : null;
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Every file an entry needs: static and lazy imports, styles, wasm, and the scripts of its workers. */
function reachable(bundle: Rolldown.OutputBundle, entry: string): Set<string> {
  const files = Object.values(bundle);
  const start = files.find((file) => file.type === 'chunk' && file.isEntry && file.name === entry);
  const found = new Set<string>();
  const open = start ? [start.fileName] : [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const file = bundle[name];
    if (file?.type !== 'chunk') continue;
    const { importedCss, importedAssets } = file.viteMetadata ?? {};
    open.push(...file.imports, ...file.dynamicImports, ...(importedCss ?? []), ...(importedAssets ?? []));
    // A worker is named in the code of whoever starts it and nowhere else.
    const named = files.map((other) => other.fileName).filter((other) => file.code.includes(`/${other}`));
    open.push(...named.filter((other) => other !== WORKER));
  }
  return found;
}
