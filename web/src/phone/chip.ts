// What the chip says: never more than is true.

import type { View } from '../generated/View';

export interface Chip {
  words: string;
  tone: 'calm' | 'wait' | 'stop' | 'ok';
}

export function chipOf(view: View | null): Chip {
  if (!view) return { words: 'Opening', tone: 'calm' };
  const { sync, visits } = view;
  const toSend = sync.changesToSend + sync.photosToSend;
  const waiting = toSend > 0 ? ` · ${toSend} to send` : '';
  if (sync.notSaved !== null || visits.some((visit) => visit.state === 'not_saved')) {
    return { words: 'Not saved', tone: 'stop' };
  }
  if (visits.some((visit) => visit.state === 'saving')) return { words: `Saving${waiting}`, tone: 'calm' };
  if (sync.signedOut) return { words: `Sign in to send${waiting}`, tone: 'stop' };
  const refused = visits.some((visit) => visit.photos.some((photo) => photo.state.kind === 'refused'));
  if (refused) return { words: `Photo refused${waiting}`, tone: 'stop' };
  if (toSend > 0 || visits.some((visit) => visit.state === 'on_phone')) {
    return { words: `Saved on this phone${waiting}`, tone: 'wait' };
  }
  if (visits.some((visit) => visit.state === 'safe')) return { words: 'Safe', tone: 'ok' };
  return { words: 'Nothing to send', tone: 'calm' };
}
