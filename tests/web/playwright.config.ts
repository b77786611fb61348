import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './chromium';
import type { Either } from './engines/either';

export default defineConfig<Either>({
  testDir: '.',
  // Each story has a server, a sandbox and a browser of its own, and waits for them a good part of its time.
  workers: 2,
  // A story that passes only sometimes is broken.
  retries: 0,
  forbidOnly: true,
  // For what hangs: the longest story takes less than half of it where nothing else runs.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'results/report.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: CHROMIUM,
    // In Chromium's own words, so that the stories see what people see.
    locale: 'en-US',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'stories',
      // What both engines must do is in engines/.
      testMatch: ['stories/*.spec.ts', 'engines/*.spec.ts'],
      // Apart, since each run empties its own.
      outputDir: 'results/traces',
      // What takes long is marked `@long` and runs with `cargo xtask test --long`.
      ...(process.env.DOORSTEP_LONG ? {} : { grepInvert: /@long/ }),
    },
    {
      name: 'webkit',
      testMatch: 'engines/*.spec.ts',
      outputDir: 'results/webkit',
      // For a browser that crashed, and for nothing else: `engines/either.ts` sees to that.
      retries: 1,
      use: { engine: 'webkit' },
    },
    // What is measured has the machine to itself.
    { name: 'link', testMatch: 'bench-link.ts', outputDir: 'results/link', timeout: 900_000, workers: 1 },
    { name: 'bench', testMatch: ['bench.ts', 'bench-photos.ts', 'bench-lighthouse.ts'], outputDir: 'results/bench', timeout: 300_000, workers: 1 },
  ],
});
