import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('fr');

export const today: Words['today'] = {
  today: 'Aujourd’hui',
  nextJob: 'Prochaine intervention',
  pageNotKept: 'Ce navigateur ne garde pas la page. Laissez-la ouverte, ou ouvrez Doorstep hors d’une fenêtre privée.',
  someOffline: (ready, all) =>
    `${many(ready, { other: '#' })} sur ${many(all, { one: '# intervention', other: '# interventions' })} disponibles hors réseau. Restez là où il y a du réseau jusqu’à ce que toutes le soient.`,
  allOffline: (all) =>
    many(all, {
      one: 'L’intervention est disponible hors réseau.',
      other: 'Les # interventions sont disponibles hors réseau.',
    }),
  keepOpen: (photos) => `Laissez cette page ouverte : ${photos}.`,
  keepOpenAbout: (photos, takes) => `Laissez cette page ouverte : ${photos}, environ ${takes}.`,
  overdue: (photos) =>
    `${many(photos, { one: '# photo attend', other: '# photos attendent' })} sur ce téléphone depuis avant-hier ou plus. Allez là où il y a du réseau et laissez cette page ouverte, ou prévenez le bureau.`,
  noAnswerYet: 'Vos interventions s’affichent ici dès que le serveur a répondu. Il faut du réseau une fois.',
  noJobs: 'Aucune intervention pour vous aujourd’hui. Dès que le bureau vous en donne une, elle s’affiche ici.',
  notOffline: 'Pas encore disponible hors réseau',
  moved: 'Déplacée ou annulée chez Amazon',
  addressAtAmazon: 'Adresse dans l’application d’Amazon',
  somebodyElses: 'Visite de quelqu’un d’autre',
  addressGone: 'L’adresse n’est plus sur ce téléphone',
  keptNothingSent: 'Gardé ici. Rien n’est encore envoyé à Amazon',
  closeAtAmazon: 'Clôturez cette intervention dans l’application d’Amazon',
  keptCloseAtAmazon: 'Gardé ici. Clôturez cette intervention dans l’application d’Amazon',
};
