// What the chip says: never more than is true.

import type { View } from '../generated/View';

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
  if (sync.notSaved !== null || visits.some((visit) => visit.state === 'not_saved')) {
    return { words: 'Not saved', tone: 'stop' };
  }
  if (visits.some((visit) => visit.state === 'saving')) return { words: 'Saving', tone: 'calm' };
  if (sync.signedOut) return { words: 'Signed out', tone: 'stop' };
  const refused = visits.some((visit) => visit.photos.some((photo) => photo.state.kind === 'refused'));
  if (refused) return { words: 'Photo refused', tone: 'stop' };
  if (toSend > 0 || visits.some((visit) => visit.state === 'on_phone')) {
    return { words: 'Saved on this phone', tone: 'wait' };
  }
  if (visits.some((visit) => visit.state === 'safe')) return { words: 'Safe', tone: 'ok' };
  return { words: 'Nothing to send', tone: 'calm' };
}
