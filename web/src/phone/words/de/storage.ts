import type { Words } from '../en';

export const storage: Words['storage'] = {
  full: 'Der Speicher des Telefons ist voll. Löschen Sie etwas, das Sie nicht brauchen, und versuchen Sie es dann noch einmal.',
  closed: 'Der Speicher wurde von einem anderen Fenster geschlossen. Schließen Sie diese Seite und öffnen Sie sie neu.',
  noAnswer: 'Der Speicher des Telefons antwortet nicht. Schließen Sie Doorstep und öffnen Sie es neu; was gespeichert war, ist aufbewahrt.',
  failed: 'Das Telefon hat nicht in seinen Speicher geschrieben. Versuchen Sie es noch einmal.',
  notOpened: 'Der Speicher dieses Telefons geht nicht auf. Schließen Sie Doorstep und öffnen Sie es neu; darin wurde nichts verändert.',
  lock: 'Die Sperre dieses Telefons antwortet nicht. Schließen Sie Doorstep und öffnen Sie es neu; darin wurde nichts verändert.',
};
