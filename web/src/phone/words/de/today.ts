import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const today: Words['today'] = {
  today: 'Heute',
  nextJob: 'Nächster Auftrag',
  pageNotKept:
    'Dieser Browser behält die Seite nicht. Lassen Sie sie offen, oder öffnen Sie Doorstep außerhalb eines privaten Fensters.',
  someOffline: (ready, all) =>
    `${many(ready, { other: '#' })} von ${many(all, { one: '# Auftrag', other: '# Aufträgen' })} ohne Netz nutzbar. Bleiben Sie, wo es Netz gibt, bis es alle sind.`,
  allOffline: (all) =>
    many(all, { one: 'Der Auftrag ist ohne Netz nutzbar.', other: 'Alle # Aufträge sind ohne Netz nutzbar.' }),
  keepOpen: (photos) => `Lassen Sie die Seite offen: ${photos}.`,
  keepOpenAbout: (photos, takes) => `Lassen Sie die Seite offen: ${photos}, etwa ${takes}.`,
  overdue: (photos) =>
    `${many(photos, { one: '# Foto wartet', other: '# Fotos warten' })} seit vorgestern oder länger auf diesem Telefon. Gehen Sie dahin, wo es Netz gibt, und lassen Sie diese Seite offen, oder sagen Sie dem Büro Bescheid.`,
  noAnswerYet: 'Ihre Aufträge erscheinen hier, sobald der Server geantwortet hat. Dafür braucht es einmal Netz.',
  noJobs: 'Heute keine Aufträge für Sie. Sobald das Büro Ihnen einen gibt, erscheint er hier.',
  notOffline: 'Noch nicht ohne Netz nutzbar',
  moved: 'Bei Amazon verlegt oder storniert',
  addressAtAmazon: 'Adresse in Amazons eigener App',
  somebodyElses: 'Einsatz von jemand anderem',
  addressGone: 'Adresse nicht mehr auf diesem Telefon',
  keptNothingSent: 'Hier aufbewahrt. An Amazon wird noch nichts gesendet',
  closeAtAmazon: 'Schließen Sie diesen Auftrag in Amazons App',
  keptCloseAtAmazon: 'Hier aufbewahrt. Schließen Sie diesen Auftrag in Amazons App',
};
