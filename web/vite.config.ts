import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { brotli } from './build/brotli.ts';
import { startsWith } from './build/chunks.ts';
import { shell } from './build/shell.ts';

// Two pages, two bundles: the technician's phone at `/`, the supervisor's console at `/console`.
export default defineConfig({
  plugins: [svelte(), shell(), brotli()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // The content security policy allows no data: URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The service worker is built by `shell`.
      input: { phone: 'index.html', console: 'console.html' },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        codeSplitting: { groups: [{ name: startsWith }] },
        // The worker keeps a language that was chosen, and knows it by its name in the next build (`build/shell.ts`).
        chunkFileNames: ({ facadeModuleId }) => {
          const language = /\/phone\/words\/([a-z]{2})\b/.exec(facadeModuleId ?? '')?.[1];
          return language ? `assets/words-${language}-[hash].js` : 'assets/shared-[hash].js';
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
