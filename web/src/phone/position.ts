// The phone's position, where its owner has allowed it. A step is recorded at once, so only a position that is
// already known goes with it.

import type { Position } from '../generated/Position';

const FRESH_MS = 2 * 60 * 1000;

let last: GeolocationPosition | null = null;
let watching: number | null = null;

function watch(): void {
  watching ??= navigator.geolocation.watchPosition(
    (position) => (last = position),
    () => (last = null),
    { enableHighAccuracy: true, maximumAge: 30_000 },
  );
}

/** Starts to follow the position if that was allowed before; never asks by itself. */
export async function followIfAllowed(): Promise<boolean> {
  if (!('geolocation' in navigator) || !navigator.permissions) return false;
  try {
    const { state } = await navigator.permissions.query({ name: 'geolocation' });
    if (state === 'granted') watch();
    return state === 'granted';
  } catch {
    // A browser that cannot tell counts as not allowed.
    return false;
  }
}

/** Asks the phone's owner. */
export function ask(): Promise<boolean> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(false);
    navigator.geolocation.getCurrentPosition(
      (position) => {
        last = position;
        watch();
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
