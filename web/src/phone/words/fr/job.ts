import type { Words } from '../en';

export const job: Words['job'] = {
  navigate: 'Itinéraire',
  call: 'Appeler',
  movedOrCancelled:
    'Cette visite a été déplacée ou annulée chez Amazon. Ce que vous avez enregistré est gardé. Appelez le bureau.',
  closed: (status) => `${status}. Ce que vous avez enregistré est gardé.`,
  imported:
    'Cette intervention vient d’un fichier ; Amazon ne l’a pas encore confirmée. Enregistrez la visite comme toujours : tout est gardé, et rien n’est envoyé à Amazon avant.',
  companion:
    'Cette intervention se clôture dans l’application d’Amazon. Ce que vous enregistrez ici est gardé comme preuve et n’est pas envoyé.',
  documentComing:
    'La clôture de cette intervention est encore en route vers ce téléphone. Vous pourrez enregistrer dès qu’elle est là ; il faut du réseau une fois.',
  notOffline: 'Cette intervention n’est pas encore disponible hors réseau. Restez là où il y a du réseau jusque-là.',
  notes: 'Remarques',
  notesFor: 'Pour le bureau ; Amazon ne les reçoit pas',
  gone: 'Cette intervention n’est plus sur ce téléphone. La liste d’aujourd’hui montre toutes celles qui y sont.',
};
