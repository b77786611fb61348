import type { Words } from '../en';

export const job: Words['job'] = {
  navigate: 'Navigieren',
  call: 'Anrufen',
  movedOrCancelled:
    'Dieser Einsatz wurde bei Amazon verlegt oder storniert. Was Sie erfasst haben, ist aufbewahrt. Rufen Sie das Büro an.',
  closed: (status) => `${status}. Was Sie erfasst haben, ist aufbewahrt.`,
  imported:
    'Dieser Auftrag kommt aus einer Datei; Amazon hat ihn noch nicht bestätigt. Erfassen Sie den Einsatz wie immer: alles wird aufbewahrt, und vorher wird nichts an Amazon gesendet.',
  companion: 'Dieser Auftrag wird in Amazons App geschlossen. Was Sie hier erfassen, ist als Nachweis aufbewahrt und wird nicht gesendet.',
  documentComing:
    'Der Abschluss dieses Auftrags ist noch unterwegs zu diesem Telefon. Sobald er da ist, können Sie erfassen; dafür braucht es einmal Netz.',
  notOffline: 'Dieser Auftrag ist noch nicht ohne Netz nutzbar. Bleiben Sie so lange, wo es Netz gibt.',
  notes: 'Notizen',
  notesFor: 'Für das Büro; Amazon bekommt sie nicht',
  gone: 'Dieser Auftrag ist nicht mehr auf diesem Telefon. Die Liste von heute zeigt alle, die es sind.',
};
