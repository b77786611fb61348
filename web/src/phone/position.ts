// The phone's position, where its owner has allowed it, and only while an open job is on the screen: it costs battery, and
// where somebody is between two jobs is nobody's business. A step is recorded at once, so only a position that is
// already known goes with it.

import type { Position } from '../generated/Position';

const FRESH_MS = 2 * 60 * 1000;

let last: GeolocationPosition | null = null;

/** Never asks by itself. */
export async function isAllowed(): Promise<boolean> {
  if (!('geolocation' in navigator) || !navigator.permissions) return false;
  try {
    const { state } = await navigator.permissions.query({ name: 'geolocation' });
    return state === 'granted';
  } catch {
    // A browser that cannot tell counts as not allowed.
    return false;
  }
}

/** Follows the position, if that is allowed, while the page is seen; until what it answers is called. */
export function follow(): () => void {
  let watching: number | null = null;
  let over = false;
  const rest = (): void => {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    watching = null;
  };
  const look = async (): Promise<void> => {
    rest();
    if (document.hidden || !(await isAllowed()) || over || document.hidden) return;
    watching ??= navigator.geolocation.watchPosition(
      (position) => (last = position),
      () => (last = null),
      { enableHighAccuracy: true, maximumAge: 30_000 },
    );
  };
  const seen = (): void => void look();
  document.addEventListener('visibilitychange', seen);
  seen();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', seen);
    rest();
  };
}

/** Asks the phone's owner. */
export function ask(): Promise<boolean> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(false);
    navigator.geolocation.getCurrentPosition(
      (position) => {
        last = position;
        resolve(true);
      },
      (refusal) => resolve(refusal.code !== refusal.PERMISSION_DENIED),
    );
  });
}

export function known(): Position | null {
  if (!last || Date.now() - last.timestamp > FRESH_MS) return null;
  const { latitude, longitude, accuracy } = last.coords;
  return { latitude, longitude, accuracy };
}
