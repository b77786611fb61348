import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('de');

export const findings: Words['findings'] = {
  rule: {
    job_closed: () => 'Amazon hat diesen Auftrag geschlossen. Rufen Sie das Büro an, bevor Sie weiterarbeiten',
    appointment_moved: () => 'Dieser Einsatz wurde bei Amazon verlegt oder storniert. Rufen Sie das Büro an',
    job_vanished: () => 'Amazon zeigt diesen Auftrag nicht mehr. Rufen Sie das Büro an, bevor Sie weiterarbeiten',
    moved_during_work: () => 'Der Einsatz wurde nach Beginn der Arbeit verlegt. Das Büro entscheidet, ob das Erfasste zählt',
    visit_reassigned: () => 'Amazon hat diesen Einsatz jemand anderem gegeben. Das Büro entscheidet, ob das Erfasste zählt',
    product_not_arrived: () => 'Bei Amazon gilt das Produkt noch nicht als geliefert',
    technician_unlinked: () => 'Das Büro hat Sie bei Amazon noch nicht verknüpft. Sie können weitermachen; das Büro sieht es',
    step_missing: (place) => `${place} ist nicht erfasst`,
    step_out_of_order: (place) => `${place} wurde vor dem Schritt erfasst, auf den es folgt. Erfassen Sie es neu`,
    answer_missing: (place) => `Noch keine Antwort: ${place}`,
    answer_unacceptable: (place) => `Mit dieser Antwort bleibt der Auftrag offen: ${place}`,
    shot_missing: (place, amount) => `${many(amount, { one: '# Foto', other: '# Fotos' })} aufzunehmen: ${place}`,
    too_few_photos: (_, amount) => `${many(amount, { one: 'Noch # Foto', other: 'Noch # Fotos' })} aufzunehmen`,
    photo_too_large: (place) => `Ein Foto ist größer, als Amazon annimmt: ${place}. Entfernen Sie es und nehmen Sie es neu auf`,
    photo_empty: (place) => `Ein Foto hat keinen Inhalt: ${place}. Entfernen Sie es und nehmen Sie es neu auf`,
    clock_off: (much) => `Die Uhr dieses Telefons geht ${much}. Die Zeiten werden nach dem Server berichtigt; nichts geht verloren`,
    conflict: (place) => `Zwei Telefone haben Verschiedenes erfasst: ${place}. Beides ist aufbewahrt; prüfen Sie, was hier steht`,
  },
  behind: (much) => `${much} nach`,
  ahead: (much) => `${much} vor`,
  goodToKnow: (finding) => `Gut zu wissen: ${finding}`,
  photos: 'Fotos',
};
