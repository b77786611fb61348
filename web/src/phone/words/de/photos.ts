import type { Words } from '../en';

export const photos: Words['photos'] = {
  take: 'Foto aufnehmen',
  another: 'Noch eins aufnehmen',
  photo: 'Foto',
  proof: 'Nachweis',
  sending: 'Wird gesendet',
  remove: 'Entfernen',
  again: 'Neu aufnehmen',
  replaced: 'Ersetzt. Es wird entfernt, wenn Sie den Auftrag verlassen.',
  bringBack: 'Zurückholen',
  caption: 'Was es zeigt',
  sample: 'So sollte es aussehen',
  pair: (other) => `Derselbe Blick wie: ${other}`,
  putAway: 'Weglegen',
  reserveUsed:
    'Das Foto ist gespeichert, im letzten Platz, den dieses Telefon dafür hatte. Lassen Sie das Telefon senden, was wartet, und löschen Sie etwas, das Sie nicht brauchen.',
  notSaved: 'Das Foto wurde nicht gespeichert. Nehmen Sie es neu auf.',
  empty: 'Diese Datei hat keinen Inhalt. Nehmen Sie das Foto neu auf, oder wählen Sie ein anderes.',
  tooLarge: 'Dieses Bild ist zu groß für Amazon. Nehmen Sie das Foto neu auf, oder wählen Sie ein anderes.',
  notAPicture: 'Diese Datei ist kein JPEG- oder PNG-Bild. Nehmen Sie das Foto neu auf, oder wählen Sie ein anderes.',
  undecodable:
    'Dieses Bild lässt sich nicht öffnen; vielleicht fehlt ein Teil. Nehmen Sie das Foto neu auf, oder wählen Sie ein anderes.',
  failed:
    'Das Telefon ist mit diesem Bild nicht fertig geworden; vielleicht fehlt ihm Speicher. Schließen Sie andere Apps und nehmen Sie das Foto neu auf.',
  doesNotCount: 'Dieses Bild zählt nicht als Nachweis. Nehmen Sie das Foto neu auf, oder wählen Sie ein anderes.',
};
