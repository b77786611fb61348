import type { Words } from '../en';

export const tour: Words['tour'] = {
  of: (n, all) => `${n} von ${all}`,
  skip: 'Überspringen',
  next: 'Weiter',
  done: 'Verstanden',
  record: 'Erfassen Sie unterwegs',
  recordWhy: 'Öffnen Sie einen Auftrag und tippen Sie auf den Knopf unten: unterwegs, angekommen, begonnen, Fotos, beendet. Das geht auch ohne Netz.',
  chip: 'Die Worte oben sagen, wo es ist',
  chipWhy: '„Auf diesem Telefon gespeichert“: es ist hier aufbewahrt und geht von selbst weiter. „Sicher“: der Server hat es. Tippen Sie darauf, um zu sehen, was wartet.',
  leave: 'Gehen Sie, wenn es grün ist',
  leaveWhy: '„Fertig zum Gehen“ am Ende des Auftrags nennt, was fehlt, und jede Zeile führt hin. Ist es grün, hat Amazon keinen Grund abzulehnen.',
  again: 'Die Einführung noch einmal zeigen',
};
