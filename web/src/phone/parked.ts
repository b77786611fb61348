// Giving up what the server refused: the office is told first, then it leaves the phone.

import { get, giveUp as tell } from '../api';
import type { GiveUpReason } from '../generated/GiveUpReason';
import type { Parked } from '../generated/Parked';
import type { PhotoReceipt } from '../generated/PhotoReceipt';
import { app } from './app.svelte';

/** Where everything of a photo lies. */
function photoPlaces(photo: string): string[] {
  return ['photo', 'evidence', 'capture', 'photo-state'].map((kind) => `${kind}/${photo}`);
}

/** Throws what `explain` has words for: then the office does not know, and nothing was given up. */
export async function giveUp({ appointment, kind, place }: Parked, reason: GiveUpReason): Promise<void> {
  const { store, keeper, host } = app;
  if (!store || !keeper) return;
  const photo = place.slice(place.indexOf('/') + 1);
  if (kind === 'photo' && reason === 'brought_otherwise') {
    // Only the server's word says that it came; then it counts like one that this phone has sent.
    const receipt = await get<PhotoReceipt>(`/api/photos/${photo}/receipt`);
    await tell({ appointment, item: kind, reason });
    host?.dispatch({ uploaded: { receipt } });
    return;
  }
  await tell({ appointment, item: kind, reason });
  if (kind === 'photo') {
    // The closeout keeps that there was a photo, and does not wait for it any more.
    app.edit(appointment, { remove_photo: { photo } });
    await store.commit(keeper.device, [], photoPlaces(photo));
  } else {
    await store.commit(keeper.device, [], await store.placesOf(keeper.device, place));
  }
  // This page still has it in mind; one that is loaded anew does not.
  app.overtaken = true;
}
