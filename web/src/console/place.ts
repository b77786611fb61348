// Where phones were, in words.

import type { Place } from '../generated/Place';
import type { Position } from '../generated/Position';

const EARTH_RADIUS_M = 6_371_000;
const KM = 1000;

/** As maps take it. */
export function degrees({ latitude, longitude }: Position): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

export function within({ accuracy }: Position): string {
  return `within ${metres(accuracy)}`;
}

function metres(length: number): string {
  return length < KM ? `${Math.round(length)} m` : `${(length / KM).toFixed(1)} km`;
}

/** Along the surface, in metres. */
export function distance(a: Position, b: Position): number {
  const radians = (deg: number): number => (deg * Math.PI) / 180;
  const [north, east] = [radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2];
  const half = Math.sin(north) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** How far from where the same technician arrived; `null` where that is not known, or this is it. */
export function awayWords(place: Place, all: readonly Place[]): string | null {
  const arrived = all.find(({ of, technician }) => 'step' in of && of.step === 'arrived' && technician === place.technician);
  if (!arrived || arrived === place || ('step' in place.of && place.of.step === 'on_my_way')) return null;
  return `${metres(distance(arrived.position, place.position))} from where “Arrived” was recorded`;
}
