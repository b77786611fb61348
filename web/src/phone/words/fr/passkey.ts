import type { Words } from '../en';

export const passkey: Words['passkey'] = {
  title: 'Déverrouiller avec le verrou de ce téléphone',
  why: 'Votre empreinte, votre visage ou le verrouillage de l’écran peuvent ouvrir Doorstep sur ce téléphone. Le code PIN reste valable.',
  isOn: 'Votre empreinte, votre visage ou le verrouillage de l’écran ouvrent Doorstep sur ce téléphone. Le code PIN aussi.',
  add: 'L’utiliser',
  notNow: 'Pas maintenant',
  remove: 'Garder le code PIN seul',
  unlock: 'Déverrouiller par empreinte, visage ou verrouillage de l’écran',
  dismissed: 'Rien n’a changé. Réessayez, ou utilisez le code PIN.',
  unable: 'Ce téléphone ne le permet pas. Le code PIN l’ouvre comme avant.',
  usePin: 'Cela n’a pas ouvert. Utilisez le code PIN ; rien n’est perdu.',
};
