import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const lock: Words['lock'] = {
  choose: 'PIN wählen',
  again: 'Noch einmal eingeben',
  chooseWhy:
    '8 Ziffern oder mehr. Sie öffnet die Aufträge von heute auf diesem Telefon, ohne Netz. Niemand sonst kennt sie, auch das Büro nicht.',
  againWhy: 'Dieselben Ziffern noch einmal, damit ein Tippfehler Sie nicht aussperrt.',
  pin: 'PIN',
  account: (name) => `${name} · PIN`,
  next: 'Weiter',
  use: 'Diese PIN verwenden',
  locking: 'Die Aufträge werden gesichert',
  differ: 'Die beiden sind verschieden. Wählen Sie die PIN noch einmal.',
  chooseFailed: 'Das Telefon ist nicht fertig geworden. Wählen Sie die PIN noch einmal.',
  locked: 'Gesperrt',
  lockedWhy: (name) => `${name}, Ihre PIN öffnet die Aufträge von heute. Dafür braucht es kein Netz.`,
  unlock: 'Entsperren',
  unlocking: 'Wird entsperrt',
  forgot: 'PIN vergessen? Mit dem Passwort anmelden',
  unlockFailed: 'Das Telefon ist nicht fertig geworden. Versuchen Sie es noch einmal; nichts ist verloren.',
  digits: 'Ziffern',
  delete: 'Löschen',
  notDigits: 'Eine PIN hat nur Ziffern.',
  tooShort:
    'Nehmen Sie 8 Ziffern oder mehr. Mit weniger könnte jemand, der den Speicher dieses Telefons kopiert hat, alle durchprobieren.',
  tooLong: 'Nehmen Sie höchstens 16 Ziffern.',
  repeats: 'Ziffern, die sich wiederholen, werden zuerst probiert. Wählen Sie andere.',
  run: 'Ziffern in Folge werden zuerst probiert. Wählen Sie andere.',
  another: 'Wählen Sie eine andere PIN.',
  wrong: (left) => `Falsche PIN. ${left}`,
  wrongWait: (wait, left) => `Falsche PIN. Warten Sie ${wait} ${left}`,
  triesLeft: (n) =>
    `Noch ${many(n, { one: '# Versuch', other: '# Versuche' })}. Danach verlassen die Aufträge dieses Telefon; was Sie erfasst haben, bleibt.`,
  wait: (wait) => `Warten Sie ${wait} und versuchen Sie es dann noch einmal.`,
  broken: 'Dieses Telefon hat einen Teil seiner Sperre verloren. Melden Sie sich mit dem Passwort an; was Sie erfasst haben, ist aufbewahrt.',
  clockBack: (much) =>
    `Die Uhr dieses Telefons wurde um ${much} zurückgestellt. Gehen Sie dahin, wo es Netz gibt, und entsperren Sie noch einmal: der Server sagt die Zeit. Was Sie erfasst haben, ist aufbewahrt.`,
  leaseEnded: 'Die Aufträge auf diesem Telefon sind abgelaufen. Melden Sie sich mit Netz an',
  wrongPins: 'Zehn falsche PINs: die Aufträge haben dieses Telefon verlassen. Melden Sie sich mit Netz an',
  revoked: 'Das Büro hat die Aufträge von diesem Telefon genommen. Fragen Sie im Büro',
  endedKept: (why, unsent) => `${why}; was Sie erfasst haben, ist aufbewahrt: ${unsent}.`,
  endedSafe: (why) => `${why}. Alles, was Sie erfasst haben, ist beim Server.`,
};
