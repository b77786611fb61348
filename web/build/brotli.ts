import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);
const COMPRESSIBLE = /\.(html|js|css|wasm|svg|json|webmanifest)$/;

/** Writes `name.br` beside every asset that shrinks, so that the server never compresses while somebody waits. */
export function brotli(): Plugin {
  let folder = 'dist';
  return {
    name: 'doorstep-brotli',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle(error?: Error) {
      if (error) return;
      for (const name of await readdir(folder, { recursive: true })) {
        const path = join(folder, name);
        if (!COMPRESSIBLE.test(name) || !(await stat(path)).isFile()) continue;
        const bytes = await readFile(path);
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        await writeFile(`${path}.br`, await compress(bytes, { params }));
      }
    },
  };
}
