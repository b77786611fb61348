import type { Words } from '../en';

export const serials: Words['serials'] = {
  serials: 'Seriennummern',
  optionalSerial: 'Falls es eine gibt',
  scan: 'Scannen',
  scanAgain: 'Neu scannen',
  type: 'Eintippen',
  number: 'Nummer',
  save: 'Nummer speichern',
  change: 'Ändern',
  scanned: 'Gescannt',
  typed: 'Eingetippt',
  fromPhoto: 'Aus einem Foto lesen',
  nothingFound: 'Auf diesem Foto ist kein Code zu erkennen. Gehen Sie näher heran, oder tippen Sie die Nummer ein.',
  tooLong: 'Eine Nummer hat höchstens 64 Zeichen.',
  sees: 'Was die Kamera sieht',
  typeInstead: 'Stattdessen eintippen',
  closed: 'Die Kamera ging nicht auf. Tippen Sie stattdessen.',
  missing: 'Das Lesen von Codes ist noch nicht auf diesem Telefon; dafür braucht es einmal Empfang. Tippen Sie stattdessen.',
};
