import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const sync: Words['sync'] = {
  sync: 'Synchronisation',
  notSaved: (why) => `Non enregistré : ${why}`,
  signedOut: 'Le serveur vous a déconnecté. Tout ce qui est enregistré est sur ce téléphone. Connectez-vous pour l’envoyer.',
  lastContact: 'Dernier contact',
  noneYet: 'Aucun pour l’instant',
  waiting: 'En attente',
  toSend: (what) => `${what} à envoyer`,
  stepsAndAnswers: 'Étapes et réponses',
  photos: 'Photos',
  refused: 'Refusé',
  refusedTimes: (n) =>
    `${many(n, { other: '# fois' })}, le serveur n’a pas accepté quelque chose. Rien n’est perdu : c’est gardé là-bas ou sur ce téléphone.`,
  clock: 'Horloge',
  storage: 'Stockage',
  used: (used, all) => `${used} sur ${all} utilisés.`,
  nearlyFull: 'Il reste peu de place pour les photos : supprimez ce dont vous n’avez pas besoin sur ce téléphone.',
  noReserve: 'Aucune place n’a pu être réservée pour les prochaines photos.',
  mayBeCleared: 'Le navigateur peut l’effacer quand le téléphone manque de place.',
  withoutNetwork: 'Sans réseau',
  askToKeep: 'Demander au navigateur de le garder',
  install: 'Installer Doorstep sur ce téléphone',
  tryNow: 'Essayer maintenant',
  place: 'Lieu',
  placeWhy:
    'Les étapes et les photos sont enregistrées sans lieu. Si vous le permettez, il est gardé chiffré avec la visite, pour le bureau, et supprimé avec les données de la visite.',
  placeToo: 'Enregistrer aussi le lieu',
  lockNow: 'Verrouiller',
  signedInAs: (name) => `Connecté en tant que ${name}`,
  leaving: (unsent) =>
    `Pas encore envoyé : ${unsent}. Cela reste sur ce téléphone, verrouillé, et part quand vous vous reconnectez ici. Ne supprimez pas l’application avant.`,
  leavingSafe:
    'Tout ce que vous avez enregistré est sur le serveur. Les interventions d’aujourd’hui sont verrouillées sur ce téléphone jusqu’à votre retour.',
  signOut: 'Se déconnecter',
  signOutAsk: 'Se déconnecter …',
  stay: 'Rester',
  leftUntold: 'Ce téléphone est déconnecté. Le serveur n’a pas été prévenu ; sa session se termine d’elle-même.',
  oldestWaits: (age) => `le plus ancien attend depuis ${age}`,
  sendingNow: 'envoi en cours',
  nextTry: (wait) => `prochain essai dans ${wait}`,
  allSafe: 'Tout est en lieu sûr',
  allSafeSince: (time) => `Tout est en lieu sûr depuis ${time}`,
  lastSent: (time) => `dernier envoi ${time}`,
  notAllSafe: 'Tout n’est pas en lieu sûr',
  noneToSend: 'Aucune à envoyer',
  someSafe: (safe, all) => `${many(safe, { other: '#' })} sur ${many(all, { other: '#' })} en lieu sûr`,
  unreachable: 'Le serveur ne répond pas ; il n’y a peut-être pas de réseau.',
  signInAgain: 'Le serveur vous demande de vous reconnecter.',
};
