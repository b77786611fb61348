import type { Words } from '../en';

export const steps: Words['steps'] = {
  step: { on_my_way: 'Unterwegs', arrived: 'Angekommen', started: 'Begonnen', finished: 'Beendet' },
  answer: { yes: 'Ja', no: 'Nein', not_applicable: 'Trifft nicht zu' },
  steps: 'Schritte',
  proof: 'Nachweis',
  done: 'Erledigt',
  show: 'Zeigen',
  recordAgain: (step) => `${step}: neu erfassen`,
  now: (step) => `Jetzt: ${step}`,
  backToToday: 'Zurück zu heute',
  startWithoutProduct: 'Produkt nicht geliefert: trotzdem beginnen',
  finishForAll: (names) => `Noch bei der Arbeit: ${names}. Für alle beenden`,
  takePhotoOf: (shot) => `Foto aufnehmen: ${shot}`,
  next: (place) => `Als Nächstes: ${place}`,
  seeWhatChanged: 'Ansehen, was Amazon geändert hat',
  notStarted: 'Nicht begonnen',
  keepsOpen: 'Mit dieser Antwort bleibt der Auftrag offen. Beheben Sie es, oder schreiben Sie eine Notiz und rufen Sie das Büro an.',
};
