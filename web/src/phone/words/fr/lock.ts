import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const lock: Words['lock'] = {
  choose: 'Choisissez un PIN',
  again: 'Saisissez-le à nouveau',
  chooseWhy:
    '8 chiffres ou plus. Il ouvre les interventions d’aujourd’hui sur ce téléphone, sans réseau. Personne d’autre ne le connaît, pas même le bureau.',
  againWhy: 'Les mêmes chiffres encore une fois, pour qu’une faute de frappe ne vous enferme pas dehors.',
  pin: 'PIN',
  account: (name) => `${name} · PIN`,
  next: 'Suivant',
  use: 'Utiliser ce PIN',
  locking: 'Mise sous clé des interventions',
  differ: 'Les deux diffèrent. Choisissez le PIN à nouveau.',
  chooseFailed: 'Le téléphone n’a pas terminé. Choisissez le PIN à nouveau.',
  locked: 'Verrouillé',
  lockedWhy: (name) => `${name}, votre PIN ouvre les interventions d’aujourd’hui. Pas besoin de réseau.`,
  unlock: 'Déverrouiller',
  unlocking: 'Déverrouillage en cours',
  forgot: 'PIN oublié ? Connectez-vous avec votre mot de passe',
  unlockFailed: 'Le téléphone n’a pas terminé. Essayez encore ; rien n’est perdu.',
  digits: 'Chiffres',
  delete: 'Effacer',
  notDigits: 'Un PIN n’a que des chiffres.',
  tooShort:
    'Prenez 8 chiffres ou plus. Avec moins, quelqu’un qui aurait copié le contenu de ce téléphone pourrait tous les essayer.',
  tooLong: 'Prenez 16 chiffres au plus.',
  repeats: 'Les chiffres répétés sont essayés en premier. Choisissez-en d’autres.',
  run: 'Les chiffres qui se suivent sont essayés en premier. Choisissez-en d’autres.',
  another: 'Choisissez un autre PIN.',
  wrong: (left) => `PIN incorrect. ${left}`,
  wrongWait: (wait, left) => `PIN incorrect. Attendez ${wait}. ${left}`,
  triesLeft: (n) =>
    `Encore ${many(n, { one: '# essai', other: '# essais' })}. Ensuite les interventions quittent ce téléphone ; ce que vous avez enregistré reste.`,
  wait: (wait) => `Attendez ${wait}, puis essayez encore.`,
  broken: 'Ce téléphone a perdu une partie de son verrou. Connectez-vous avec votre mot de passe ; ce que vous avez enregistré est gardé.',
  clockBack: (much) =>
    `L’horloge de ce téléphone a été reculée de ${much}. Allez là où il y a du réseau et déverrouillez à nouveau : le serveur donne l’heure. Ce que vous avez enregistré est gardé.`,
  leaseEnded: 'Les interventions de ce téléphone ont expiré. Connectez-vous avec du réseau',
  wrongPins: 'Dix PIN incorrects : les interventions ont quitté ce téléphone. Connectez-vous avec du réseau',
  revoked: 'Le bureau a retiré les interventions de ce téléphone. Demandez au bureau',
  endedKept: (why, unsent) => `${why} ; ce que vous avez enregistré est gardé : ${unsent}.`,
  endedSafe: (why) => `${why}. Tout ce que vous avez enregistré est sur le serveur.`,
};
