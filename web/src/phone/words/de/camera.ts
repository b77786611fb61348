import type { camera as english } from '../en/camera';

/** The camera in the page, and what became of the phone's own. */
export const camera: typeof english = {
  here: 'Kamera in dieser Seite',
  shutter: 'Foto auslösen',
  close: 'Schließen',
  light: 'Licht',
  opening: 'Die Kamera geht an.',
  refused:
    'Diese Seite darf die Kamera nicht benutzen. Erlauben Sie es in den Einstellungen des Browsers für diese Seite, oder schließen Sie dies und nehmen Sie die Kamera des Telefons.',
  none: 'Diese Seite findet an diesem Telefon keine Kamera. Schließen Sie dies und nehmen Sie die Kamera des Telefons.',
  busy: 'Die Kamera ging nicht an; vielleicht benutzt sie eine andere Anwendung. Schließen Sie jene und versuchen Sie es noch einmal, oder nehmen Sie die Kamera des Telefons.',
  away: 'Die Kamera wurde ausgeschaltet, solange diese Seite nicht zu sehen war.',
  again: 'Kamera einschalten',
  lost: (at) =>
    `Die Kamera wurde um ${at} geöffnet, und es kam kein Foto von ihr zurück. Alles andere ist noch da. Nehmen Sie das Foto noch einmal auf; schließt sich diese Seite wieder, nehmen Sie die Kamera in dieser Seite.`,
  larger: (about) => `Größer zeigen: ${about}`,
};
