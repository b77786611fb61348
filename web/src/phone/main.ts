import '../tokens.css';
import '../base.css';
import { mount } from 'svelte';
import { app } from './app.svelte';
import Phone from './Phone.svelte';
import { apply, chosen } from './theme';
import { tongue } from './tongue.svelte';
import { isWhole, keepShell } from './update';

/**
 * Not at the top level, where one may wait as well: parts that open later import from this file, and WebKit goes round in
 * circles over a part whose file still waits.
 */
async function begin(): Promise<void> {
  apply(chosen());
  await tongue.start();
  const target = document.getElementById('app');
  target?.replaceChildren();
  if (target) mount(Phone, { target });
  // Not needed to begin with: the first screens take the focus themselves.
  if (target) void import('./focus').then(({ keepFocus }) => keepFocus(target)).catch(() => undefined);

  // Anything nobody expected: what is on disk is safe there, and a fresh page reads it again.
  const broke = () => (app.broken = true);
  addEventListener('error', broke);
  addEventListener('unhandledrejection', broke);

  await app.start();
  // A private window, or the network went away meanwhile. The page works; the sync panel says what is missing.
  const notKept = () => (app.opensOffline = false);
  const look = () => isWhole().then((whole) => (app.opensOffline = whole), notKept);
  addEventListener('online', () => app.opensOffline || void look());
  // However late it comes.
  navigator.serviceWorker?.ready.then(look).catch(notKept);
  await keepShell(
    (changeOver) => (app.changeOver = changeOver),
    () => (app.overtaken = true),
  ).then(look, notKept);
}

void begin();
