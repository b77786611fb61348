// Locks the phone that nobody touches, by whichever clock has run further: one may stand still while the phone sleeps,
// the other may be set back.

const TOUCHES = ['pointerdown', 'keydown', 'input'];
/** How often the other pages and the service worker hear that somebody is here. */
const TELL_MS = 20_000;

type Told = 'touched' | 'locked';

export interface Idle {
  /** For how long nobody has touched any page of the phone. */
  restedMs(): number;
  /** Locks the other pages too. */
  lockAll(): void;
  stop(): void;
}

/** `lock` is called once; `tell` now and then while somebody is here, and with `hidden` when the page goes away. */
export function watchIdle(idleMs: () => number, lock: () => void, tell: (hidden: boolean) => void): Idle {
  const leaving = new AbortController();
  const { signal } = leaving;
  const pages = new BroadcastChannel('doorstep-lock');
  let touched = { monotonic: performance.now(), wall: Date.now() };
  let told = touched.monotonic;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const restedMs = () => Math.max(performance.now() - touched.monotonic, Date.now() - touched.wall, 0);
  const stop = () => {
    leaving.abort();
    clearTimeout(timer);
    pages.close();
  };
  const end = () => {
    if (signal.aborted) return;
    stop();
    lock();
  };
  const look = () => {
    if (signal.aborted) return;
    clearTimeout(timer);
    const left = idleMs() - restedMs();
    if (left <= 0) {
      end();
      return;
    }
    if (performance.now() - told >= TELL_MS) {
      told = performance.now();
      tell(document.hidden);
    }
    timer = setTimeout(look, Math.min(left + 1, TELL_MS));
  };
  const touch = () => {
    // A page that comes back after its time is locked, not touched.
    if (restedMs() >= idleMs()) {
      end();
      return;
    }
    if (performance.now() - touched.monotonic > 1000) pages.postMessage('touched' satisfies Told);
    touched = { monotonic: performance.now(), wall: Date.now() };
  };
  pages.onmessage = ({ data }: MessageEvent<Told>) => {
    if (data === 'locked') end();
    else touched = { monotonic: performance.now(), wall: Date.now() };
  };
  for (const kind of TOUCHES) addEventListener(kind, touch, { signal, capture: true, passive: true });
  const moved = () => {
    look();
    if (!signal.aborted) tell(document.hidden);
  };
  document.addEventListener('visibilitychange', moved, { signal });
  // A worker that has just taken the page over knows nothing yet.
  navigator.serviceWorker?.addEventListener('controllerchange', () => tell(document.hidden), { signal });
  look();
  return { restedMs, stop, lockAll: () => pages.postMessage('locked' satisfies Told) };
}
