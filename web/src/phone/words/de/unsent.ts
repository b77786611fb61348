import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('de');
const list = listing('de');

const things = (photos: number, answers: number) =>
  list([
    ...(photos > 0 ? [many(photos, { one: '# Foto', other: '# Fotos' })] : []),
    ...(answers > 0 ? [many(answers, { one: '# Antwort', other: '# Antworten' })] : []),
  ]);

export const unsent: Words['unsent'] = {
  parked: { changes: 'Schritte und Antworten', record: 'Eine Notiz oder ein Ort', photo: 'Ein Foto' },
  giveUp: {
    recorded_again: 'Es wurde neu erfasst',
    brought_otherwise: 'Es kam auf anderem Weg an',
    not_needed: 'Es wird nicht gebraucht',
  },
  things,
  waits: (photos, answers) =>
    many(photos + answers, {
      one: `${things(photos, answers)} wartet auf diesem Telefon. Auch gesperrt sendet es, solange diese Seite offen ist.`,
      other: `${things(photos, answers)} warten auf diesem Telefon. Auch gesperrt sendet es, solange diese Seite offen ist.`,
    }),
  waitsSignedOut: (photos, answers) =>
    many(photos + answers, {
      one: `${things(photos, answers)} wartet auf diesem Telefon. Melden Sie sich an, um zu senden.`,
      other: `${things(photos, answers)} warten auf diesem Telefon. Melden Sie sich an, um zu senden.`,
    }),
  overdue:
    'Etwas davon wartet seit vorgestern oder länger. Gehen Sie dahin, wo es Netz gibt, und lassen Sie diese Seite offen, oder sagen Sie dem Büro Bescheid.',
  notTaken: 'Vom Server nicht angenommen',
  notTakenWhy: 'Alles andere geht weiter. Dies bleibt auf diesem Telefon.',
  because: (reason) => `Der Grund: ${reason}.`,
  takeOut: 'In eine Datei herausnehmen',
  whyGo: 'Warum kann es weg? Das Büro erfährt es; dann verlässt es dieses Telefon für immer.',
  keepIt: 'Behalten',
  letGo: 'Aufgeben',
  nothingGivenUp: 'Es wurde nichts aufgegeben.',
  save: 'Nicht Gesendetes in eine Datei speichern',
  saveWhy:
    'Für den Tag, an dem dieses Telefon nicht senden kann. Nur der Server kann die Datei lesen: geben Sie sie dem Büro oder einem anderen Telefon.',
  nothingToSave: 'Hier wartet nichts, was in eine Datei könnte.',
  saved: 'Gespeichert. Es bleibt auch auf diesem Telefon, bis der Server es hat.',
  fileNotMade: 'Die Datei wurde nicht erstellt. Versuchen Sie es noch einmal.',
  fromAnotherPhone: 'Arbeit von einem anderen Telefon',
  deliver: 'Nicht Gesendetes eines Telefons abliefern',
  deliverHow: 'Eine Datei, die Doorstep auf einem Telefon gespeichert hat, mit der Endung .dsr. Zweimal abliefern ändert nichts.',
  delivering: 'Wird abgeliefert',
  chooseFile: 'Datei wählen',
  fromPhone: (name) => `Vom Telefon von ${name}`,
  fromFile: 'Aus dieser Datei',
  delivered: (whose, what) => `${whose}: ${what} abgeliefert.`,
  hereAlready: (whose, what) => `${whose}: ${what} waren schon hier.`,
  thingsNotTaken: (n, reason) => `${many(n, { one: '# Sache', other: '# Sachen' })} nicht angenommen: ${reason}.`,
  fileCut: 'Die Datei bricht in der Mitte ab. Was davor kam, ist abgeliefert; für den Rest braucht es die ganze Datei.',
  fileEmpty: 'In dieser Datei ist nichts.',
  reason: {
    tooOld: 'es ist zu alt zum Öffnen: der Schlüssel seines Tages ist vernichtet',
    damaged: 'es lässt sich nicht öffnen; vielleicht ist es beschädigt',
    appNewer: 'die App auf dem Telefon ist neuer als der Server',
    unknownPhone: 'dieser Server kennt das Telefon nicht, von dem es kommt',
    notYours: 'der Einsatz gehörte nie diesem Techniker; was sich zurücklegen ließ, ist zurückgelegt',
    noVisit: 'der Server hat keinen solchen Einsatz',
    othersVisit: 'der Einsatz gehört einem anderen Techniker',
    visitExpired: 'die Zeit, die Daten dieses Einsatzes aufzubewahren, ist vorbei',
    pictureDamaged: 'das Bild ist beschädigt',
    notAPicture: 'es ist weder ein JPEG- noch ein PNG-Bild',
    pictureGone: 'sein Bild ist nicht mehr auf diesem Telefon',
    tooLong: 'es ist zu lang',
    full: 'im Abschluss dieses Einsatzes ist kein Platz mehr',
    incomplete: 'etwas, das davor erfasst wurde, fehlt',
    other: (code) => `der Server hat es nicht angenommen (${code})`,
  },
};
