import type { Words } from '../en';

export const entry: Words['entry'] = {
  signInOnce: 'Connectez-vous une fois avec du réseau. Ensuite, les interventions d’aujourd’hui s’ouvrent sans.',
  byName: 'Utiliser nom et mot de passe',
  byCode: 'Saisir le code du bureau',
  backToPin: 'Retour au PIN',
  name: 'Nom',
  password: 'Mot de passe',
  signIn: 'Se connecter',
  signingIn: 'Connexion en cours',
  notATechnician: 'Ce compte n’est pas celui d’un technicien',
  notATechnicianDetail: 'Le tableau est dans la console.',
  openConsole: 'Ouvrir la console',
  code: 'Code du bureau',
  scan: 'Le lire avec l’appareil photo',
  useCode: 'Utiliser ce code',
  asking: 'Vérification en cours',
  install: 'Mettez d’abord Doorstep sur l’écran d’accueil',
  installWhy:
    'Dans un onglet du navigateur, ce téléphone efface ce que vous avez enregistré après 7 jours sans utilisation. Sur l’écran d’accueil, cela reste.',
  installShare: 'Touchez *Partager*, le carré avec une flèche.',
  installAdd: 'Touchez *Sur l’écran d’accueil*, puis *Ajouter*.',
  installOpen: 'Ouvrez Doorstep depuis l’écran d’accueil et connectez-vous là.',
};
