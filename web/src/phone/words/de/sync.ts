import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const sync: Words['sync'] = {
  sync: 'Abgleich',
  notSaved: (why) => `Nicht gespeichert: ${why}`,
  signedOut: 'Der Server hat Sie abgemeldet. Alles Erfasste ist auf diesem Telefon. Melden Sie sich an, um es zu senden.',
  lastContact: 'Letzter Kontakt',
  noneYet: 'Noch keiner',
  waiting: 'Wartet',
  toSend: (what) => `${what} zu senden`,
  stepsAndAnswers: 'Schritte und Antworten',
  photos: 'Fotos',
  refused: 'Abgelehnt',
  refusedTimes: (n) =>
    `${many(n, { other: '#-mal' })} hat der Server etwas nicht angenommen. Nichts ist verloren: es liegt dort oder auf diesem Telefon.`,
  clock: 'Uhr',
  storage: 'Speicher',
  used: (used, all) => `${used} von ${all} belegt.`,
  nearlyFull: 'Für Fotos ist kaum noch Platz: löschen Sie auf diesem Telefon etwas, das Sie nicht brauchen.',
  noReserve: 'Für die nächsten Fotos konnte kein Platz zurückgelegt werden.',
  mayBeCleared: 'Der Browser löscht ihn vielleicht, wenn dem Telefon der Platz ausgeht.',
  withoutNetwork: 'Ohne Netz',
  askToKeep: 'Den Browser bitten, ihn zu behalten',
  install: 'Doorstep auf diesem Telefon installieren',
  tryNow: 'Jetzt versuchen',
  place: 'Ort',
  placeWhy:
    'Schritte und Fotos werden ohne Ort erfasst. Wenn Sie es erlauben, wird er verschlüsselt beim Einsatz aufbewahrt, für das Büro, und mit den Daten des Einsatzes gelöscht.',
  placeToo: 'Den Ort mit erfassen',
  lockNow: 'Jetzt sperren',
  signedInAs: (name) => `Angemeldet als ${name}`,
  leaving: (unsent) =>
    `Noch nicht gesendet: ${unsent}. Das bleibt gesperrt auf diesem Telefon und wird gesendet, sobald Sie sich hier wieder anmelden. Löschen Sie die App nicht vorher.`,
  leavingSafe:
    'Alles, was Sie erfasst haben, ist beim Server. Die Aufträge von heute sind auf diesem Telefon gesperrt, bis Sie sich wieder anmelden.',
  signOut: 'Abmelden',
  signOutAsk: 'Abmelden …',
  stay: 'Bleiben',
  leftUntold: 'Dieses Telefon ist abgemeldet. Der Server weiß es nicht; dort endet die Sitzung von selbst.',
  oldestWaits: (age) => `das älteste wartet ${age}`,
  sendingNow: 'wird gerade gesendet',
  nextTry: (wait) => `nächster Versuch in ${wait}`,
  allSafe: 'Alles sicher',
  allSafeSince: (time) => `Alles sicher seit ${time}`,
  lastSent: (time) => `zuletzt gesendet ${time}`,
  notAllSafe: 'Nicht alles sicher',
  noneToSend: 'Keine zu senden',
  someSafe: (safe, all) => `${many(safe, { other: '#' })} von ${many(all, { other: '#' })} sicher`,
  unreachable: 'Keine Antwort vom Server; vielleicht gibt es kein Netz.',
  signInAgain: 'Der Server möchte, dass Sie sich neu anmelden.',
};
