import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';

const PAGE = 'index.html';
const WORKER = 'sw.js';
const WORKER_SOURCE = 'src/sw.ts';
/** What `sw.ts` reads; this plugin writes it at the top of the built file. */
const PLACE = 'self.DOORSTEP_SHELL';

/** Chunks of one language each, and what reads barcodes where the browser does not. The bundler names them so. */
const ASKED = /^assets\/(words|decoder|zxing_reader)-/;

type Files = Record<string, string>;

/**
 * Tells the service worker which files make up the phone's page, each with the SHA-256 of its content. In `files` what
 * signs in and shows the day: all that the page's entry reaches by itself, what lies in `public/` (not the PNG
 * icons), and the page. In `later` what is reached by `import()`, in `asked` what of it a phone has once somebody
 * wants it: languages, and the scanner. The version is a hash over all of these, so one changed byte is a new shell; and what a
 * server that is being deployed, or a portal, gives under the same address is not taken into it.
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
        const listed = (names: Iterable<string>): Files => {
          const entries = [...names].sort().map((name) => {
            const file = bundle[name];
            if (!file) this.error(`${name} is missing from the build`);
            return [`/${name}`, digest(file.type === 'chunk' ? file.code : file.source)] as const;
          });
          return Object.fromEntries(entries);
        };
        const needed = reachable(bundle, entryOf(bundle, 'phone'), 'alone');
        const rest = [...reachable(bundle, entryOf(bundle, 'phone'), 'with later')].filter((name) => !needed.has(name));
        const files: Files = { '/': digest(page.source), ...listed(needed) };
        const later = listed(rest.filter((name) => !ASKED.test(name)));
        const asked = listed(rest.filter((name) => ASKED.test(name)));
        // Pictures of the icon are the system's business once it is installed.
        for (const name of readdirSync(publicFolder).filter((one) => !one.endsWith('.png')).sort()) {
          files[`/${name}`] = digest(readFileSync(join(publicFolder, name)));
        }
        const lists = { files, later, asked };
        const content = { version: digest(JSON.stringify(lists) + worker).slice(0, 16), ...lists };
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

function entryOf(bundle: Rolldown.OutputBundle, entry: string): string[] {
  const start = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === entry);
  return start ? [start.fileName] : [];
}

/** Every file that is needed by what `open` names: imports, styles, wasm, the scripts of workers, and lazy imports where asked. */
function reachable(bundle: Rolldown.OutputBundle, open: string[], how: 'alone' | 'with later'): Set<string> {
  const files = Object.values(bundle);
  const found = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const file = bundle[name];
    if (file?.type !== 'chunk') continue;
    const { importedCss, importedAssets } = file.viteMetadata ?? {};
    open.push(...file.imports, ...(importedCss ?? []), ...(importedAssets ?? []));
    if (how === 'with later') open.push(...file.dynamicImports);
    // A worker is named in the code of whoever starts it and nowhere else.
    const named = files.map((other) => other.fileName).filter((other) => file.code.includes(`/${other}`));
    open.push(...named.filter((other) => other !== WORKER));
  }
  return found;
}
