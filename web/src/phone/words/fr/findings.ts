import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const findings: Words['findings'] = {
  rule: {
    job_closed: () => 'Amazon a clôturé cette intervention. Appelez le bureau avant de continuer',
    appointment_moved: () => 'Cette visite a été déplacée ou annulée chez Amazon. Appelez le bureau',
    job_vanished: () => 'Amazon n’affiche plus cette intervention. Appelez le bureau avant de continuer',
    moved_during_work: () => 'La visite a été déplacée après le début du travail. Le bureau décide si ce que vous avez enregistré compte',
    visit_reassigned: () => 'Amazon a confié cette visite à quelqu’un d’autre. Le bureau décide si ce que vous avez enregistré compte',
    product_not_arrived: () => 'Chez Amazon, le produit n’est pas encore indiqué comme livré',
    technician_unlinked: () => 'Le bureau ne vous a pas encore associé chez Amazon. Vous pouvez continuer ; le bureau le voit',
    step_missing: (place) => `${place} : non enregistré`,
    step_out_of_order: (place) => `${place} : enregistré avant l’étape précédente. Enregistrez à nouveau`,
    answer_missing: (place) => `Pas encore de réponse : ${place}`,
    answer_unacceptable: (place) => `Avec cette réponse, l’intervention reste ouverte : ${place}`,
    shot_missing: (place, amount) => `${many(amount, { one: '# photo', other: '# photos' })} à prendre : ${place}`,
    too_few_photos: (_, amount) => `Encore ${many(amount, { one: '# photo', other: '# photos' })} à prendre`,
    photo_too_large: (place) => `Une photo dépasse ce qu’Amazon accepte : ${place}. Retirez-la et reprenez-la`,
    photo_empty: (place) => `Une photo est vide : ${place}. Retirez-la et reprenez-la`,
    clock_off: (much) => `L’horloge de ce téléphone ${much}. Les heures sont corrigées d’après le serveur ; rien n’est perdu`,
    conflict: (place) => `Deux téléphones ont enregistré des valeurs différentes : ${place}. Les deux sont gardées ; vérifiez celle affichée`,
  },
  behind: (much) => `retarde de ${much}`,
  ahead: (much) => `avance de ${much}`,
  goodToKnow: (finding) => `Bon à savoir : ${finding}`,
  photos: 'photos',
};
