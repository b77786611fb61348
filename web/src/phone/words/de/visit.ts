import type { Words } from '../en';

export const visit: Words['visit'] = {
  onMyWay: {
    title: 'Wann werden Sie da sein?',
    minutes: (from, to) => `In ${from} bis ${to} Min.`,
    own: 'Andere Zeiten',
    save: 'Zeiten speichern',
    cancel: 'Jetzt nicht',
    from: 'Von',
    to: 'Bis',
    wrongOrder: 'Die zweite Zeit muss nach der ersten liegen.',
    said: (range) => `Erwartet ${range}`,
  },
  pause: { begin: 'Pause', end: 'Weiter', since: (time) => `Pause seit ${time}` },
  correct: {
    open: (step) => `Zeit berichtigen: ${step}`,
    title: (step) => `Wann war es? ${step}`,
    tapped: (time) => `Erfasst um ${time}. Das bleibt aufbewahrt.`,
    time: 'Uhrzeit',
    day: 'Tag',
    why: 'Warum',
    save: 'Zeit berichtigen',
    cancel: 'So lassen',
    corrected: (time) => `Berichtigt; erfasst um ${time}`,
    noTime: 'Da wurden die Uhren vorgestellt. Diese Uhrzeit gab es nicht.',
    inFuture: 'Diese Zeit ist noch nicht gekommen.',
    tooEarly: 'Das ist mehr als eine Woche vor dem Erfassen.',
    reason: {
      forgot_to_tap: 'Tippen vergessen',
      tapped_too_early: 'Zu früh getippt',
      phone_was_off: 'Das Telefon war aus',
      wrong_clock: 'Die Uhr ging falsch',
      other: 'Ein anderer Grund',
    },
  },
  crew: {
    title: 'Wer hier ist',
    more: 'Alle Kollegen zeigen',
    me: (name) => `${name} (Sie)`,
    unlinked: 'bei Amazon noch nicht verknüpft',
    lead: 'Zu zweit oder mehr erfasst jedes Telefon seine eigenen Schritte. Wer auf „Beendet“ tippt, beendet den Einsatz für alle.',
  },
};
