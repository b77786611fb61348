import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import typescript from 'typescript';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** A secure context, as WebCrypto wants; nothing listens there, every answer comes from the sources. */
const ORIGIN = 'http://localhost:1';

/** A file of bytes that phones and servers hold. */
export async function golden<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, 'core/tests/golden', name), 'utf8')) as T;
}

/** Serves `web/src` to a page, each TypeScript file as the script it becomes. */
export async function serveSources(page: Page): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: '<title>Vault</title>' });
    const file = join(ROOT, 'web/src', path);
    if (path.endsWith('.wasm')) return route.fulfill({ contentType: 'application/wasm', body: await readFile(file) });
    const script = path.endsWith('.js')
      ? await readFile(file, 'utf8')
      : typescript.transpileModule(await readFile(`${file}.ts`, 'utf8'), {
          compilerOptions: { target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.ESNext },
        }).outputText;
    return route.fulfill({ contentType: 'text/javascript', body: script });
  });
  await page.goto(ORIGIN);
}
