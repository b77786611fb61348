import type { Words } from '../en';

export const visit: Words['visit'] = {
  onMyWay: {
    title: 'Quand serez-vous sur place ?',
    minutes: (from, to) => `Dans ${from} à ${to} min`,
    own: 'Autres heures',
    save: 'Enregistrer les heures',
    cancel: 'Pas maintenant',
    from: 'De',
    to: 'À',
    wrongOrder: 'La seconde heure doit suivre la première.',
    said: (range) => `Attendu ${range}`,
  },
  pause: { begin: 'Faire une pause', end: 'Reprendre', since: (time) => `En pause depuis ${time}` },
  correct: {
    open: (step) => `Corriger l’heure : ${step}`,
    title: (step) => `C’était quand ? ${step}`,
    tapped: (time) => `Enregistré à ${time}. Cela reste gardé.`,
    time: 'Heure',
    day: 'Jour',
    why: 'Pourquoi',
    save: 'Corriger l’heure',
    cancel: 'Laisser ainsi',
    corrected: (time) => `Corrigée ; enregistré à ${time}`,
    noTime: 'Les horloges ont été avancées. Cette heure n’a pas existé.',
    inFuture: 'Cette heure n’est pas encore venue.',
    tooEarly: 'C’est plus d’une semaine avant l’enregistrement.',
    reason: {
      forgot_to_tap: 'Oublié de toucher',
      tapped_too_early: 'Touché trop tôt',
      phone_was_off: 'Le téléphone était éteint',
      wrong_clock: 'L’horloge était fausse',
      other: 'Une autre raison',
    },
  },
  crew: {
    title: 'Qui est ici',
    more: 'Afficher tous les collègues',
    me: (name) => `${name} (vous)`,
    unlinked: 'pas encore associé chez Amazon',
    lead: 'À deux ou plus, chaque téléphone enregistre ses propres étapes. Qui touche Fin clôt la visite pour tous.',
  },
};
