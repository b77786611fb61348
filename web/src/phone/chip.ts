// What the chip says: never more than is true.

import type { View } from '../generated/View';
import { words } from './tongue.svelte';

export interface Chip {
  words: string;
  toSend: number;
  tone: 'calm' | 'wait' | 'stop' | 'ok';
}

export function chipOf(view: View): Chip {
  const toSend = view.sync.changesToSend + view.sync.photosToSend;
  return { ...state(view, toSend), toSend };
}

function state({ sync, visits }: View, toSend: number): Omit<Chip, 'toSend'> {
  const { states } = words();
  if (sync.notSaved !== null || visits.some((visit) => visit.state === 'not_saved')) {
    return { words: states.notSaved, tone: 'stop' };
  }
  if (visits.some((visit) => visit.state === 'saving')) return { words: states.saving, tone: 'calm' };
  if (sync.signedOut) return { words: states.signedOut, tone: 'stop' };
  const refused = visits.some((visit) => visit.photos.some((photo) => photo.state.kind === 'refused'));
  if (refused) return { words: states.photoRefused, tone: 'stop' };
  if (toSend > 0 || visits.some((visit) => visit.state === 'on_phone')) {
    return { words: states.onPhone, tone: 'wait' };
  }
  if (visits.some((visit) => visit.state === 'safe')) return { words: states.safe, tone: 'ok' };
  return { words: states.nothingToSend, tone: 'calm' };
}
