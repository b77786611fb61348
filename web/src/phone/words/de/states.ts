import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('de');
const list = listing('de');

export const states: Words['states'] = {
  nothingRecorded: 'Noch nichts erfasst',
  saving: 'Wird gespeichert',
  notSaved: 'Nicht gespeichert',
  onPhone: 'Auf diesem Telefon gespeichert',
  safe: 'Sicher',
  signedOut: 'Abgemeldet',
  photoRefused: 'Foto abgelehnt',
  nothingToSend: 'Nichts zu senden',
  toSend: (n) => many(n, { other: '# zu senden' }),
  elsewhere: 'Auf einem anderen Telefon',
  sending: (percent) => `Wird gesendet: ${percent} %`,
  refused: (why) => `Abgelehnt: ${why}`,
  ready: 'Fertig zum Gehen',
  missing: (n) => many(n, { one: '# Punkt fehlt', other: '# Punkte fehlen' }),
  changes: (n) => many(n, { one: '# Änderung', other: '# Änderungen' }),
  photos: (n) => many(n, { one: '# Foto', other: '# Fotos' }),
  nothing: 'Nichts',
  together: (parts) => list(parts),
  cancelled: 'Bei Amazon storniert',
  completed: 'Bei Amazon abgeschlossen',
  pendingSchedule: 'Wartet bei Amazon auf einen Termin',
  notFulfillable: 'Amazon kann diesen Auftrag nicht ausführen',
  hold: 'Bei Amazon angehalten',
  paymentDeclined: 'Zahlung bei Amazon abgelehnt',
  amazonSays: (status) => `Amazon meldet: ${status}`,
};
