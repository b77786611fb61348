import type { Words } from '../en';

export const shell: Words['shell'] = {
  stopped: 'Diese Seite ist stehen geblieben. Was gespeichert war, ist auf diesem Telefon.',
  openAgain: 'Neu öffnen',
  newVersion: 'Eine neue Version ist bereit',
  reload: 'Neu laden',
  otherVersion:
    'Diese App und der Server haben verschiedene Versionen. Aktualisieren Sie zuerst; nichts geht verloren: was Sie erfassen, bleibt bis dahin hier.',
  lookAgain: 'Noch einmal nachsehen',
  cleared: (when, gone) => `Der Speicher dieses Telefons wurde nach ${when} gelöscht. ${gone} Melden Sie sich an, um weiterzumachen.`,
  nothingLost: 'Da wartete nichts auf das Senden.',
  lost: (what) => `${what} waren nicht gesendet und sind nicht zurückzuholen. Sagen Sie dem Büro Bescheid.`,
  opening: 'Wird geöffnet',
  notRecorded: 'Das wurde nicht erfasst. Versuchen Sie es noch einmal, oder schreiben Sie eine Notiz und sagen Sie dem Büro Bescheid.',
  notHereYet: 'Dieser Teil der App ist noch nicht auf diesem Telefon; dafür braucht es einmal Empfang.',
};
