import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('fr');
const list = listing('fr');

const things = (photos: number, answers: number) =>
  list([
    ...(photos > 0 ? [many(photos, { one: '# photo', other: '# photos' })] : []),
    ...(answers > 0 ? [many(answers, { one: '# réponse', other: '# réponses' })] : []),
  ]);

export const unsent: Words['unsent'] = {
  parked: { changes: 'Étapes et réponses', record: 'Une remarque ou un lieu', photo: 'Une photo' },
  giveUp: {
    recorded_again: 'C’est enregistré à nouveau',
    brought_otherwise: 'C’est arrivé autrement',
    not_needed: 'Ce n’est pas nécessaire',
  },
  things,
  waits: (photos, answers) =>
    `À envoyer depuis ce téléphone : ${things(photos, answers)}. L’envoi se fait même verrouillé, tant que cette page est ouverte.`,
  waitsSignedOut: (photos, answers) => `À envoyer depuis ce téléphone : ${things(photos, answers)}. Connectez-vous pour envoyer.`,
  overdue:
    'Une partie attend depuis avant-hier ou plus. Allez là où il y a du réseau et laissez cette page ouverte, ou prévenez le bureau.',
  notTaken: 'Non accepté par le serveur',
  notTakenWhy: 'Tout le reste continue. Ceci reste sur ce téléphone.',
  because: (reason) => `La raison : ${reason}.`,
  takeOut: 'Extraire dans un fichier',
  whyGo: 'Pourquoi peut-on l’abandonner ? Le bureau est prévenu ; ensuite cela quitte ce téléphone pour de bon.',
  keepIt: 'Garder',
  letGo: 'Abandonner',
  nothingGivenUp: 'Rien n’a été abandonné.',
  save: 'Enregistrer le travail non envoyé dans un fichier',
  saveWhy:
    'Pour le jour où ce téléphone ne peut pas envoyer. Seul le serveur peut lire le fichier : donnez-le au bureau ou à un autre téléphone.',
  nothingToSave: 'Rien n’attend ici qui puisse aller dans un fichier.',
  saved: 'Enregistré. Cela reste aussi sur ce téléphone, jusqu’à ce que le serveur l’ait.',
  fileNotMade: 'Le fichier n’a pas été créé. Essayez encore.',
  fromAnotherPhone: 'Travail d’un autre téléphone',
  deliver: 'Remettre le travail non envoyé d’un téléphone',
  deliverHow: 'Un fichier que Doorstep a enregistré sur un téléphone, se terminant par .dsr. Le remettre deux fois ne change rien.',
  delivering: 'Remise en cours',
  chooseFile: 'Choisir le fichier',
  fromPhone: (name) => `Du téléphone de ${name}`,
  fromFile: 'De ce fichier',
  delivered: (whose, what) => `${whose} : ${what}, remis.`,
  hereAlready: (whose, what) => `${whose} : ${what}, déjà ici.`,
  thingsNotTaken: (n, reason) => `${many(n, { one: '# élément non accepté', other: '# éléments non acceptés' })} : ${reason}.`,
  fileCut: 'Le fichier s’arrête au milieu. Ce qui précède est remis ; pour le reste, il faut le fichier entier.',
  fileEmpty: 'Il n’y a rien dans ce fichier.',
  reason: {
    tooOld: 'c’est trop ancien pour être ouvert : la clé de ce jour est détruite',
    damaged: 'cela ne s’ouvre pas ; c’est peut-être abîmé',
    appNewer: 'l’application du téléphone est plus récente que le serveur',
    unknownPhone: 'ce serveur ne connaît pas le téléphone d’origine',
    notYours: 'la visite n’a jamais été à ce technicien ; ce qui pouvait être mis de côté l’est',
    noVisit: 'le serveur n’a pas cette visite',
    othersVisit: 'la visite n’est pas à ce technicien',
    visitExpired: 'le délai de conservation des données de cette visite est passé',
    pictureDamaged: 'l’image est abîmée',
    notAPicture: 'ce n’est pas une image JPEG ou PNG',
    pictureGone: 'son image n’est plus sur ce téléphone',
    tooLong: 'c’est trop long',
    full: 'il n’y a plus de place dans la clôture de cette visite',
    incomplete: 'il manque quelque chose d’enregistré avant',
    other: (code) => `le serveur ne l’a pas accepté (${code})`,
  },
};
