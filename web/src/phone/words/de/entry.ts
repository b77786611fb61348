import type { Words } from '../en';

export const entry: Words['entry'] = {
  signInOnce: 'Melden Sie sich einmal mit Netz an. Danach öffnen sich die Aufträge von heute auch ohne.',
  byName: 'Mit Name und Passwort',
  byCode: 'Den Code vom Büro eingeben',
  backToPin: 'Zurück zur PIN',
  name: 'Name',
  password: 'Passwort',
  signIn: 'Anmelden',
  signingIn: 'Wird angemeldet',
  notATechnician: 'Diese Anmeldung gehört keinem Techniker',
  notATechnicianDetail: 'Die Übersicht ist in der Konsole.',
  openConsole: 'Konsole öffnen',
  code: 'Code vom Büro',
  scan: 'Mit der Kamera einlesen',
  useCode: 'Diesen Code verwenden',
  asking: 'Wird gefragt',
  install: 'Legen Sie Doorstep zuerst auf den Home-Bildschirm',
  installWhy:
    'In einem Tab des Browsers löscht dieses Telefon nach 7 Tagen ohne Nutzung, was Sie erfasst haben. Auf dem Home-Bildschirm bleibt es.',
  installShare: 'Tippen Sie auf *Teilen*, das Quadrat mit dem Pfeil.',
  installAdd: 'Tippen Sie auf *Zum Home-Bildschirm*, dann auf *Hinzufügen*.',
  installOpen: 'Öffnen Sie Doorstep vom Home-Bildschirm und melden Sie sich dort an.',
};
