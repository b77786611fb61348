// What lies in the clear in the files of a browser's profile.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Each needle as browsers write text: one byte a letter, UTF-8, UTF-16 in both orders. */
function spellings(needle: string): Buffer[] {
  const wide = Buffer.from(needle, 'utf16le');
  return [Buffer.from(needle, 'utf8'), Buffer.from(needle, 'latin1'), wide, Buffer.from(wide).swap16()];
}

/** The files of a profile that hold one of these in the clear, with what they hold: `file: needle`. */
export async function foundIn(profile: string, needles: (string | Buffer)[]): Promise<string[]> {
  const entries = await readdir(profile, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // A browser that runs makes files and takes them away.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const needle of needles) {
      const ways = typeof needle === 'string' ? spellings(needle) : [needle];
      if (ways.some((way) => bytes.includes(way))) {
        found.push(`${path.slice(profile.length + 1)}: ${typeof needle === 'string' ? needle : 'bytes of a picture'}`);
      }
    }
  }
  return found;
}
