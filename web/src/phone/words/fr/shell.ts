import type { Words } from '../en';

export const shell: Words['shell'] = {
  stopped: 'Cette page s’est arrêtée. Ce qui était enregistré est sur ce téléphone.',
  openAgain: 'Ouvrir à nouveau',
  newVersion: 'Une nouvelle version est prête',
  reload: 'Recharger',
  otherVersion:
    'L’application et le serveur ont des versions différentes. Mettez d’abord à jour ; rien n’est perdu : ce que vous enregistrez reste ici jusque-là.',
  lookAgain: 'Vérifier à nouveau',
  cleared: (when, gone) => `Le stockage de ce téléphone a été effacé après ${when}. ${gone} Connectez-vous pour continuer.`,
  nothingLost: 'Rien n’attendait d’être envoyé.',
  lost: (what) => `Non envoyé et irrécupérable : ${what}. Prévenez le bureau.`,
  opening: 'Ouverture en cours',
  notRecorded: 'Cela n’a pas été enregistré. Essayez encore, ou écrivez une remarque et prévenez le bureau.',
  notHereYet: 'Cette partie de l’application n’est pas encore sur ce téléphone ; il faut du réseau une fois.',
};
