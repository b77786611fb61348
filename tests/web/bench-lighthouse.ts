// What Lighthouse says of the first page a technician sees: `cargo xtask bench --only browser`. One JSON line per
// category, in points of a hundred; on a phone of its own choosing, with its own slow network.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import lighthouse from 'lighthouse';
import { Installed } from './chromium';
import { test } from './story';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const LEAST_POINTS = 95;

test('Lighthouse finds little to say of the first page', async ({ stack }) => {
  const profile = await mkdtemp(join(tmpdir(), 'doorstep-lighthouse-'));
  const browser = await Installed.start(profile);
  const result = await lighthouse(`${stack.address}/`, {
    port: browser.port,
    output: 'json',
    logLevel: 'error',
    // The link is made slow in earnest: from what a fast one shows, a page that paints before its module is here gains nothing.
    throttlingMethod: 'devtools',
    onlyCategories: [...CATEGORIES],
  });
  await browser.close();
  await rm(profile, { recursive: true });
  expect(result?.lhr.runtimeError).toBeUndefined();
  for (const category of CATEGORIES) {
    const points = Math.round((result?.lhr.categories[category]?.score ?? 0) * 100);
    const less = result?.lhr.categories[category]?.auditRefs.filter(({ id, weight }) => {
      const score = result.lhr.audits[id]?.score;
      return weight > 0 && typeof score === 'number' && score < 0.9;
    });
    console.log(`${category}: ${less?.map(({ id }) => id).join(', ') || 'nothing to mend'}`);
    const name = `lighthouse_${category.replace('-', '_')}`;
    console.log(JSON.stringify({ name, value: points, unit: 'points', limit: LEAST_POINTS, better: 'higher' }));
  }
});
