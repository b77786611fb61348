import type { Words } from '../en';

export const steps: Words['steps'] = {
  step: { on_my_way: 'En route', arrived: 'Arrivée', started: 'Début', finished: 'Fin' },
  answer: { yes: 'Oui', no: 'Non', not_applicable: 'Sans objet' },
  steps: 'Étapes',
  proof: 'Preuves',
  done: 'Fait',
  show: 'Afficher',
  recordAgain: (step) => `${step} : enregistrer à nouveau`,
  now: (step) => `${step} : enregistrer maintenant`,
  backToToday: 'Retour à aujourd’hui',
  startWithoutProduct: 'Produit non livré : commencer quand même',
  finishForAll: (names) => `Encore au travail : ${names}. Finir pour tous`,
  takePhotoOf: (shot) => `Prendre la photo : ${shot}`,
  next: (place) => `Ensuite : ${place}`,
  seeWhatChanged: 'Voir ce qu’Amazon a changé',
  notStarted: 'Pas commencé',
  keepsOpen: 'Avec cette réponse, l’intervention reste ouverte. Corrigez, ou écrivez une remarque et appelez le bureau.',
};
