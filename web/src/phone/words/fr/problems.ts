import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const problems: Words['problems'] = {
  told: {
    name_or_password_wrong: {
      title: 'Le nom et le mot de passe ne vont pas ensemble',
      detail: 'Vérifiez les deux et essayez encore. Les majuscules comptent.',
    },
    enrolment_needed: {
      title: 'Ce téléphone n’est pas encore inscrit',
      detail: 'Demandez un code au bureau et saisissez-le ici.',
    },
    code_wrong: {
      title: 'Ce code ne fonctionne pas',
      detail: 'Regardez-le à nouveau, ou demandez-en un autre au bureau : un code sert une fois, pendant 15 minutes.',
    },
    signed_out: { title: 'Vous êtes déconnecté', detail: 'Reconnectez-vous. Rien n’est perdu sur ce téléphone.' },
    phone_revoked: {
      title: 'Le bureau a retiré ce téléphone de sa liste',
      detail: 'Ce que vous avez enregistré est gardé et toujours envoyé. Demandez au bureau.',
    },
    unlock_wanted: {
      title: 'Ce téléphone doit d’abord être déverrouillé',
      detail: 'Déverrouillez-le avec le code PIN ou reconnectez-vous. Ce qui est enregistré reste.',
    },
    not_your_role: {
      title: 'Cela ne fait pas partie de votre rôle',
      detail: 'Connectez-vous avec un compte qui a ce rôle.',
    },
    no_such_visit: {
      title: 'Cette visite n’est pas sur votre liste',
      detail: 'Demandez au bureau à qui elle a été confiée. Ce que vous avez enregistré reste sur ce téléphone.',
    },
    visit_expired: {
      title: 'Le délai de conservation des données de cette visite est passé',
      detail: 'On ne peut plus rien y ajouter. Prévenez le bureau.',
    },
    photo_not_on_phone: {
      title: 'L’image n’est plus sur ce téléphone',
      detail: 'Le serveur ne l’a pas non plus. Retirez-la ici et reprenez-la.',
    },
    photo_empty: { title: 'La photo est vide', detail: 'Reprenez-la.' },
    photo_too_large: { title: 'La photo est trop grande pour Amazon', detail: 'Reprenez-la, plus petite.' },
    photo_not_jpeg_or_png: {
      title: 'Ce n’est pas une image JPEG ou PNG',
      detail: 'Reprenez-la avec l’appareil photo.',
    },
    photo_key_gone: { title: 'La photo est trop ancienne pour être ouverte', detail: 'Reprenez-la, ou prévenez le bureau.' },
    photo_does_not_open: {
      title: 'La photo ne s’ouvre pas ; elle est peut-être abîmée',
      detail: 'Reprenez-la, ou prévenez le bureau.',
    },
    photo_not_safe: {
      title: 'Le serveur n’a pas encore cette photo',
      detail: 'Remettez d’abord le fichier qui la contient.',
    },
    photo_damaged: { title: 'L’image est abîmée', detail: 'Reprenez-la.' },
    photo_too_many_pixels: { title: 'L’image a plus de pixels qu’une photo', detail: 'Reprenez-la, plus petite.' },
    photo_envelope_unknown: {
      title: 'Le serveur ne connaît pas l’emballage de cette photo',
      detail: 'Elle reste sur ce téléphone. Chargez l’application à nouveau, ou prévenez le bureau.',
    },
    not_a_bundle: {
      title: 'Ce fichier n’est pas le travail non envoyé d’un téléphone',
      detail: 'Choisissez un fichier enregistré par Doorstep, qui finit par .dsr.',
    },
    bundle_version_unknown: {
      title: 'Ce fichier est plus récent que le serveur',
      detail: 'Gardez-le et prévenez le bureau : il pourra être remis après une mise à jour.',
    },
    name_too_long: { title: 'Le nom est trop long', detail: 'Vérifiez-le et essayez encore.' },
    upload_differs: {
      title: 'Le serveur a une autre photo ici',
      detail: 'Elle reste sur ce téléphone ; prévenez le bureau.',
    },
    receipt_differs: {
      title: 'Le serveur a d’autres données pour cette photo',
      detail: 'Elle reste sur ce téléphone ; prévenez le bureau.',
    },
    sync_version_unknown: {
      title: 'Cette application est plus récente ou plus ancienne que le serveur',
      detail: 'Chargez l’application à nouveau. Ce qui est enregistré sur le téléphone y reste.',
    },
    too_large: { title: 'C’est plus que ne peut contenir un envoi', detail: 'Envoyez moins à la fois.' },
    internal: {
      title: 'Quelque chose s’est mal passé sur le serveur',
      detail: 'Essayez encore dans un instant. Ce qui est enregistré sur le téléphone y reste.',
    },
  },
  tooManyAttempts: 'Trop d’essais',
  waitMinutes: (n) => many(n, { one: 'Attendez # minute et essayez encore.', other: 'Attendez # minutes et essayez encore.' }),
  noConnection: 'Pas de connexion',
  noConnectionDetail: 'Le serveur n’a pas répondu. Essayez encore là où il y a du réseau.',
  didNotWork: 'Cela n’a pas fonctionné',
  didNotWorkDetail: 'Essayez encore. Ce qui est enregistré sur ce téléphone y reste.',
};
