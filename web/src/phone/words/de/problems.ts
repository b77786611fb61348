import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const problems: Words['problems'] = {
  told: {
    name_or_password_wrong: {
      title: 'Name und Passwort passen nicht zusammen',
      detail: 'Prüfen Sie beides und versuchen Sie es noch einmal. Groß- und Kleinschreibung zählt.',
    },
    enrolment_needed: {
      title: 'Dieses Telefon ist noch nicht aufgenommen',
      detail: 'Fragen Sie im Büro nach einem Code und geben Sie ihn hier ein.',
    },
    code_wrong: {
      title: 'Dieser Code gilt nicht',
      detail: 'Sehen Sie noch einmal hin, oder fragen Sie im Büro nach einem neuen: ein Code gilt einmal, 15 Minuten lang.',
    },
    signed_out: { title: 'Sie sind abgemeldet', detail: 'Melden Sie sich neu an. Auf diesem Telefon ist nichts verloren.' },
    phone_revoked: {
      title: 'Das Büro hat dieses Telefon von seiner Liste genommen',
      detail: 'Was Sie erfasst haben, ist aufbewahrt und wird weiter gesendet. Fragen Sie im Büro.',
    },
    unlock_wanted: {
      title: 'Dieses Telefon muss erst entsperrt werden',
      detail: 'Entsperren Sie es mit der PIN oder melden Sie sich neu an. Was gespeichert ist, bleibt.',
    },
    not_your_role: {
      title: 'Das gehört nicht zu Ihrer Rolle',
      detail: 'Melden Sie sich mit einem Konto an, das diese Rolle hat.',
    },
    no_such_visit: {
      title: 'Dieser Einsatz ist nicht auf Ihrer Liste',
      detail: 'Fragen Sie im Büro, wer ihn bekommen hat. Was Sie erfasst haben, bleibt auf diesem Telefon.',
    },
    visit_expired: {
      title: 'Die Zeit, die Daten dieses Einsatzes aufzubewahren, ist vorbei',
      detail: 'Es lässt sich nichts mehr hinzufügen. Sagen Sie dem Büro Bescheid.',
    },
    photo_not_on_phone: {
      title: 'Das Bild ist nicht mehr auf diesem Telefon',
      detail: 'Auch der Server hat es nicht. Entfernen Sie es hier und nehmen Sie es neu auf.',
    },
    photo_empty: { title: 'Das Foto ist leer', detail: 'Nehmen Sie es neu auf.' },
    photo_too_large: { title: 'Das Foto ist zu groß für Amazon', detail: 'Nehmen Sie es kleiner neu auf.' },
    photo_not_jpeg_or_png: { title: 'Das ist kein JPEG- oder PNG-Bild', detail: 'Nehmen Sie es mit der Kamera neu auf.' },
    photo_key_gone: {
      title: 'Das Foto ist zu alt zum Öffnen',
      detail: 'Nehmen Sie es neu auf, oder sagen Sie dem Büro Bescheid.',
    },
    photo_does_not_open: {
      title: 'Das Foto lässt sich nicht öffnen; vielleicht ist es beschädigt',
      detail: 'Nehmen Sie es neu auf, oder sagen Sie dem Büro Bescheid.',
    },
    photo_not_safe: {
      title: 'Der Server hat dieses Foto noch nicht',
      detail: 'Liefern Sie erst die Datei ab, in der es ist.',
    },
    photo_damaged: { title: 'Das Bild ist beschädigt', detail: 'Nehmen Sie es neu auf.' },
    photo_too_many_pixels: { title: 'Das Bild hat mehr Pixel, als ein Foto hat', detail: 'Nehmen Sie es kleiner neu auf.' },
    photo_envelope_unknown: {
      title: 'Das Foto ist so verpackt, wie der Server es nicht kennt',
      detail: 'Es bleibt auf diesem Telefon. Laden Sie die App neu, oder sagen Sie dem Büro Bescheid.',
    },
    not_a_bundle: {
      title: 'In dieser Datei ist nichts Ungesendetes von einem Telefon',
      detail: 'Wählen Sie eine Datei, die Doorstep gespeichert hat; sie endet auf .dsr.',
    },
    bundle_version_unknown: {
      title: 'Diese Datei ist neuer als der Server',
      detail: 'Heben Sie sie auf und sagen Sie dem Büro Bescheid: nach einer Aktualisierung lässt sie sich abliefern.',
    },
    name_too_long: { title: 'Der Name ist zu lang', detail: 'Prüfen Sie ihn und versuchen Sie es noch einmal.' },
    upload_differs: {
      title: 'Der Server hat hier ein anderes Foto',
      detail: 'Es bleibt auf diesem Telefon; sagen Sie dem Büro Bescheid.',
    },
    receipt_differs: {
      title: 'Der Server hat unter diesem Foto andere Daten',
      detail: 'Es bleibt auf diesem Telefon; sagen Sie dem Büro Bescheid.',
    },
    sync_version_unknown: {
      title: 'Diese App ist neuer oder älter als der Server',
      detail: 'Laden Sie die App neu. Was auf dem Telefon gespeichert ist, bleibt dort.',
    },
    too_large: { title: 'Das ist mehr, als in eine Anfrage passt', detail: 'Senden Sie weniger auf einmal.' },
    internal: {
      title: 'Auf dem Server ging etwas schief',
      detail: 'Versuchen Sie es gleich noch einmal. Was auf dem Telefon gespeichert ist, bleibt dort.',
    },
  },
  tooManyAttempts: 'Zu viele Versuche',
  waitMinutes: (n) =>
    many(n, {
      one: 'Warten Sie # Minute und versuchen Sie es dann noch einmal.',
      other: 'Warten Sie # Minuten und versuchen Sie es dann noch einmal.',
    }),
  noConnection: 'Keine Verbindung',
  noConnectionDetail: 'Der Server hat nicht geantwortet. Versuchen Sie es noch einmal, wo es Netz gibt.',
  didNotWork: 'Das ging nicht',
  didNotWorkDetail: 'Versuchen Sie es noch einmal. Was auf diesem Telefon gespeichert ist, bleibt dort.',
};
