import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const standing: Words['standing'] = {
  notice: {
    cancelled: 'Auftrag bei Amazon storniert',
    called_off: 'Einsatz bei Amazon abgesagt',
    moved: 'Einsatz bei Amazon verlegt',
    reassigned: 'Einsatz bei Amazon jemand anderem gegeben',
    vanished: 'Auftrag wird von Amazon nicht mehr gezeigt',
    after_deadline: 'Liegt nach dem Ablauf der Kundendaten',
  },
  cancelled: (since) => `Dieser Auftrag wurde bei Amazon storniert. ${since} Was Sie erfasst haben, ist aufbewahrt.`,
  calledOff: (since) => `Dieser Einsatz wurde bei Amazon abgesagt. ${since} Was Sie erfasst haben, ist aufbewahrt.`,
  vanished: (since) =>
    `Amazon zeigt diesen Auftrag nicht mehr. ${since} Was Sie erfasst haben, ist aufbewahrt. Rufen Sie das Büro an.`,
  moved: (since) => `Dieser Einsatz wurde bei Amazon verlegt. ${since} Was Sie erfasst haben, ist aufbewahrt.`,
  movedFrom: (before, since) =>
    `Dieser Einsatz wurde bei Amazon verlegt. Er war ${before}. ${since} Was Sie erfasst haben, ist aufbewahrt.`,
  reassigned:
    'Amazon hat diesen Einsatz jemand anderem gegeben. Was Sie erfasst haben, ist aufbewahrt. Das Büro entscheidet, ob es zählt.',
  afterDeadline: 'Amazons Daten zu diesem Kunden sind hier abgelaufen. Name und Adresse stehen in Amazons eigener App.',
  knownSince: (time) => `Hier bekannt seit ${time}.`,
  delivered: 'Produkt geliefert',
  notComing: 'Ein Produkt wurde bei Amazon storniert und kommt nicht',
  notDelivered: 'Produkt noch nicht geliefert',
  expected: (day) => `Produkt noch nicht geliefert, erwartet ${day}`,
  siblings: (n, each) => `${many(n, { one: '# weiterer Auftrag', other: '# weitere Aufträge' })} dieser Bestellung: ${each}`,
  noTimeYet: 'noch ohne Termin',
};
