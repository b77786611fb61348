import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Shell {
  version: string;
  files: Record<string, string>;
  later: Record<string, string>;
  asked: Record<string, string>;
}

const LIST = /^self\.DOORSTEP_SHELL = (.*);\n/;

/**
 * Makes another build of the pages in `from`: the scripts of the phone and of its worker have other names and contents,
 * as after a change in both. A page of it says so in `globalThis.build`.
 */
export async function anotherBuild(from: string, to: string, build: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const names = await readdir(join(to, 'assets'));
  // What was packed before is not what is there now.
  for (const name of names.filter((one) => one.endsWith('.br'))) await rm(join(to, 'assets', name));
  for (const name of ['index.html.br', 'sw.js.br']) await rm(join(to, name), { force: true });
  const scripts = names.filter((one) => one.endsWith('.js'));
  const texts = await Promise.all(scripts.map(async (name) => [name, await readFile(join(to, 'assets', name), 'utf8')] as const));
  const renamed = new Map<string, string>();
  for (const kind of ['phone', 'darkroom']) {
    const name = scripts.find((one) => one.startsWith(`${kind}-`));
    if (!name) throw new Error(`the build has no script of the ${kind}`);
    renamed.set(name, `${kind}-${build}.js`);
  }
  // Whoever names a script that has another name now has other contents.
  for (let before = 0; before < renamed.size; ) {
    before = renamed.size;
    for (const [name, text] of texts) {
      if (!renamed.has(name) && [...renamed.keys()].some((other) => text.includes(other))) {
        renamed.set(name, name.replace(/\.js$/, `-${build}.js`));
      }
    }
  }
  for (const [before, after] of renamed) {
    await rename(join(to, 'assets', before), join(to, 'assets', after));
    await change(join(to, 'assets', after), (text) => `globalThis.build = '${build}';\n${replaced(text, renamed)}`);
  }
  await change(join(to, 'index.html'), (text) => replaced(text, renamed));
  const worker = join(to, 'sw.js');
  const text = await readFile(worker, 'utf8');
  const shell = JSON.parse(LIST.exec(text)?.[1] ?? '') as Shell;
  const renewed = async (files: Record<string, string>) => {
    const paths = Object.keys(files).map((path) => replaced(path, renamed));
    const entries = paths.map(async (path) => [path, await digest(join(to, path === '/' ? 'index.html' : path))] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  const next: Shell = {
    version: build,
    files: await renewed(shell.files),
    later: await renewed(shell.later),
    asked: await renewed(shell.asked),
  };
  await writeFile(worker, text.replace(LIST, `self.DOORSTEP_SHELL = ${JSON.stringify(next)};\n`));
}

function replaced(text: string, names: Map<string, string>): string {
  return [...names].reduce((changed, [before, after]) => changed.replaceAll(before, after), text);
}

async function change(file: string, how: (text: string) => string): Promise<void> {
  await writeFile(file, how(await readFile(file, 'utf8')));
}

async function digest(file: string): Promise<string> {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}
